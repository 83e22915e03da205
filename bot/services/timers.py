"""What time brings: due timers become steps, in one transaction with everything that they owe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.actor import OPSBOT
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating, is_owed
from bot.domain.event import EventKind
from bot.domain.page import CONFIRM_WITHIN_SECONDS, PageState
from bot.domain.subject import Subject
from bot.domain.timer import Timer, TimerKind, page_watch
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services import change_timers, run_timers, span_timers, storms
from bot.services.aftermath import fire_reminder
from bot.services.alert_links import incident_due
from bot.services.alert_looks import look_at_alerts
from bot.services.change_health import fire_health
from bot.services.conduct import conduct_of
from bot.services.item_reminders import fire_item
from bot.services.page_trouble import tell_page_trouble
from bot.services.prompts import LATE, ask_for_update, attend
from bot.services.record import Record
from bot.services.rooms import archive_due
from bot.services.silence_keeping import fire_silence_over
from bot.services.subjects import find_subject, lock_free_subjects

BATCH = 25
"""Timers that are fired in one transaction."""

LOOK_SECONDS = 8.0
"""How long one look for due timers may take."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """How many timers fired, and when the next one is due."""

    count: int
    next_due: datetime | None


class Timers:
    """Fires what is due."""

    def __init__(self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._by_kind: dict[TimerKind, Callable[[Record, Any, Timer], None]] = {
            **_BY_KIND,
            TimerKind.INCIDENT_DUE: partial(incident_due, ids=ids),
        }

    async def fire_due(self) -> Fired:
        """Fire everything that is due now, oldest first.

        Subjects that another replica is just working on are left to it.
        """
        total = 0
        while True:
            subjects, next_due = await self._look()
            fired = await self._fire(subjects) if subjects else 0
            total += fired
            if not fired:
                return Fired(count=total, next_due=next_due)

    async def _look(self) -> tuple[list[str], datetime | None]:
        """Whose timers are due, and when the first of all is; one read, for this is done every second."""
        now = self._clock.now()

        def body(tx: Transaction) -> tuple[list[str], datetime | None]:
            due = tx.timers.due(now, BATCH)
            subjects = list(dict.fromkeys(timer.subject for timer in due))
            return subjects, due[0].due if due else tx.timers.soonest()

        async with asyncio.timeout(LOOK_SECONDS):  # a database that hangs must not look like a dead loop
            return await self._store.read(body)

    async def _fire(self, subjects: list[str]) -> int:
        """All subjects in one transaction; where one of them fails, each in its own."""
        fired = await self._attempt(subjects)
        if fired is not None:
            return fired
        return sum([await self._attempt([subject]) or 0 for subject in subjects])

    async def _attempt(self, subjects: list[str]) -> int | None:
        """How many timers fired; None where they cannot be: they stay due and are tried again."""
        try:
            return await self._store.transaction("fire_due", self._firing(subjects))
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one subject's trouble must not hold up the others
            _log.exception("timers cannot be fired; the others go on", extra={"subjects": subjects})
            return None

    def _firing(self, subjects: list[str]) -> Callable[[Transaction], int]:
        def body(tx: Transaction) -> int:
            now = self._clock.now()
            locked = lock_free_subjects(tx, subjects)
            _forget_orphans(tx, set(subjects) - {one.id for one in locked})
            return sum(self._fire_subject(tx, one, now) for one in locked)

        return body

    def _fire_subject(self, tx: Transaction, subject: Subject, now: datetime) -> int:
        """Fire one locked subject's timers; read again, since another replica may have been faster."""
        record = Record(tx=tx, now=now, actor=OPSBOT, directory=self._directory)
        fired = 0
        kinds = tx.timers.kinds_due(subject.id, now)
        for kind, fire in self._by_kind.items():
            if kind not in kinds:
                continue
            due = [timer for timer in tx.timers.of(subject.id, kind) if timer.due <= now]
            tx.timers.remove([timer.key for timer in due])
            for timer in due:
                # What was fired before may have changed it; it is locked, so nobody else has.
                fire(record, find_subject(tx, subject.id) or subject, timer)
            fired += len(due)
        return fired


def _forget_orphans(tx: Transaction, subjects: set[str]) -> None:
    """Stop the timers of what is no more: they would be due for ever."""
    for subject in sorted(subjects):
        if find_subject(tx, subject) is None:
            for kind in TimerKind:
                tx.timers.stop(subject, kind)


def _fire_step(record: Record, subject: Escalating, timer: Timer) -> None:
    if timer.epoch == subject.epoch:
        conduct_of(subject).take_step(record, subject, timer)


def _fire_watch(record: Record, subject: Escalating, timer: Timer) -> None:
    """Tell people of a page that is still needed, and still not confirmed.

    After an outage of the bot itself the page gets as long again: nobody has looked meanwhile.
    """
    page = record.tx.pages.one(subject.id, timer.epoch, timer.step)
    if page is None or page.told_at:
        return
    if not is_owed(subject, timer.epoch, past_acknowledgement=page.past_acknowledgement):
        return
    if record.now - timer.due > LATE:
        again = record.now + timedelta(seconds=CONFIRM_WITHIN_SECONDS)
        record.tx.timers.set(page_watch(subject.id, timer.epoch, timer.step, again))
        return
    if page.state is PageState.WAITING:
        kind = EventKind.PAGE_FAILING
    elif page.state is PageState.ACCEPTED and record.directory.confirmable:
        kind = EventKind.PAGE_UNCONFIRMED
    else:
        return
    tell_page_trouble(record, subject, page, kind)


_BY_KIND: dict[TimerKind, Callable[[Record, Any, Timer], None]] = {
    TimerKind.ESCALATION: _fire_step,
    TimerKind.PAGE_WATCH: _fire_watch,
    TimerKind.ATTENDANCE: attend,
    TimerKind.UPDATE_DUE: ask_for_update,
    TimerKind.STORM: storms.look,
    TimerKind.ALERT_NEWS: look_at_alerts,
    TimerKind.ROOM_ARCHIVE: lambda record, incident, _timer: archive_due(record, incident),
    TimerKind.POSTMORTEM: fire_reminder,
    TimerKind.ITEM: fire_item,
    TimerKind.SILENCE_OVER: fire_silence_over,
    TimerKind.RUN_NUDGE: run_timers.nudge,
    TimerKind.RUN_END: run_timers.close,
    TimerKind.PROBLEM: run_timers.remind_of_problem,
    TimerKind.CHANGE_DUE: change_timers.fall_due,
    TimerKind.CHANGE_END: change_timers.end,
    TimerKind.CHANGE_OVERRUN: change_timers.overrun,
    TimerKind.CHANGE_HEALTH: fire_health,
    TimerKind.SPAN: span_timers.turn,
}
