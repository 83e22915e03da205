"""The words of `/change` about its calendar: what stands on it, windows, and freezes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.changes.span import SpanKind
from bot.domain.changes.when import begins_like_a_time
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.nearest import nearest
from bot.domain.slo.objective import PLATFORM
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.change_numbers import (
    Hear,
    Heard,
    listed,
    service_and_text,
    service_named,
    services_of,
    type_and_text,
    types_of,
    unknown_name,
)
from handlers.words.said import HIGHEST_NUMBER, first

_MONTH = re.compile(r"(2[0-9]{3})-(0?[1-9]|1[0-2])", re.ASCII)
_LIKE_A_MONTH = re.compile(r"[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2})?", re.ASCII)
_SPAN = re.compile(r"#?([wf]?)([0-9]+)[:,.]*", re.ASCII | re.IGNORECASE)
_EARLY = ("add", "remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCalendar:
    """What stands on the days ahead, or in a month (its year and number); of a service (a key), or of all."""

    service: str | None = None
    month: tuple[int, int] | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        month = f"{self.month[0]:04}-{self.month[1]:02}" if self.month else None
        return " ".join(part for part in ("calendar", self.service, month) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSpan:
    """Put a window or a freeze on it. `said` is when, and what for, as it was typed; without it by a form.

    `change_kind` and `service` are keys of the guide.
    """

    kind: SpanKind
    said: str = ""
    change_kind: str | None = None
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        verb = "freeze" if self.kind is SpanKind.FREEZE else "calendar add"
        return " ".join(part for part in (verb, self.change_kind, self.service, escaped(self.said)) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSpan:
    """Take one off it, or lift a freeze; no number: the only one. `said` is what its number was called."""

    kind: SpanKind
    number: int | None = None
    said: SpanKind | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        verb = "unfreeze" if self.kind is SpanKind.FREEZE else "calendar remove"
        letter = {None: "", SpanKind.FREEZE: "F", SpanKind.WINDOW: "W"}[self.said]
        return verb if self.number is None else f"{verb} {letter}{self.number}"


def calendar(heard: Heard) -> Command:
    """`calendar`, `calendar payment`, `calendar 2026-12`, `calendar add …`, `calendar remove W3`."""
    word, rest = first(heard.rest)
    verb = _VERBS.get(word.lower())
    if verb is not None:
        return verb(replace(heard, rest=rest))
    return _show(heard)


def freeze(heard: Heard) -> Command:
    """`freeze payment until fri 18:00 why`, `freeze for 4h why`, `freeze`. Raises NotFoundError."""
    service, said = _of_service(heard)
    if said and not begins_like_a_time(said):
        raise _unknown(said, services_of(heard), "service")
    return AddSpan(kind=SpanKind.FREEZE, said=said, service=service)


def unfreeze(heard: Heard) -> Command:
    """`unfreeze F4`, `unfreeze`. Raises InvalidError and NotFoundError."""
    return _removed(heard, SpanKind.FREEZE)


def _add(heard: Heard) -> Command:
    kind, said = type_and_text(heard)
    service, said = _of_service(replace(heard, rest=said))
    if kind is None:
        kind, said = type_and_text(replace(heard, rest=said))
    if said and not begins_like_a_time(said):
        known = {**({} if kind else types_of(heard)), **({} if service else services_of(heard))}
        raise _unknown(said, known, "service" if kind else "type of change")
    return AddSpan(kind=SpanKind.WINDOW, said=said, change_kind=kind, service=service)


def _remove(heard: Heard) -> Command:
    return _removed(heard, SpanKind.WINDOW)


def _removed(heard: Heard, kind: SpanKind) -> Command:
    if not heard.rest:
        return RemoveSpan(kind=kind)
    match = _SPAN.fullmatch(heard.rest)
    example = "unfreeze F4" if kind is SpanKind.FREEZE else "calendar remove W3"
    if match is None:
        shown = clean(heard.rest, 40).replace("`", "'")
        raise InvalidError(f"“{shown}” names nothing on the calendar. `{example}`; `calendar` shows what is.")
    digits = match[2].lstrip("0") or "0"
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits) > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no number {digits[:12]}… on the calendar: it is too big.")
    said = {"": None, "w": SpanKind.WINDOW, "f": SpanKind.FREEZE}[match[1].lower()]
    return RemoveSpan(kind=kind, number=int(digits), said=said)


def _show(heard: Heard) -> Command:
    service, rest = _of_service(heard)
    word, more = first(rest)
    month = _MONTH.fullmatch(word)
    if month is not None:
        if service is None:
            service, more = _of_service(replace(heard, rest=more))
        rest = more
    elif _LIKE_A_MONTH.fullmatch(word):
        raise InvalidError(
            f"`{word}` is no month that there is. `calendar 2026-12` shows one, by year and number."
        )
    if rest:
        service = _named(rest, heard)
    return ShowCalendar(service=service, month=(int(month[1]), int(month[2])) if month else None)


def _named(name: str, heard: Heard) -> str | None:
    """A service by how its name begins. Raises NotFoundError, which names the nearest word, too."""
    verb = nearest(first(name)[0], _EARLY)
    if verb is not None and not name.lower().startswith(verb):
        shown = clean(name, 40).replace("`", "'")
        raise NotFoundError(f"`calendar {shown}` means nothing. Did you mean `calendar {verb}`?")
    return _of_all(service_named(name, heard))


def _of_service(heard: Heard) -> tuple[str | None, str]:
    """The service that a text begins with, None for all of them, and what follows."""
    service, rest = service_and_text(heard)
    return _of_all(service), rest


def _of_all(service: str | None) -> str | None:
    return None if service == PLATFORM else service


def _unknown(said: str, known: Mapping[str, str], what: str) -> NotFoundError:
    """Why a line that begins neither with a name nor with a time means nothing."""
    word = first(said)[0]
    if nearest(word, [*known, *known.values()]) is None:
        shown = clean(word, 40).replace("`", "'")
        return NotFoundError(
            f"“{shown}” is no time, and no {what}. Begin with when: `2026-12-05 22:00 for 4h`, "
            f"`until fri 18:00`. The guide has: {listed(known)}."
        )
    error = unknown_name(word, known, what)
    return NotFoundError(f"{error} Or begin with when: `2026-12-05 22:00 for 4h`, `until fri 18:00`.")


_VERBS: Mapping[str, Hear] = {
    "add": _add,
    "window": _add,
    "remove": _remove,
    "delete": _remove,
    "freeze": freeze,
    "unfreeze": unfreeze,
    "show": _show,
}

WORDS: Mapping[str, Hear] = {"calendar": calendar, "freeze": freeze, "unfreeze": unfreeze}
