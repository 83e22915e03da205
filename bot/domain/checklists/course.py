"""What time makes of a run: how it begins, what the next one takes over, who is nudged, how it ends.

Pure. What people make of it is in `checking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from bot.domain.actor import MACHINES, PAGERDUTY, Actor
from bot.domain.checklist import AfterOutage, Cadence, Checklist, ChecklistItem, Unfinished
from bot.domain.checklists.run import Problem, Run, RunItem, RunState
from bot.domain.checklists.schedule import Occurrence, due_of, next_occurrence, occurrences
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.path import BusinessTime
from bot.domain.text import clock_time

HALF, WHOLE = 0, 1
"""The steps of a nudge: half the time is gone, and all of it."""

LONGEST_BACK = timedelta(days=35)
"""What was to begin longer ago is nobody's any more: not even noted."""

_DAY = timedelta(days=1)
_LEAST_TIME = timedelta(hours=1)
_REMIND_AGAIN = timedelta(days=6)
_NO_SLACK_USERS = MACHINES | {PAGERDUTY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An occurrence whose time has come: people are asked for it, or it is noted that nobody was."""

    checklist: Checklist
    occurrence: Occurrence
    skipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Why a run begins. `occurrence` tells its checklist's runs apart; off schedule, `asked_by` wants it."""

    occurrence: str
    planned_at: datetime
    late: bool = False
    asked_by: Actor | None = None


def prompts(
    checklist: Checklist, calendar: BusinessTime, looked: datetime, now: datetime
) -> tuple[Prompt, ...]:
    """What has come since somebody `looked` last, in order: the newest is asked for, what was before is not.

    Where the bot was down, not even the newest is, if the guide says so; nor is yesterday's of what is daily:
    today's comes anyway.
    """
    come = occurrences(checklist, calendar, max(looked, now - LONGEST_BACK), now)
    if not come:
        return ()
    *earlier, newest = come
    skips = newest.is_late(now) and not _is_worth_it(checklist, newest, now.astimezone(calendar.zone).date())
    return (
        *(Prompt(checklist=checklist, occurrence=one, skipped=True) for one in earlier),
        Prompt(checklist=checklist, occurrence=newest, skipped=skips),
    )


def _is_worth_it(checklist: Checklist, occurrence: Occurrence, today: date) -> bool:
    """Whether people are asked for it, late as it is."""
    if checklist.after_outage is AfterOutage.SKIP:
        return False
    return checklist.cadence is not Cadence.DAILY or occurrence.day == today


def whose_turn(people: Sequence[str], turns: int, is_there: Callable[[str], bool]) -> str | None:
    """Whose turn it is after so many turns. Who is not there is passed over, and None where nobody is."""
    ring = (people[(turns + count) % len(people)] for count in range(len(people)))
    return next(filter(is_there, ring), None)


def planned(occurrence: Occurrence, now: datetime) -> Beginning:
    """It begins because its time has come."""
    return Beginning(occurrence=occurrence.key, planned_at=occurrence.at, late=occurrence.is_late(now))


def asked(run_id: str, by: Actor, now: datetime) -> Beginning:
    """It begins because somebody wants it, whatever the schedule says."""
    return Beginning(occurrence=f"asked/{run_id}", planned_at=now, asked_by=by)


def begin(
    checklist: Checklist,
    beginning: Beginning,
    calendar: BusinessTime,
    now: datetime,
    *,
    run_id: str,
    security: bool,
    owner: Actor | None = None,
) -> Run:
    """A run with the items that the guide has now.

    What begins when the guide does not say so, as a day ends, is to be done by the end of the next one.
    """
    on_time = beginning.asked_by is None and not beginning.late
    due = due_of(checklist, calendar, now if on_time else now + _LEAST_TIME)
    return Run(
        id=run_id,
        checklist=checklist.key,
        occurrence=beginning.occurrence,
        title=checklist.title,
        purpose=checklist.purpose,
        cadence=checklist.cadence,
        channel=checklist.channel,
        team=checklist.team,
        runbook=checklist.runbook,
        security=security,
        planned_at=beginning.planned_at,
        begun_at=now,
        due_at=due,
        ends_at=_end_of(checklist, beginning, calendar, now, due),
        unfinished=checklist.unfinished,
        items=tuple(_item(position, item) for position, item in enumerate(checklist.items, 1)),
        owner=owner,
        asked_by=beginning.asked_by,
        late=beginning.late,
    )


def skip(run: Run, now: datetime) -> Run:
    """The same run, whose time came while the bot was down, and that nobody is asked for."""
    return replace(run, state=RunState.SKIPPED, closed_at=now)


def carry_over(old: Run, new: Run) -> Run:
    """The new run with what is open of the old one.

    Of an item that both have, the new one keeps who has it and since when it is asked for. What the guide has
    no more is appended.
    """
    known = {item.key for item in new.items}
    left = {item.key: item for item in old.open_items}
    items = [_continued(item, left.get(item.key), old) for item in new.items]
    for item in old.open_items:
        if item.key not in known:
            appended = replace(item, position=len(items) + 1, found=())
            items.append(_continued(appended, item, old))
    return replace(new, items=tuple(items))


def end(run: Run, now: datetime, *, carried: bool = False) -> Run:
    """It is over, with what is still open: that is `carried` over into the next one, or counts as missed."""
    return replace(run, state=RunState.CARRIED if carried else RunState.MISSED, closed_at=now)


def is_carried(run: Run) -> bool:
    """Whether the next run takes over what is still open."""
    return run.unfinished is Unfinished.CARRY


def half_time(run: Run, calendar: BusinessTime) -> datetime:
    """When half of its time is gone; where nobody works then, when somebody does again."""
    half = run.begun_at + (run.due_at - run.begun_at) / 2
    closing = calendar.next_closing(half)
    return max(half, calendar.next_business_day_opening(closing - _DAY))


def nudge(run: Run, step: int, now: datetime, zone: tzinfo) -> Happened | None:
    """What is said when half of the time (`HALF`) or all of it (`WHOLE`) is gone, and to whom.

    None where there is nothing to say: it is over, or what was to be said at half time is too late by now.
    At half time it is for those who have open items, or the team where nobody has; in the end for the team.
    """
    if not run.is_open or (step == HALF and now >= run.due_at):
        return None
    owners = ", ".join(one.name for one in run.owners) or None
    if step != HALF:
        data: EventData = {"open": len(run.open_items), "owners": owners}
        return Happened(kind=EventKind.RUN_OVERDUE, data=data, told=True, notify_team=True, loud=True)
    people = tuple(_mentioned(*run.owners))
    return Happened(
        kind=EventKind.RUN_NUDGED,
        data={
            "open": len(run.open_items),
            "due": clock_time(run.due_at.astimezone(zone), now.astimezone(zone)),
            "owners": owners,
        },
        told=True,
        notify_people=people,
        notify_team=not people,
    )


def first_reminder(business: BusinessTime, now: datetime) -> datetime:
    """When people are reminded first of a problem that is found now."""
    return business.next_business_day_opening(now)


def next_reminder(business: BusinessTime, now: datetime) -> datetime:
    """When people are reminded next, a week after a reminder."""
    return business.next_business_day_opening(now + _REMIND_AGAIN)


def remind(run: Run, position: int) -> Happened | None:
    """What is said of a problem that is still open: to who has the item, or else to who found it."""
    item = run.item(position)
    problem = item.problem
    if problem is None or not problem.is_open:
        return None
    whose = item.owner or problem.found_by
    people = tuple(_mentioned(whose))
    return Happened(
        kind=EventKind.PROBLEM_REMINDED,
        data={"items": f"{position}", "title": item.title, "text": problem.text, "owner": whose.name},
        told=True,
        notify_people=people,
        notify_team=not people,
    )


def incident_over(
    run: Run, incident: str, how: str, by: Actor, now: datetime
) -> tuple[Run, tuple[Happened, ...]]:
    """Close the problems for which this incident was declared. `how` says what became of it."""
    over = {item.position: one for item, one in _of_incident(run, incident)}
    closed = run.with_items(
        replace(run.item(position), problem=replace(one, closed_by=by, closed_at=now, how=how))
        for position, one in over.items()
    )
    return closed, tuple(_closed(run.item(position), one, how) for position, one in over.items())


def follow_incident(run: Run, incident: str, other: str) -> Run:
    """Its problems for which one incident was declared are the other's now: the two are the same."""
    return run.with_items(
        replace(item, problem=replace(one, incident=other)) for item, one in _of_incident(run, incident)
    )


def _of_incident(run: Run, incident: str) -> Iterator[tuple[RunItem, Problem]]:
    """The items with an open problem for which it was declared."""
    for item in run.open_problems:
        if item.problem is not None and item.problem.incident == incident:
            yield item, item.problem


def _closed(item: RunItem, problem: Problem, how: str) -> Happened:
    data: EventData = {"items": f"{item.position}", "title": item.title, "text": problem.text, "how": how}
    return Happened(kind=EventKind.PROBLEM_CLOSED, data=data, told=True)


def _item(position: int, item: ChecklistItem) -> RunItem:
    return RunItem(position=position, key=item.key, title=item.title, evidence=item.evidence)


def _continued(item: RunItem, left: RunItem | None, old: Run) -> RunItem:
    if left is None:
        return item
    return replace(item, owner=left.owner, since=left.since or old.planned_at)


def _end_of(
    checklist: Checklist, beginning: Beginning, calendar: BusinessTime, now: datetime, due: datetime
) -> datetime:
    """When it is closed where no next run does that: well after the next one should have."""
    following = next_occurrence(checklist, calendar, max(beginning.planned_at, now))
    if beginning.asked_by is None and following is not None:
        return max(following.at, due) + _DAY
    return due + max(due - now, _DAY)


def _mentioned(*actors: Actor) -> Iterator[str]:
    """The Slack ids of those who have one."""
    return (one.id for one in actors if one.id not in _NO_SLACK_USERS)
