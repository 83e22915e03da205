"""What must hold within what a guide says of changes, and between that and the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time
from ipaddress import ip_address
from itertools import combinations
from urllib.parse import urlsplit

from bot.domain.change_policy import Phase
from bot.domain.slo.objective import PLATFORM
from bot.guide import words
from bot.guide.change_sections import ChangesPart, ChangeTypePart
from bot.guide.document import Document
from bot.guide.finding import Finding
from bot.guide.service_sections import ServicePart

CHANGE_WORDS = frozenset(
    {
        *("request", "new", "list", "show", "edit", "gate", "mine", "help"),
        *("approve", "reject", "next", "test", "start", "override", "done", "rollback", "roll", "cancel"),
        *("testing", "deployed", "validate"),
        *("note", "calendar", "freeze", "unfreeze"),
    }
)
"""What a line of `/change` may begin with for something else than a type or a service."""

LISTED = frozenset({"all", "open", PLATFORM})
"""What its words take for something else than a type."""

_PHASES = ("changes", "phases")
_NUMBERED = re.compile(r"(?:ch|[acwf])?[0-9]+")
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES


def each_phase_once(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """The five phases of a change's life, each once and in their order."""
    seen: list[Phase] = []
    for index, part in enumerate(changes.phases):
        place = (*_PHASES, index, "key")
        if part.key in seen:
            yield document.error(place, f'two phases have the key "{part.key}"')
        elif seen and list(Phase).index(part.key) < list(Phase).index(seen[-1]):
            yield document.error(place, f'"{part.key}" comes before "{seen[-1]}" in a change\'s life')
        seen.append(part.key)
    missing = [phase.value for phase in Phase if phase not in seen]
    if missing:
        yield document.error(_PHASES, f"a change goes through five phases; missing: {', '.join(missing)}")


def types_nameable(
    document: Document, changes: ChangesPart, services: Mapping[str, ServicePart]
) -> Iterator[Finding]:
    """No type is called as something else that a line of the command may name."""
    for key in changes.types:
        if key in CHANGE_WORDS | LISTED:
            why = "is a word of /change"
        elif _NUMBERED.fullmatch(key):
            why = "reads as the number of a change, or of something else"
        elif key in services:
            why = "is a service, too"
        else:
            continue
        text = f'"{key}" {why}: a type of change needs another key'
        yield document.error(("changes", "types", key), text, of_key=True)


def types_told_apart(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """Each type has a title of its own."""
    seen: dict[str, str] = {}
    for key, part in changes.types.items():
        title = part.title.casefold()
        if title in seen:
            text = f'"{seen[title]}" and "{key}" have one title, "{part.title}": nobody could tell them apart'
            yield document.error(("changes", "types", key, "title"), text)
        seen.setdefault(title, key)


def starts_unapproved(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """A hint where nobody has to be for a change."""
    for key, part in changes.types.items():
        if part.approvals == 0:
            text = f'a change of the type "{key}" starts without approval: nobody else has seen it'
            yield document.warning(("changes", "types", key, "approvals"), text)


def windows_apart(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """A window of a type that is there twice, or that another one runs into, is rather a slip."""
    for key, part in changes.types.items():
        for (before, earlier), (index, later) in combinations(enumerate(_minutes(part)), 2):
            shared = {
                start // _DAY_MINUTES for start, end in later for other in earlier if _meet(start, end, other)
            }
            if shared:
                place = ("changes", "types", key, "windows", index)
                line = document.position((*place[:-1], before)).line
                days = ", ".join(words.WEEKDAYS[day] for day in sorted(shared))
                same = "is there already" if earlier == later else "overlaps with another one"
                yield document.warning(place, f"this window {same}, on line {line}: {days}")


def _minutes(part: ChangeTypePart) -> list[list[tuple[int, int]]]:
    """For each entry of a type's windows when in the week it opens and closes, day by day."""
    return [
        [
            (day * _DAY_MINUTES + _minute(window.opens), day * _DAY_MINUTES + _minute(window.opens) + length)
            for day in sorted(window.days)
        ]
        for window in part.windows
        for length in [(_minute(window.closes) - _minute(window.opens)) % _DAY_MINUTES]
    ]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _meet(start: int, end: int, other: tuple[int, int]) -> bool:
    """Whether two windows share a minute; what is open over Sunday's midnight goes on on Monday."""
    return any(
        start < other[1] + shift and other[0] + shift < end for shift in (-_WEEK_MINUTES, 0, _WEEK_MINUTES)
    )


def webhooks_private(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """What is sent to a webhook is read by nobody on the way, and its address holds no secret."""
    for key, part in changes.webhooks.items():
        place = ("changes", "webhooks", key, "url")
        try:
            address = urlsplit(part.url)
            host = address.hostname or ""
        except ValueError:
            yield document.error(place, "this is no address that can be asked")
            continue
        if "@" in address.netloc:
            text = (
                "an address with a name or password in it: who reads the guide reads it; a webhook is asked"
            )
            yield document.error(place, f"{text} by signed posts instead, with OPSBOT_WEBHOOK_SECRET_<KEY>")
        elif address.scheme == "http" and not _is_loopback(host):
            text = f'"{host}" would be asked without encryption: https://, or http:// to this machine alone'
            yield document.error(place, text)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def webhooks_used(
    document: Document, changes: ChangesPart, services: Mapping[str, ServicePart]
) -> Iterator[Finding]:
    """A webhook takes changes of some service back."""
    used = {service.rollback for service in services.values()}
    for key in changes.webhooks:
        if key not in used:
            text = (
                f'no service names the webhook "{key}": write "rollback: {key}" where it takes changes back'
            )
            yield document.warning(("changes", "webhooks", key), text, of_key=True)
