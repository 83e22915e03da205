"""Deadlines. A timer is a row that fires once; nothing of it lives in a scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    """What falls due."""

    ESCALATION = "escalation"  # the next step of an incident's path
    UPDATE_DUE = "update_due"  # whoever leads is asked for an update; `step` counts how often before
    ITEM = "item"  # whoever has an action item is reminded; the step is the item's number
    POSTMORTEM = "postmortem"  # whoever owes an incident's post-mortem is reminded
    ATTENDANCE = "attendance"  # is whoever has it still on it? Step 0 looks and asks, step 1 gives up
    PAGE_WATCH = "page_watch"  # a page that nobody has confirmed by now is told to people
    STORM = "storm"  # a storm is looked at: something that it stands for has changed
    INCIDENT_DUE = "incident_due"  # an alert group that nobody has taken becomes an incident
    ALERT_NEWS = "alert_news"  # an incident is told what is new with its alerts
    SILENCE_OVER = "silence_over"  # the end of an alert group's silence: does it fire still?
    RUN_NUDGE = "run_nudge"  # a run is looked at: half its time (step 0), or all of it (step 1), is gone
    RUN_END = "run_end"  # a run is closed with what is still open, where no next one came
    PROBLEM = "problem"  # what a checklist has found is still open; the step is the item's position
    CHANGE_DUE = "change_due"  # the time has come for which a change is planned
    CHANGE_END = "change_end"  # its approvals expire (step 0), or nobody has started it in time (step 1)
    CHANGE_OVERRUN = (
        "change_overrun"  # a change takes longer than planned; the step counts how often that was told
    )
    CHANGE_HEALTH = "change_health"  # how the service does since it was changed is looked at again
    SPAN = "span"  # a window or a freeze begins (step 0), or is over (step 1)
    ROOM_ARCHIVE = "room_archive"  # the room of an incident that is over is closed to everything new


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """`key` is deterministic, so that setting it twice sets it once. `step` is the step it is about."""

    key: str
    kind: TimerKind
    subject: str
    epoch: int
    step: int
    due: datetime


def escalation_timer(subject: str, epoch: int, step: int, due: datetime) -> Timer:
    """When `step` of the incident's path is due."""
    key = f"escalation/{subject}/{epoch}/{step}"
    return Timer(key=key, kind=TimerKind.ESCALATION, subject=subject, epoch=epoch, step=step, due=due)


def storm_timer(storm: str, due: datetime) -> Timer:
    """When a storm is looked at."""
    return Timer(key=f"storm/{storm}", kind=TimerKind.STORM, subject=storm, epoch=0, step=0, due=due)


def page_watch(subject: str, epoch: int, step: int, due: datetime) -> Timer:
    """When people are told of the page of `step`, unless it is confirmed by then."""
    key = f"watch/{subject}/{epoch}/{step}"
    return Timer(key=key, kind=TimerKind.PAGE_WATCH, subject=subject, epoch=epoch, step=step, due=due)


def update_timer(subject: str, epoch: int, asked: int, due: datetime) -> Timer:
    """When somebody is asked for an update, having been asked so often already."""
    return Timer(
        key=f"update/{subject}", kind=TimerKind.UPDATE_DUE, subject=subject, epoch=epoch, step=asked, due=due
    )


def room_archive(subject: str, epoch: int, due: datetime) -> Timer:
    """When the room of an incident that is over is archived."""
    key = f"room-archive/{subject}/{epoch}"
    return Timer(key=key, kind=TimerKind.ROOM_ARCHIVE, subject=subject, epoch=epoch, step=0, due=due)


def incident_due_timer(group: str, epoch: int, due: datetime) -> Timer:
    """When an alert group becomes an incident."""
    key = f"incident-due/{group}/{epoch}"
    return Timer(key=key, kind=TimerKind.INCIDENT_DUE, subject=group, epoch=epoch, step=0, due=due)


def alert_news_timer(incident: str, due: datetime) -> Timer:
    """When an incident is told what is new with its alerts."""
    key = f"alert-news/{incident}"
    return Timer(key=key, kind=TimerKind.ALERT_NEWS, subject=incident, epoch=0, step=0, due=due)


def postmortem_timer(subject: str, epoch: int, step: int, due: datetime) -> Timer:
    """When the reminder of number `step` comes."""
    key = f"postmortem/{subject}/{epoch}/{step}"
    return Timer(key=key, kind=TimerKind.POSTMORTEM, subject=subject, epoch=epoch, step=step, due=due)


def item_timer(subject: str, number: int, due: datetime) -> Timer:
    """When whoever has an action item is reminded next."""
    key = f"item/{number}/{int(due.timestamp())}"
    return Timer(key=key, kind=TimerKind.ITEM, subject=subject, epoch=0, step=number, due=due)


def attendance_timer(subject: str, epoch: int, due: datetime, *, asked: bool) -> Timer:
    """When is looked whether somebody is still on it; `asked`: when the question must have been answered."""
    return Timer(
        key=f"attendance/{subject}",
        kind=TimerKind.ATTENDANCE,
        subject=subject,
        epoch=epoch,
        step=int(asked),
        due=due,
    )


def silence_timer(subject: str, silence: str, due: datetime) -> Timer:
    """When a silence of an alert group is over."""
    key = f"silence-over/{silence}/{int(due.timestamp())}"
    return Timer(key=key, kind=TimerKind.SILENCE_OVER, subject=subject, epoch=0, step=0, due=due)


def run_nudge(run: str, step: int, due: datetime) -> Timer:
    """When a run is looked at: after half its time (step 0), and after all of it (step 1)."""
    key = f"run-nudge/{run}/{step}"
    return Timer(key=key, kind=TimerKind.RUN_NUDGE, subject=run, epoch=1, step=step, due=due)


def run_end(run: str, due: datetime) -> Timer:
    """When a run is closed at the latest."""
    return Timer(key=f"run-end/{run}", kind=TimerKind.RUN_END, subject=run, epoch=1, step=0, due=due)


def problem_timer(run: str, position: int, due: datetime) -> Timer:
    """When is looked whether a problem that an item has shown is still open."""
    key = f"problem/{run}/{position}"
    return Timer(key=key, kind=TimerKind.PROBLEM, subject=run, epoch=1, step=position, due=due)


def change_due(change: str, revision: int, due: datetime) -> Timer:
    """When a change may start, as it was planned."""
    key = f"change-due/{change}"
    return Timer(key=key, kind=TimerKind.CHANGE_DUE, subject=change, epoch=revision, step=0, due=due)


def change_end(change: str, step: int, due: datetime) -> Timer:
    """When a change's approvals expire (step 0), or it is given up because nobody has started it (step 1)."""
    key = f"change-end/{change}/{step}"
    return Timer(key=key, kind=TimerKind.CHANGE_END, subject=change, epoch=0, step=step, due=due)


def change_overrun(change: str, told: int, due: datetime) -> Timer:
    """When people are told that a change takes longer than planned, having been told so often already."""
    key = f"change-overrun/{change}"
    return Timer(key=key, kind=TimerKind.CHANGE_OVERRUN, subject=change, epoch=0, step=told, due=due)


def change_health(change: str, due: datetime) -> Timer:
    """When is looked again how the service does since it was changed."""
    key = f"change-health/{change}"
    return Timer(key=key, kind=TimerKind.CHANGE_HEALTH, subject=change, epoch=0, step=0, due=due)


def span_timer(span: str, step: int, due: datetime) -> Timer:
    """When a window or a freeze begins (step 0), or is over (step 1)."""
    return Timer(key=f"span/{span}/{step}", kind=TimerKind.SPAN, subject=span, epoch=1, step=step, due=due)
