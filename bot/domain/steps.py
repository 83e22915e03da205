"""Walking a path: who is reached when, whatever it is about.

The rules: step 0 at the start of an epoch; each further step when the response time has passed
unacknowledged; after the last step the last tier again every response time, where the guide repeats.
Steps missed in an outage are all taken, missed repeats fold into one; a repeat that would come together
with the last step says nothing new to the same people, and waits anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened, Owed, PageOwed, StepDue
from bot.domain.path import BusinessTime, Path

LATE = timedelta(minutes=1)
"""A step that comes later than by this was held up by an outage of the bot, not by those who were paged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What walking a path has decided: which step comes next, what happened, and what is owed."""

    next_step: int
    happened: tuple[Happened, ...] = ()
    owed: tuple[Owed, ...] = ()


def start(path: Path, now: datetime, business: BusinessTime) -> Steps:
    """Begin an epoch: step 0 is taken at once, or is due later, where the path reaches anybody by itself."""
    if not path.reaches:
        return Steps(next_step=0)
    if not path.pages or not path.at_once:
        return start_at(path.start(now, business))
    told, paged = take(path, 0)
    following = (StepDue(step=1, due=path.after(now, business)),) if continues(path, 0) else ()
    return Steps(next_step=1, happened=told, owed=(*paged, *following))


def start_at(due: datetime) -> Steps:
    """Begin an epoch whose step 0 is due then."""
    return Steps(next_step=0, owed=(StepDue(step=0, due=due),))


def wait(path: Path, now: datetime, business: BusinessTime) -> Steps:
    """Begin an epoch in which whoever comes first on the path counts as reached already."""
    next_step = 1 if path.pages else 0
    due = (StepDue(step=next_step, due=path.wait(now, business)),) if path.escalates else ()
    return Steps(next_step=next_step, owed=due)


def take_now(path: Path, step: int, now: datetime, business: BusinessTime, *, waiting: bool) -> Steps:
    """Reach the next tier because somebody asks for it; further steps come where it is `waiting`."""
    happened, owed = take(path, step, past_acknowledgement=not waiting, reason="asked")
    following: tuple[Owed, ...] = ()
    if waiting and continues(path, step):
        following = (StepDue(step=step + 1, due=path.after(now, business)),)
    return Steps(next_step=step + 1, happened=happened, owed=(*owed, *following))


def take_due(path: Path, step: int, due: datetime, now: datetime, business: BusinessTime) -> Steps:
    """Take the step that was due at `due`, with all that were missed since."""
    happened: list[Happened] = []
    owed: list[Owed] = []
    while due <= now:
        if path.is_repeat(step) and happened:
            due = path.after(now, business)
            break
        told, taken = take(path, step, late=now - due > LATE)
        happened.extend(told)
        owed.extend(taken)
        repeat = path.is_repeat(step)
        step += 1
        if not continues(path, step - 1):
            return Steps(next_step=step, happened=tuple(happened), owed=tuple(owed))
        due = path.after_missed(due, now, business) if repeat else path.after(due, business)
    owed.append(StepDue(step=step, due=due))
    return Steps(next_step=step, happened=tuple(happened), owed=tuple(owed))


def continues(path: Path, step: int) -> bool:
    """Whether a further step comes after `step`: one past the end says that nobody has answered."""
    return path.escalates and (path.repeats or step < path.length)


def take(
    path: Path,
    step: int,
    *,
    past_acknowledgement: bool = False,
    reason: str = "timer",
    late: bool = False,
) -> tuple[tuple[Happened, ...], tuple[Owed, ...]]:
    """What one step says and owes."""
    if not path.pages:
        mention = Happened(kind=EventKind.MENTIONED, data={"step": step, "reason": reason}, told=True)
        return (replace(mention, notify_team=True, loud=True),), ()
    happened: list[Happened] = []
    if step == path.length and not past_acknowledgement:
        happened.append(_exhausted(path))
    if path.is_repeat(step) and not path.repeats and reason == "timer":
        return tuple(happened), ()
    rung = path.rung(step)
    data: EventData = {"step": step, "tier": rung.tier, "title": rung.title, "reason": reason}
    if late:
        data = {**data, "late": True}
    happened.append(Happened(kind=EventKind.PAGED, data=data, told=step > 0))
    page = PageOwed(step=step, past_acknowledgement=past_acknowledgement, reason=reason, late=late)
    return tuple(happened), (page,)


def _exhausted(path: Path) -> Happened:
    tried = ", ".join(dict.fromkeys(rung.title for rung in path.rungs))
    tiers = tuple(dict.fromkeys(rung.tier for rung in path.rungs))
    data: EventData = {"tried": tried, "repeats": path.repeats}
    return Happened(kind=EventKind.EXHAUSTED, data=data, told=True, notify=tiers, loud=True)
