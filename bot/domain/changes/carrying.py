"""A change is tested, started, validated, or taken back. Whether the gate lets it start is the caller's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.act import Act
from bot.domain.change_policy import ChangePolicy, Phase
from bot.domain.changes.change import AHEAD, Change, ChangeState, Hook, HookState, Override
from bot.domain.changes.changing import Changed, end, enter, required, said, told
from bot.domain.changes.hooking import NOT_HEARD, hook_failed
from bot.domain.changes.standing import as_it_is, how_it_stands
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.text import clock_time, duration

JUST_BEGUN = timedelta(seconds=30)
"""So long after a rollback has begun nobody else ends it by a word, who may mean the change itself."""

_AFTER_TESTING = frozenset({ChangeState.TESTING, ChangeState.DEPLOYING, ChangeState.VALIDATING})
_AFTER_DEPLOYING = frozenset({ChangeState.VALIDATING, ChangeState.DONE})


def test(change: Change, note: str | None, act: Act) -> Changed:
    """It is tried where no customer is. Raises where it is not approved."""
    if change.state in _AFTER_TESTING or not change.is_open:
        raise AlreadyError(f"Nothing to do: {as_it_is(change, act)}")
    if change.state is not ChangeState.APPROVED or not change.is_approved(act.now):
        raise InvalidError(as_it_is(change, act))
    noted = said(note)
    tested = enter(change, ChangeState.TESTING, Phase.TESTING, act, noted)
    happened = Happened(kind=EventKind.CHANGE_TESTED, data={"begun": True, "note": noted}, actor=act.by)
    return Changed(change=tested, happened=(happened,))


def check_startable(change: Change, act: Act, policy: ChangePolicy) -> None:
    """Raise unless it is approved and has been tested; one that mends what is broken need not be tested.

    Nobody can override that.
    """
    if change.is_running or not change.is_open:
        raise AlreadyError(f"Nothing to do: {as_it_is(change, act)}")
    if not change.is_approved(act.now):
        raise InvalidError(f"{as_it_is(change, act)} Without approval nothing starts.")
    if change.state is ChangeState.TESTING:
        return
    kind = policy.types.get(change.plan.kind)
    if kind is None or not kind.is_emergency:
        raise InvalidError(
            f"{change.label} has not been tested: `next {change.label}` begins that, "
            f"and `start {change.label}` comes after it."
        )


def start(
    change: Change,
    note: str | None,
    act: Act,
    policy: ChangePolicy,
    *,
    closes: datetime | None,
    override: Override | None = None,
) -> Changed:
    """From here on production is changed; whoever starts it leads it. `closes` is when its window does.

    With `override` the gate was against it.
    """
    check_startable(change, act, policy)
    noted, untested = said(note), change.state is not ChangeState.TESTING
    started = replace(
        enter(change, ChangeState.DEPLOYING, Phase.DEPLOYMENT, act, noted),
        lead=act.by,
        started=act.now,
        window_closes=closes,
        override=override,
    )
    data: EventData = {
        "skipped_tests": untested,
        "closes": _clock(closes, act) if closes else None,
        "note": noted,
    }
    if override is None:
        return Changed(change=started, happened=(told(EventKind.CHANGE_STARTED, data, act, loud=True),))
    against: EventData = {"reason": override.reason, "against": "; ".join(override.against)}
    happened = (
        told(EventKind.CHANGE_OVERRIDDEN, against, act, loud=True),
        Happened(kind=EventKind.CHANGE_STARTED, data=data, actor=act.by),
    )
    return Changed(change=started, happened=happened)


def deployed(change: Change, note: str | None, act: Act) -> Changed:
    """It is in production; now it is looked whether it works."""
    if change.state in _AFTER_DEPLOYING:
        raise AlreadyError(f"Nothing to do: {as_it_is(change, act)}")
    if change.state is not ChangeState.DEPLOYING:
        raise InvalidError(as_it_is(change, act))
    noted = said(note)
    validating = enter(change, ChangeState.VALIDATING, Phase.VALIDATION, act, noted)
    return Changed(change=validating, happened=(told(EventKind.CHANGE_DEPLOYED, {"note": noted}, act),))


def done(change: Change, note: str | None, act: Act, *, knows: bool = False) -> Changed:
    """It works; or, taken back, all is as it was.

    `knows`: they have seen which of both it is. Who says it by a word may not have seen that somebody else
    has just begun to take it back.
    """
    if not change.is_open:
        raise AlreadyError(f"Nothing to do: {how_it_stands(change, act)}")
    if not knows:
        _check_seen(change, act)
    noted = said(note)
    data: EventData = {"note": noted, "took": duration(act.now - (change.started or act.now))}
    if change.state is ChangeState.ROLLING_BACK:
        return _back(change, data, act, noted)
    if change.state is not ChangeState.VALIDATING:
        raise InvalidError(as_it_is(change, act))
    over = end(change, ChangeState.DONE, act, note=noted, reason=None)
    return Changed(change=over, happened=(told(EventKind.CHANGE_DONE, data, act),))


def _back(change: Change, data: EventData, act: Act, noted: str | None) -> Changed:
    """It is back as it was. A webhook that has not taken it until then is asked no more, and that is said."""
    over = end(change, ChangeState.ROLLED_BACK, act, note=noted, reason=change.reason)
    back, failed = hook_failed(over, NOT_HEARD)
    if failed is None or back.hook is None:
        return Changed(change=over, happened=(told(EventKind.CHANGE_ROLLED_BACK, data, act),))
    happened = told(EventKind.CHANGE_ROLLED_BACK, {**data, "webhook": back.hook.key}, act)
    return Changed(change=back, happened=(happened, failed))


def go_on(change: Change, note: str | None, act: Act) -> Changed:
    """Its next phase, where that needs nobody's leave. Raises with the right word where it does."""
    verb = _NEXT.get(change.state)
    if verb is None:
        raise InvalidError(as_it_is(change, act))
    return verb(change, note, act)


def roll_back(
    change: Change, why: str | None, act: Act, policy: ChangePolicy, *, webhook: str | None
) -> Changed:
    """It is taken back; also what was done shortly before. `webhook` is the guide's that is asked to."""
    _check_may_roll_back(change, act, policy)
    reason = said(why)
    back = replace(
        enter(change, ChangeState.ROLLING_BACK, Phase.ROLLBACK, act, reason),
        reason=reason,
        closed=None,
        closed_by=None,
        hook=Hook(key=webhook, state=HookState.ASKED, at=act.now) if webhook else None,
    )
    data: EventData = {"reason": reason, "webhook": webhook}
    happened = told(EventKind.CHANGE_ROLLBACK, data, act, loud=True, notify=(change.lead,))
    return Changed(change=back, happened=(happened,))


def cancel(change: Change, why: str | None, act: Act) -> Changed:
    """It is not done, for a reason. What is running is rolled back, or done."""
    if not change.is_open:
        raise AlreadyError(f"Nothing to do: {how_it_stands(change, act)}")
    if change.state not in AHEAD:
        raise InvalidError(f"It is too late to cancel it: {as_it_is(change, act)}")
    reason = required(why, f"Why? `cancel {change.label} the supplier has moved the date`.")
    off = end(change, ChangeState.CANCELLED, act, note=None, reason=reason)
    happened = told(EventKind.CHANGE_CANCELLED, {"reason": reason}, act, notify=(change.requested_by,))
    return Changed(change=off, happened=(happened,))


def note(change: Change, text: str, act: Act) -> Changed:
    """Write something down, of one that is over as well."""
    noted = required(text, f"What is to be noted? `note {change.label} node 3 of 8 is through`.")
    return Changed(change=change, happened=(told(EventKind.CHANGE_NOTED, {"text": noted}, act),))


def _check_may_roll_back(change: Change, act: Act, policy: ChangePolicy) -> None:
    if change.state in {ChangeState.DEPLOYING, ChangeState.VALIDATING}:
        return
    if change.state in {ChangeState.ROLLING_BACK, ChangeState.ROLLED_BACK}:
        raise AlreadyError(f"Nothing to do: {as_it_is(change, act)}")
    if change.state in AHEAD:
        raise InvalidError(
            f"Nothing is to be taken back: {how_it_stands(change, act)} `cancel {change.label}` calls it off."
        )
    if change.state is not ChangeState.DONE or change.closed is None:
        raise InvalidError(f"Nothing is to be taken back: {how_it_stands(change, act)}")
    if act.now - change.closed > policy.watched_for:
        raise InvalidError(
            f"{how_it_stands(change, act)} Up to {duration(policy.watched_for)} after that it can be rolled "
            "back here; now that is a change of its own: `/change request`."
        )


def _check_seen(change: Change, act: Act) -> None:
    """Raise where somebody else has begun to take it back in this moment."""
    back = change.phase if change.state is ChangeState.ROLLING_BACK else None
    if back is not None and back.by.id != act.by.id and act.now - back.began < JUST_BEGUN:
        raise InvalidError(
            f"{back.by.name} has just begun to roll {change.label} back. "
            f"`done {change.label}` in a moment, when it is back as it was."
        )


def _clock(at: datetime, act: Act) -> str:
    return clock_time(at.astimezone(act.zone), act.now.astimezone(act.zone))


_NEXT: dict[ChangeState, Callable[[Change, str | None, Act], Changed]] = {
    ChangeState.REQUESTED: test,  # which says what it lacks
    ChangeState.APPROVED: test,
    ChangeState.DEPLOYING: deployed,
    ChangeState.ROLLING_BACK: done,
}
