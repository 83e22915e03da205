"""What a call owes to people: who is paged when, and when that stops. How is in `bot.domain.steps`.

Its tier is paged at once, and again each response time, until somebody answers or it is called off. Each
repeat tells whoever called that nobody has answered: there is nobody else to try.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.call import Call, CallState
from bot.domain.errors import StaleError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened, Owed, PagesResolved, TimersStopped
from bot.domain.path import BusinessTime, Path, Rung
from bot.domain.steps import Steps, start, take_due
from bot.domain.text import duration

ASKED_LASTS = timedelta(minutes=15)
"""How long a question whether to page somebody can be answered with yes: its reason may be over later."""

USUAL_RESPONSE = timedelta(minutes=15)
"""How long a tier has where the guide's own P0 waits for business time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """The decision of one use case about a call."""

    call: Call
    happened: tuple[Happened, ...] = ()
    owed: tuple[Owed, ...] = ()


def call_path(tier: str, title: str, response: timedelta | None) -> Path:
    """One rung that is repeated for as long as nobody answers. `response` is P0's of the guide."""
    rungs = (Rung(tier=tier, title=title),)
    return Path(rungs=rungs, response=response or USUAL_RESPONSE, pages=True, repeats=True)


def check_asked(asked: datetime, now: datetime, line: str) -> None:
    """Refuse to page by a question of long ago. `line` would ask it again. Raises StaleError."""
    if now - asked <= ASKED_LASTS:
        return
    again = f"/page {line}".replace("`", "'")
    raise StaleError(
        f"Nobody was paged: that was asked {duration(now - asked)} ago. "
        f"If it is still so, send it again: `{again}`"
    )


def begin(call: Call, now: datetime, business: BusinessTime) -> CallOutcome:
    """Page the tier at once."""
    data: EventData = {"tier": call.tier, "title": call.tier_title, "reason": call.reason}
    called = Happened(kind=EventKind.CALLED, data=data)
    return _walked(call, start(call.path, now, business), called)


def answer(call: Call, by: Actor, now: datetime) -> CallOutcome:
    """Somebody comes: what was sent is ended, and whoever called learns who. Raises AlreadyError."""
    caller = () if by.id == call.called_by.id else (call.called_by.id,)
    told = Happened(kind=EventKind.ACKNOWLEDGED, told=True, notify_people=caller)
    return _over(call.closed(CallState.ANSWERED, by, now), told)


def call_off(call: Call, by: Actor, now: datetime) -> CallOutcome:
    """Nobody needs to come any more. Raises AlreadyError."""
    told = Happened(kind=EventKind.CALLED_OFF, told=True)
    return _over(call.closed(CallState.CALLED_OFF, by, now), told)


def step_due(
    call: Call, step: int, due: datetime, now: datetime, business: BusinessTime
) -> CallOutcome | None:
    """Page again. None where that is not owed any more."""
    if not call.waits or step != call.next_step:
        return None
    return _walked(call, take_due(call.path, step, due, now, business))


def _over(call: Call, told: Happened) -> CallOutcome:
    return CallOutcome(
        call=call, happened=(told,), owed=(TimersStopped(), PagesResolved(before=call.epoch + 1))
    )


def _walked(call: Call, steps: Steps, *before: Happened) -> CallOutcome:
    return CallOutcome(
        call=call.stepped(steps.next_step),
        happened=(*before, *_told_to_the_caller(call, steps.happened)),
        owed=steps.owed,
    )


def _told_to_the_caller(call: Call, happened: Iterable[Happened]) -> Iterator[Happened]:
    """A repeat says all that there is to say: that everybody on the path was tried is no news of one tier."""
    for one in happened:
        if one.kind is EventKind.PAGED and one.told:
            yield replace(one, notify_people=(call.called_by.id,))
        elif one.kind is not EventKind.EXHAUSTED:
            yield one
