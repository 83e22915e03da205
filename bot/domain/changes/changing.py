"""What the verbs of a change have in common: what they return, and how a change passes from phase to phase.

The verbs are pure: `planning` (asked for, edited), `approving`, `carrying` (tested, started, validated, taken
back) and `lapsing` (what time does). Each raises AlreadyError for what is so already, and InvalidError or
ForbiddenError for what cannot be, in words for the one who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.change import Change, ChangeState, PhaseRun
from bot.domain.errors import InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.text import UPDATE_LIMIT, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The change as it is now, and what happened."""

    change: Change
    happened: tuple[Happened, ...]


def said(text: str | None) -> str | None:
    """What somebody adds, on one line; None where that is nothing."""
    return clean(text or "", UPDATE_LIMIT) or None


def required(text: str | None, asked: str) -> str:
    """The text on one line. Raises InvalidError, which asks for it, where there is none."""
    given = said(text)
    if given is None:
        raise InvalidError(asked)
    return given


def enter(change: Change, state: ChangeState, phase: Phase | None, act: Act, note: str | None) -> Change:
    """The change in its next state. The phase that it was in ends with a note, and `phase` begins."""
    ended = tuple(_ended(one, act, note) if one.ended is None else one for one in change.phases)
    begun = () if phase is None else (PhaseRun(phase=phase, began=act.now, by=act.by),)
    return replace(change, state=state, phases=(*ended, *begun))


def end(change: Change, state: ChangeState, act: Act, *, note: str | None, reason: str | None) -> Change:
    """The change, over."""
    over = enter(change, state, None, act, note)
    return replace(over, closed=act.now, closed_by=act.by, reason=reason)


def told(
    kind: EventKind,
    data: EventData,
    act: Act,
    *,
    loud: bool = False,
    notify: tuple[Actor | None, ...] = (),
) -> Happened:
    """An entry that the thread is told. Nobody is mentioned for what they do themselves."""
    people = dict.fromkeys(one.id for one in notify if one is not None and one.id != act.by.id)
    return Happened(kind=kind, data=data, actor=act.by, told=True, notify_people=tuple(people), loud=loud)


def planner(change: Change) -> Actor:
    """Whose plan it is as it stands: who asked for it, or has edited it last."""
    planned = change.run_of(Phase.PLANNING)
    return planned.by if planned else change.requested_by


def _ended(run: PhaseRun, act: Act, note: str | None) -> PhaseRun:
    return replace(run, ended=act.now, ended_by=act.by, note=note)
