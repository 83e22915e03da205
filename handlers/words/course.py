"""The words by which an incident takes its course."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import InvalidError
from handlers.lines import (
    NOBODY,
    Acknowledge,
    ChangeSeverity,
    Command,
    Escalate,
    GiveRole,
    Reopen,
    TakeTurn,
    Turn,
    Update,
)
from handlers.words.said import SEVERITY, Read, Said, first, number_and_text, number_of, numbered, severity_of


def _severity(said: Said) -> Command:
    words = said.rest.split()
    given = [match[1] for word in words if (match := SEVERITY.fullmatch(word)) and not match[2]]
    numbers = [number for word in words if (number := number_of(word)) is not None]
    if len(given) != 1 or len(numbers) > 1 or len(words) != len(given) + len(numbers):
        raise InvalidError("Which severity? `sev p1`, or `sev 42 p1` where several incidents are open.")
    return ChangeSeverity(number=numbers[0] if numbers else None, severity=severity_of(given[0]))


def _update(said: Said) -> Command:
    number, text = number_and_text(said.rest)
    if not text:
        raise InvalidError("An update needs a text: `update 42 rolled back, error rate falling`.")
    return Update(number=number, text=text)


def _role(said: Said) -> Command:
    """`role commander`, `role 42 commander @lee`, `role 42 commander nobody`."""
    number, words = number_and_text(said.rest)
    role, whom = first(words)
    if not role or (whom and whom != NOBODY and len(said.people) != 1):
        raise InvalidError(
            "Which role, and whose? `role commander` takes it, `role 42 commander @lee` gives it to Lee, "
            f"`role 42 commander {NOBODY}` gives it up."
        )
    to = said.people[0] if whom and whom != NOBODY else None
    return GiveRole(number=number, role=role.lower(), to=to, nobody=whom == NOBODY)


def _turn(turn: Turn) -> Read:
    def read(said: Said) -> Command:
        number, text = number_and_text(said.rest)
        return TakeTurn(turn=turn, number=number, text=text or None)

    return read


WORDS: Mapping[str, Read] = {
    "ack": numbered("ack", lambda number: Acknowledge(number=number)),
    "acknowledge": numbered("acknowledge", lambda number: Acknowledge(number=number)),
    "sev": _severity,
    "severity": _severity,
    "escalate": numbered("escalate", lambda number: Escalate(number=number)),
    "update": _update,
    "mitigate": _turn(Turn.MITIGATE),
    "resolve": _turn(Turn.RESOLVE),
    "close": _turn(Turn.RESOLVE),
    "cancel": _turn(Turn.CANCEL),
    "reopen": numbered("reopen", lambda number: Reopen(number=number)),
    "role": _role,
}
