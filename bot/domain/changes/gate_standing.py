"""What a change itself says of whether it may go on: its approvals, how far it is, and who overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.changes.change import OVER, Change, ChangeState, Override
from bot.domain.changes.gate import Ground, Reason
from bot.domain.changes.gate_look import Look, denies, supports, warns
from bot.domain.text import clean

_SAID = 200
_WAITING = frozenset({ChangeState.APPROVED, ChangeState.TESTING})


def standing(changes: Iterable[Change], now: datetime) -> Change | None:
    """The change that is meant where none is named: the running one, else the approved one nearest to now."""
    given = tuple(changes)
    running = [one for one in given if one.is_running]
    if running:
        return max(running, key=lambda one: one.started or one.requested)
    waiting = [one for one in given if one.state in _WAITING and one.is_approved(now)]
    return min(waiting, key=lambda one: (abs(one.plan.starts - now), one.number), default=None)


def approval(look: Look) -> Iterator[Reason]:
    """Whether enough approvals count. One that is running was let through, one that is over needs none."""
    change = look.change
    if look.is_running:
        return
    if change is None:
        yield _none_named() if look.asked.must_name else _none_approved(look)
        return
    if change.state in OVER:
        return
    counting = change.counting(look.now)
    lacking = change.needs - len(counting)
    if lacking > 0:
        some = f"{lacking} approval{'' if lacking == 1 else 's'}"
        yield denies(Ground.APPROVAL, f"{change.label} lacks {some}: `/change approve {change.label}`")
    elif counting:
        names = ", ".join(dict.fromkeys(one.by.name for one in counting))
        yield supports(Ground.APPROVAL, f"{change.label} is approved by {names}")
    else:
        yield supports(Ground.APPROVAL, f"{change.label} needs no approval")


def _none_named() -> Reason:
    return denies(Ground.APPROVAL, "No change is named, and one has to be: ask for it by its number, as CH12")


def _none_approved(look: Look) -> Reason:
    kind, title = look.kind, look.known.title(look.asked.service)
    if kind.approvals == 0:
        return supports(Ground.APPROVAL, f"{kind.title} needs no approval")
    waiting = [one for one in look.known.standing if one.state not in OVER]
    labels = ", ".join(one.label for one in sorted(waiting, key=lambda one: one.number))
    there = f": {labels} {'lacks' if len(waiting) == 1 else 'lack'} approvals" if waiting else ""
    return denies(Ground.APPROVAL, f"There is no approved change of {title} ({kind.key}){there}")


def phase(look: Look) -> Iterator[Reason]:
    """How far it is: one that is no emergency is tested before it starts."""
    change, kind = look.change, look.kind
    if change is None:
        return
    if change.state in OVER:
        state = change.state.value.replace("_", " ")
        yield denies(Ground.PHASE, f"{change.label} is over: {state}")
    elif change.state is ChangeState.ROLLING_BACK:  # whatever takes it back asks no gate
        yield denies(Ground.PHASE, f"{change.label} is being rolled back: nothing more of it goes on")
    elif change.is_running:
        began = look.clock(change.started) if change.started is not None else "now"
        yield supports(Ground.PHASE, f"{change.label} was let through, and is running since {began}")
    elif change.state is ChangeState.TESTING:
        yield supports(Ground.PHASE, f"{change.label} has been taken to testing")
    elif kind.is_emergency:
        yield warns(Ground.PHASE, f"{change.label} is not tested, as an emergency need not be")
    else:
        how = "" if change.state is ChangeState.REQUESTED else f": `/change next {change.label}`"
        yield denies(Ground.PHASE, f"{change.label} has not been tested{how}")


def whose(look: Look) -> Iterator[Reason]:
    """Of which change the answer is, where none was named and one is running: another one fares otherwise."""
    change = look.change
    if look.asked.change is not None or change is None or not change.is_running:
        return
    other = "ask for another one by its number" if look.kind.is_emergency else "for another change: no"
    yield warns(Ground.OVERLAP, f"{change.label} is running, and this is the answer for it; {other}")


def override(look: Look) -> list[Reason]:
    """Who lets it go on nevertheless, while it is running."""
    change, said = look.change, _overriding(look)
    if change is None or said is None:
        return []
    text = f"{said.by.name} has overridden the gate for {change.label}: {clean(said.reason, _SAID)}"
    return [supports(Ground.OVERRIDE, text)]


def overridden(look: Look) -> frozenset[Ground]:
    """Against what they have decided. What comes of anything else later is against it as ever."""
    said = _overriding(look)
    return frozenset(said.grounds) if said else frozenset()


def _overriding(look: Look) -> Override | None:
    change = look.change
    return change.override if change is not None and change.is_running else None
