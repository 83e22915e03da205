"""The words of `/change` that look and change nothing, and those that open its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.changes.board import Which
from bot.domain.errors import InvalidError
from bot.domain.nearest import nearest
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.change_numbers import (
    Hear,
    Heard,
    change_number,
    line_about,
    listed,
    service_and_text,
    service_named,
    services_of,
    type_and_text,
    types_of,
    unknown_name,
)
from handlers.words.said import first


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChange:
    """Ask for one, by a form. `kind` and `service` are the guide's keys, PLATFORM all services."""

    kind: str | None = None
    service: str | None = None
    title: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        said = " ".join(part for part in ("request", self.kind, self.service) if part)
        return f"{said}: {escaped(self.title)}" if self.title else said


@dataclass(frozen=True, slots=True, kw_only=True)
class EditChange:
    """Change its plan, by a form. Here and below: `number` None is that of the thread, or the only one."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("edit", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What there is; of a service (a key, or PLATFORM), or of all."""

    which: Which = Which.OPEN
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return " ".join(part for part in ("list", self.which.value, self.service) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowChange:
    """One change, with its plan."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("show", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskChangeGate:
    """Whether a service may be changed now by a type of change, or this change started.

    Without a service and a number it is about the change of the thread, or the only one.
    """

    service: str | None = None
    kind: str | None = None
    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        number = f"CH{self.number}" if self.number is not None else None
        return " ".join(part for part in ("gate", number, self.service, self.kind) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def request(heard: Heard) -> Command:
    """`request`, `request major`, `request standard payment: New checkout`. Raises NotFoundError."""
    names, _, title = heard.rest.partition(":")
    kind, service, rest = _names(_with(heard, names.strip()))
    if not rest:
        return RequestChange(kind=kind, service=service, title=title.strip())
    missing = "service" if kind else "type" if service else "type or service"
    known = {**({} if kind else types_of(heard)), **({} if service else services_of(heard))}
    word = first(rest)[0]  # the type that was mistyped, before a service that was not
    near = nearest(word, [*known, *known.values()])
    raise unknown_name(word if near else rest, known, missing)


def show(heard: Heard) -> Command:
    """`show CH12`, `show 12`, or nothing. Raises InvalidError and NotFoundError."""
    return ShowChange(number=_only_a_number("show", heard))


def edit(heard: Heard) -> Command:
    """`edit CH12`. Raises InvalidError and NotFoundError."""
    return EditChange(number=_only_a_number("edit", heard))


def listing(heard: Heard) -> Command:
    """`list`, `list mine`, `list payment`, `list all payment`. Raises NotFoundError."""
    word, rest = first(heard.rest)
    which = Which(word.lower()) if word.lower() in set(Which) else None
    if which is None:
        rest = heard.rest
    if not rest:
        return ListChanges(which=which or Which.OPEN)
    told = _with(heard, rest)
    service, more = service_and_text(told)
    if service is None:
        service, more = service_named(_one_of(rest, heard), told), ""
    if which is None and more.lower() in set(Which):
        which, more = Which(more.lower()), ""
    if more:
        raise InvalidError(f"`list` takes one of `open`, `mine`, `all` and a service: `list all {service}`.")
    return ListChanges(which=which or Which.OPEN, service=service)


def ask_gate(heard: Heard) -> Command:
    """`gate payment`, `gate payment major`, `gate CH12`, or nothing. Raises NotFoundError."""
    if not heard.rest:
        return AskChangeGate()
    number = change_number(first(heard.rest)[0])
    if number is not None:
        if first(heard.rest)[1]:
            raise InvalidError(f"`gate` takes a change, or a service and a type: `gate CH{number}`.")
        return AskChangeGate(number=number)
    kind, service, rest = _names(heard)
    if rest:
        if service is not None:
            raise unknown_name(rest, types_of(heard), "type of change")
        raise unknown_name(rest, services_of(heard), "service")
    if service is None:
        names = listed(services_of(heard))
        raise InvalidError(f"May which service be changed? `gate payment {kind}`. The guide has: {names}.")
    return AskChangeGate(service=service, kind=kind)


def alone(verb: str, command: Command) -> Hear:
    """Read a command that takes nothing."""

    def hear(heard: Heard) -> Command:
        if heard.rest:
            raise InvalidError(f"`{verb}` stands alone.")
        return command

    return hear


def _names(heard: Heard) -> tuple[str | None, str | None, str]:
    """The type and the service that a text begins with, in either order, and the rest."""
    kind, rest = type_and_text(heard)
    service, rest = service_and_text(_with(heard, rest))
    if kind is None:
        kind, rest = type_and_text(_with(heard, rest))
    return kind, service, rest


def _with(heard: Heard, rest: str) -> Heard:
    return replace(heard, rest=rest)


def _one_of(rest: str, heard: Heard) -> str:
    """A name that was typed; where it is near to one of the lists', that is said. Raises NotFoundError."""
    word = first(rest)[0].lower()
    if any(one.startswith(word) for one in Which) and len(word) > 1 and rest.lower() == word:
        raise unknown_name(rest, {one.value: "" for one in Which} | dict(services_of(heard)), "list")
    return rest


def _only_a_number(verb: str, heard: Heard) -> int | None:
    if not heard.rest:
        return None
    word, more = first(heard.rest)
    number = change_number(word)
    if number is None or more:
        shown = clean(heard.rest, 40).replace("`", "'")
        raise InvalidError(f"“{shown}” names no change. `{verb} CH12`; `list` has what is open.")
    return number


WORDS: Mapping[str, Hear] = {
    "request": request,
    "new": request,
    "list": listing,
    "show": show,
    "edit": edit,
    "gate": ask_gate,
    "mine": alone("mine", ListChanges(which=Which.MINE)),
    "help": lambda _heard: ChangeHelp(),
}
