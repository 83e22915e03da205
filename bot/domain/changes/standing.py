"""How a change stands, and what may be done with it now, in words for whoever wanted something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.change import AHEAD, Change, ChangeState


def lacking(change: Change, now: datetime) -> int:
    """How many approvals it lacks."""
    return max(0, change.needs - len(change.counting(now)))


def approvals(count: int) -> str:
    """`1 approval`, `2 approvals`."""
    return f"{count} approval{'s' if count != 1 else ''}"


def how_it_stands(change: Change, act: Act) -> str:
    """How far it is, as a sentence."""
    return f"{change.label} {_IS[change.state](change, act)}."


def what_is_right(change: Change, act: Act) -> str:
    """What may be done with it now, as a sentence; empty where nothing is."""
    waits = change.state in AHEAD and not change.is_approved(act.now)
    return _RIGHT[ChangeState.REQUESTED if waits else change.state].format(it=change.label)


def as_it_is(change: Change, act: Act) -> str:
    """Both."""
    return f"{how_it_stands(change, act)} {what_is_right(change, act)}".strip()


def _waits(change: Change, act: Act) -> str:
    return f"lacks {approvals(lacking(change, act.now))}"


def _approved(change: Change, act: Act) -> str:
    if lacking(change, act.now):
        return f"lacks {approvals(lacking(change, act.now))}: earlier ones have expired"
    by = ", ".join("you" if one.by.id == act.by.id else one.by.name for one in change.counting(act.now))
    return f"is approved by {by}" if by else "needs no approval"


def _testing(change: Change, act: Act) -> str:
    tested = _in(Phase.TESTING, "is being tested")(change, act)
    if lacking(change, act.now):
        return f"{tested}, and {_waits(change, act)}: earlier ones have expired"
    return tested


def _in(phase: Phase, words: str) -> Callable[[Change, Act], str]:
    def say(change: Change, act: Act) -> str:
        run = change.run_of(phase)
        return f"{words}{_since(run.by, act)} since {act.clock(run.began)}" if run else words

    return say


def _since(by: Actor, act: Act) -> str:
    return " by you" if by.id == act.by.id else f" by {by.name}"


def _over(words: str) -> Callable[[Change, Act], str]:
    def say(change: Change, act: Act) -> str:
        by = _since(change.closed_by, act) if change.closed_by else ""
        at = f", {act.clock(change.closed)}" if change.closed else ""
        return f"{words}{by}{at}"

    return say


_IS: Mapping[ChangeState, Callable[[Change, Act], str]] = {
    ChangeState.REQUESTED: _waits,
    ChangeState.APPROVED: _approved,
    ChangeState.TESTING: _testing,
    ChangeState.DEPLOYING: _in(Phase.DEPLOYMENT, "is being deployed"),
    ChangeState.VALIDATING: _in(Phase.VALIDATION, "is being validated"),
    ChangeState.ROLLING_BACK: _in(Phase.ROLLBACK, "is being rolled back"),
    ChangeState.DONE: _over("is done"),
    ChangeState.ROLLED_BACK: _over("was rolled back"),
    ChangeState.REJECTED: _over("was rejected"),
    ChangeState.CANCELLED: _over("was called off"),
    ChangeState.EXPIRED: lambda change, act: (
        f"has expired: nobody started it in the week after {act.clock(change.plan.ends)}"
    ),
}
_RIGHT: Mapping[ChangeState, str] = {
    ChangeState.REQUESTED: "`approve {it}` is for somebody else than who asked for it.",
    ChangeState.APPROVED: "`next {it}` begins its test.",
    ChangeState.TESTING: "`start {it}` starts it, once its test has passed.",
    ChangeState.DEPLOYING: "`next {it}` when it is deployed, `rollback {it}` to take it back.",
    ChangeState.VALIDATING: "`done {it}` when all is well, `rollback {it}` to take it back.",
    ChangeState.ROLLING_BACK: "`done {it}` when it is back as it was.",
    ChangeState.DONE: "",
    ChangeState.ROLLED_BACK: "",
    ChangeState.REJECTED: "",
    ChangeState.CANCELLED: "",
    ChangeState.EXPIRED: "Ask for it anew.",
}
