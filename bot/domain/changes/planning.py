"""A change is asked for, and its plan is edited. Approvals are of one plan: another one needs them anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.act import Act
from bot.domain.change_policy import ChangePolicy, Phase
from bot.domain.changes.change import AHEAD, Approval, Change, ChangeState, PhaseRun, Plan
from bot.domain.changes.changing import Changed, told
from bot.domain.changes.standing import as_it_is
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.text import clean, clock_time, duration

TITLE_MOST = 150
"""Characters of a title."""
TEXT_MOST = 2000
"""Characters of a plan, a validation, a rollback plan."""
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=14)
"""How long a change may take."""
LATE = timedelta(hours=1)
"""How far back a planned start may lie: somebody has filled in a form meanwhile."""
AHEAD_MOST = timedelta(days=400)

_TEXTS: Mapping[str, str] = {
    "steps": "What is done, step by step?",
    "validation": "How is seen that it works?",
    "rollback": "How is it taken back?",
}
_NAMES: Mapping[str, str] = {
    "kind": "type",
    "service": "service",
    "title": "title",
    "steps": "plan",
    "validation": "validation",
    "rollback": "rollback plan",
    "starts": "start",
    "length": "length",
    "risk": "risk",
}
"""What people call the parts of a plan."""


def faults(plan: Plan, act: Act, was: Change | None = None) -> Mapping[str, str]:
    """What is wrong with a plan, by the names of its fields: what is right, as a sentence. Empty: nothing.

    `was` is the change whose plan it shall become.
    """
    plan = _tidy(plan)
    found = dict(_text_faults(plan))
    if not SHORTEST <= plan.length <= LONGEST:
        found["length"] = f"A length from {duration(SHORTEST)} to {duration(LONGEST)} is right: 30m, 2h."
    if plan.starts < act.now - LATE:
        same = was is not None and was.plan.starts == plan.starts
        at = clock_time(plan.starts.astimezone(act.zone), act.now.astimezone(act.zone))
        found["starts"] = f"{at} has passed{' meanwhile' if same else ''}: choose when it starts."
    elif plan.starts > act.now + AHEAD_MOST:
        found["starts"] = f"That is more than {AHEAD_MOST.days} days ahead: choose an earlier start."
    return found


def request(
    plan: Plan, act: Act, policy: ChangePolicy, *, change_id: str, channel: str, team: str
) -> Changed:
    """Somebody asks for a change. Where the guide wants no approval it is approved with that."""
    fit = _fit(plan, act, None)
    needs = _needs(fit, policy)
    change = Change(
        id=change_id,
        plan=fit,
        needs=needs,
        state=_first_state(needs),
        phases=(PhaseRun(phase=Phase.PLANNING, began=act.now, by=act.by),),
        requested_by=act.by,
        requested=act.now,
        channel=channel,
        team=team,
    )
    data: EventData = {"needs": needs, "starts": _clock(fit.starts, act)}
    happened = Happened(kind=EventKind.CHANGE_REQUESTED, data=data, actor=act.by)
    return Changed(change=change, happened=(happened,))


def edit(change: Change, plan: Plan, act: Act, policy: ChangePolicy) -> Changed:
    """Its plan is another one. Approvals count no more, it is to be tested again, and whoever approved hears.

    Only before production is changed.
    """
    if change.state not in AHEAD:
        running = " What is started is carried out as it was approved." if change.is_running else ""
        raise InvalidError(f"{as_it_is(change, act)}{running}")
    plan = _started_as_it_was(plan, change)
    if _tidy(plan) == change.plan:
        raise AlreadyError(f"Nothing to do: that is {change.label}'s plan already.")
    fit = _fit(plan, act, change)
    needs, lost = _needs(fit, policy), change.counting(act.now)
    edited = replace(
        change,
        plan=fit,
        revision=change.revision + 1,
        needs=needs,
        state=_first_state(needs),
        phases=(PhaseRun(phase=Phase.PLANNING, began=act.now, by=act.by),),
        editors=(*(one for one in change.editors if one.id != act.by.id), act.by),
    )
    return Changed(change=edited, happened=(_edited(change, edited, lost, act),))


def _edited(was: Change, now: Change, lost: tuple[Approval, ...], act: Act) -> Happened:
    """They must learn of it who have approved the plan as it was."""
    data: EventData = {
        "what": ", ".join(
            name for key, name in _NAMES.items() if getattr(was.plan, key) != getattr(now.plan, key)
        ),
        "needs": now.needs,
        "lost": ", ".join(one.by.name for one in lost) or None,
    }
    if not lost:
        return Happened(kind=EventKind.CHANGE_EDITED, data=data, actor=act.by)
    return told(EventKind.CHANGE_EDITED, data, act, notify=tuple(one.by for one in lost))


def _first_state(needs: int) -> ChangeState:
    return ChangeState.REQUESTED if needs else ChangeState.APPROVED


def _needs(plan: Plan, policy: ChangePolicy) -> int:
    kind = policy.types.get(plan.kind)
    if kind is None:
        known = ", ".join(f"`{key}`" for key in policy.types)
        raise InvalidError(f"The guide has no type of change `{plan.kind}`. It has: {known}.")
    return kind.approvals


def _fit(plan: Plan, act: Act, was: Change | None) -> Plan:
    """The plan as it is kept. Raises InvalidError with all that is wrong with it."""
    wrong = faults(plan, act, was)
    if wrong:
        raise InvalidError(" ".join(f"{_NAMES[key].capitalize()}: {text}" for key, text in wrong.items()))
    tidy = _tidy(plan)
    same = was is not None and was.plan.starts == tidy.starts
    return tidy if same else replace(tidy, starts=max(tidy.starts, act.now))


def _started_as_it_was(plan: Plan, was: Change) -> Plan:
    """A form shows the minute of a start: who leaves that as it is leaves the start as it is."""
    kept = was.plan.starts
    return replace(plan, starts=kept) if _minute(plan.starts) == _minute(kept) else plan


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _tidy(plan: Plan) -> Plan:
    return replace(
        plan,
        title=clean(plan.title, TEXT_MOST),
        steps=_lines(plan.steps),
        validation=_lines(plan.validation),
        rollback=_lines(plan.rollback),
    )


def _text_faults(plan: Plan) -> Mapping[str, str]:
    found = {}
    if not plan.title:
        found["title"] = "What is it about?"
    elif len(plan.title) > TITLE_MOST:
        found["title"] = f"It has {len(plan.title)} characters: up to {TITLE_MOST}."
    for key, asked in _TEXTS.items():
        text = getattr(plan, key)
        if not text:
            found[key] = asked
        elif len(text) > TEXT_MOST:
            found[key] = f"It has {len(text)} characters: up to {TEXT_MOST}."
    return found


def _lines(text: str) -> str:
    """The text line by line, each made fit; without empty lines around it, and never two of them."""
    lines: list[str] = []
    for line in (clean(one, len(one) + 1) for one in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


def _clock(at: datetime, act: Act) -> str:
    return clock_time(at.astimezone(act.zone), act.now.astimezone(act.zone))
