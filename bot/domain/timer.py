"""Deadlines. A timer is a row that fires once; nothing of it lives in a scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    """What falls due."""

    ESCALATION = "escalation"  # the next step of an incident's path
    UPDATE_DUE = "update_due"  # whoever leads is asked for an update; `step` counts how often before
    PAGE_WATCH = "page_watch"  # a page that nobody has confirmed by now is told to people
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
