"""What the store makes of outcomes, in memory: timers by key, pages by epoch and step, and what is owed.

It refuses what the store would silently fold together, so that a test sees it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain import alerting, calling
from bot.domain.alert import AlertGroup
from bot.domain.alerting import AlertOutcome
from bot.domain.call import Call
from bot.domain.calling import CallOutcome
from bot.domain.escalating import Escalating, is_owed
from bot.domain.escalation import step_due
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import (
    AttendanceDue,
    AttendanceStopped,
    Happened,
    Outcome,
    Owed,
    PageOwed,
    PagesAcknowledged,
    PagesResolved,
    StepDue,
    TimersStopped,
    UpdateDue,
    UpdatesStopped,
)
from bot.domain.page import PageRecord
from bot.domain.path import BusinessTime
from bot.domain.timer import Timer, escalation_timer
from tests.support.builders import a_page


class World:
    """One incident, alert group or call, with everything that is owed for it."""

    def __init__(self, business: BusinessTime) -> None:
        self.business = business
        self._subject: Incident | AlertGroup | Call | None = None
        self.timers: dict[str, Timer] = {}
        self.fired_or_stopped: list[Timer] = []
        self.pages: dict[tuple[int, int], PageRecord] = {}
        self.acknowledged: set[str] = set()
        self.resolved: set[str] = set()
        self.history: list[tuple[int, Happened]] = []

    @property
    def incident(self) -> Incident:
        """The incident as it was written last."""
        assert isinstance(self._subject, Incident), "nothing has been declared"
        return self._subject

    @property
    def group(self) -> AlertGroup:
        """The alert group as it was written last."""
        assert isinstance(self._subject, AlertGroup), "nothing fires"
        return self._subject

    @property
    def call(self) -> Call:
        """The call as it was written last."""
        assert isinstance(self._subject, Call), "nobody is called"
        return self._subject

    @property
    def subject(self) -> Escalating:
        """Whichever it is."""
        assert self._subject is not None, "nothing has begun"
        return self._subject

    @property
    def sent(self) -> list[PageRecord]:
        """Every page that was ever handed over: it may ring."""
        return [page for page in self.pages.values() if page.sent_at]

    @property
    def waiting(self) -> list[PageRecord]:
        """Pages that were neither handed over nor dropped."""
        return [page for page in self.pages.values() if not page.sent_at and not page.dropped_at]

    def write(self, outcome: Outcome | AlertOutcome | CallOutcome, now: datetime) -> None:
        """Write an outcome whole."""
        match outcome:
            case Outcome(incident=subject) | AlertOutcome(group=subject) | CallOutcome(call=subject):
                self._subject = subject
        self.history += [(self.subject.epoch, happened) for happened in outcome.happened]
        for owed in outcome.owed:
            self._owe(owed, now)

    def tick(self, now: datetime) -> None:
        """Fire every timer that is due, as the timers' loop does."""
        for timer in [timer for timer in self.timers.values() if timer.due <= now]:
            self.fired_or_stopped.append(self.timers.pop(timer.key))
            if (outcome := self.fire(timer, now)) is not None:
                self.write(outcome, now)
        assert all(timer.due > now for timer in self.timers.values()), "a tick has left something due"

    def fire(self, timer: Timer, now: datetime) -> Outcome | AlertOutcome | CallOutcome | None:
        """What a timer brings; a timer of another epoch brings nothing."""
        if timer.epoch != self.subject.epoch:
            return None
        if isinstance(self._subject, AlertGroup):
            return alerting.step_due(self._subject, timer.step, timer.due, now, self.business)
        if isinstance(self._subject, Call):
            return calling.step_due(self._subject, timer.step, timer.due, now, self.business)
        return step_due(self.incident, timer.step, timer.due, now, self.business)

    def send(self, page: PageRecord, now: datetime) -> bool:
        """Claim a page that waits: it is handed over, or dropped where it is not owed any more."""
        owed = is_owed(self.subject, page.epoch, past_acknowledgement=page.past_acknowledgement)
        self._save(replace(page, sent_at=now) if owed else replace(page, dropped_at=now))
        return owed

    def accept(self, page: PageRecord, now: datetime) -> None:
        """The paging service has taken a page: the pages of earlier epochs end."""
        self._save(replace(page, accepted_at=now))
        self._resolve_before(page.epoch, now)

    def events(self, kind: EventKind, epoch: int) -> list[Happened]:
        """What of a kind has happened in an epoch."""
        return [happened for of, happened in self.history if of == epoch and happened.kind is kind]

    def snapshot(self) -> object:
        """Everything that a refused command must leave as it is."""
        return (
            self._subject,
            dict(self.timers),
            dict(self.pages),
            set(self.acknowledged),
            set(self.resolved),
            len(self.history),
        )

    def _owe(self, owed: Owed, now: datetime) -> None:
        match owed:
            case StepDue(step=step, due=due):
                timer = escalation_timer(self.subject.id, self.subject.epoch, step, due)
                assert timer.key not in self.timers, f"{timer.key} is set twice"
                self.timers[timer.key] = timer
            case TimersStopped():
                self.fired_or_stopped += self.timers.values()
                self.timers.clear()
            case PageOwed(step=step, past_acknowledgement=past):
                page = a_page(self.subject, step, past_acknowledgement=past, requested_at=now)
                assert (page.epoch, step) not in self.pages, f"{page.key} is paged twice"
                self._save(page)
            case UpdateDue() | UpdatesStopped() | AttendanceDue() | AttendanceStopped():
                pass  # no page depends on it
            case PagesAcknowledged():
                self._forget_waiting(now)
                self.acknowledged |= {page.key for page in self.sent if not page.closed_at}
            case PagesResolved(before=before):
                self._forget_waiting(now)
                self._resolve_before(before, now)

    def _resolve_before(self, epoch: int, now: datetime) -> None:
        for page in self.sent:
            if page.epoch < epoch and not page.closed_at:
                self._save(replace(page, closed_at=now))
                self.resolved.add(page.key)

    def _forget_waiting(self, now: datetime) -> None:
        for page in self.waiting:
            self._save(replace(page, dropped_at=now))

    def _save(self, page: PageRecord) -> None:
        self.pages[page.epoch, page.step] = page
