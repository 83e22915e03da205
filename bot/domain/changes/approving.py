"""Somebody is for a change, or against it. Who may is the caller's to know, but for one's own plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.act import Act
from bot.domain.change_policy import ChangePolicy, Phase
from bot.domain.changes.change import AHEAD, Approval, Change, ChangeState
from bot.domain.changes.changing import Changed, end, planner, required, said, told
from bot.domain.changes.standing import as_it_is, how_it_stands
from bot.domain.errors import AlreadyError, ForbiddenError, InvalidError, StaleError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened

JUST_EDITED = timedelta(seconds=30)
"""So long after an edit nobody approves by a word who may have read the plan before."""


def approve(change: Change, note: str | None, act: Act, policy: ChangePolicy, *, seen: bool) -> Changed:
    """One more is for the plan as it is. The last one that it needs approves the change.

    `seen` says that it was the plan of this revision that they have read.
    """
    _check_may_approve(change, act)
    _check_awaited(change, act)
    planned = change.run_of(Phase.PLANNING)
    edited = change.revision > 1 and planned is not None and act.now - planned.began < JUST_EDITED
    if edited and not seen:
        raise StaleError(
            f"{change.label} has just been edited by {planner(change).name}. "
            "Read its card; the button there approves the plan as it is now."
        )
    given = Approval(
        by=act.by,
        at=act.now,
        revision=change.revision,
        expires=act.now + policy.approvals_last,
        note=said(note),
    )
    approved = replace(change, approvals=(*change.approvals, given))
    count = len(approved.counting(act.now))
    data: EventData = {"count": count, "needs": change.needs, "note": given.note}
    if count < change.needs:
        happened = Happened(kind=EventKind.CHANGE_APPROVED, data=data, actor=act.by)
        return Changed(change=approved, happened=(happened,))
    happened = told(EventKind.CHANGE_APPROVED, data, act, notify=(change.requested_by,))
    return Changed(change=replace(approved, state=_state_of(approved)), happened=(happened,))


def reject(change: Change, why: str, act: Act) -> Changed:
    """It is not to be done, for a reason. Also by who was for it, until it is started."""
    if change.state not in AHEAD:
        raise _too_late(change, act)
    reason = required(why, f"Why? `reject {change.label} the rollback plan does not cover the queue`.")
    rejected = end(change, ChangeState.REJECTED, act, note=None, reason=reason)
    happened = told(
        EventKind.CHANGE_REJECTED, {"reason": reason}, act, notify=(change.requested_by, planner(change))
    )
    return Changed(change=rejected, happened=(happened,))


def _state_of(change: Change) -> ChangeState:
    """Where it goes on once it is approved: what was tested is tested, where only approvals had expired."""
    testing = change.phase is not None and change.phase.phase is Phase.TESTING
    return ChangeState.TESTING if testing else ChangeState.APPROVED


def _check_may_approve(change: Change, act: Act) -> None:
    if change.requested_by.id == act.by.id:
        raise ForbiddenError(f"{change.label} is your own: somebody else has to approve it.")
    if act.by.id in {one.id for one in change.authors}:
        raise ForbiddenError(
            f"You have edited {change.label}'s plan: it is yours, too: somebody else has to approve it."
        )


def _check_awaited(change: Change, act: Act) -> None:
    """Raise where no approval is waited for, or not theirs."""
    if change.state not in AHEAD:
        raise _too_late(change, act)
    given = next((one for one in change.counting(act.now) if one.by.id == act.by.id), None)
    if given is not None:
        raise AlreadyError(
            f"You have approved {change.label} already, {act.clock(given.at)}. {how_it_stands(change, act)}"
        )
    if change.is_approved(act.now):
        raise AlreadyError(f"Nothing to do: {how_it_stands(change, act)}")


def _too_late(change: Change, act: Act) -> AlreadyError | InvalidError:
    if change.is_running:
        return InvalidError(f"It is too late for that: {as_it_is(change, act)}")
    return AlreadyError(f"Nothing to do: {how_it_stands(change, act)}")
