"""Whatever is said of alert groups, by people, vendors and time, through crashes: no page is lost or doubled.

The same promises as `test_state_machine` makes for incidents, by the same machinery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup, AlertState
from bot.domain.delivery import Recipient
from bot.domain.errors import DomainError
from bot.domain.escalating import is_owed
from bot.domain.event import EventKind
from bot.domain.page import PageRecord
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.ports.pager import PagerStatus
from bot.ports.store import Transaction
from bot.services import alert_writing
from bot.services.alert_cards import read_alert_card
from bot.services.record import Record
from tests.support.builders import ANA, LEE, an_alert_group
from tests.support.fake_vendors import Fate
from tests.support.lives import FATES, NUMBERS, Lives

Say = Callable[[Record, AlertGroup], AlertGroup]

PEOPLE = st.sampled_from([ANA, LEE])
SAID: dict[str, Say] = {
    "acknowledge": alert_writing.acknowledge_alert,
    "unacknowledge": alert_writing.unacknowledge_alert,
    "escalate": alert_writing.escalate_alert,
    "silence": lambda record, group: alert_writing.silence_alert(
        record, group, record.now + timedelta(hours=1)
    ),
    "unsilence": lambda record, group: alert_writing.end_alert_silence(record, group, expired=False),
    "silence runs out": lambda record, group: alert_writing.end_alert_silence(record, group, expired=True),
    "resolve": alert_writing.resolve_alert,
    "fire again": alert_writing.refire_alert,
}
LESSENS = {
    EventKind.ACKNOWLEDGED,
    EventKind.SILENCED,
    EventKind.ALERT_RESOLVED,
    EventKind.ALERT_RAISED,
    EventKind.UNACKNOWLEDGED,
}
"""After any of these a page that has not left may be dropped."""


class Alerts(Lives):
    def __init__(self) -> None:
        super().__init__()
        self.groups: list[str] = []

    # --- Alertmanager, and people

    @initialize(severity=st.sampled_from(Severity), page=st.booleans(), escalates=st.booleans())
    def begin(self, severity: Severity, *, page: bool, escalates: bool) -> None:
        self.fire(severity, page=page, escalates=escalates)

    @rule(severity=st.sampled_from(Severity), page=st.booleans(), escalates=st.booleans())
    def fire(self, severity: Severity, *, page: bool, escalates: bool) -> None:
        now, name = self.bot.clock.now(), f"g{len(self.groups)}"
        path = self._path(severity, page=page, escalates=escalates)
        group = an_alert_group(id=name, key=name, number=0, severity=severity, path=path, started_at=now)

        def body(tx: Transaction) -> AlertGroup:
            record = Record(tx=tx, now=now, actor=ANA, directory=self.bot.directory)
            return alert_writing.begin_alert(record, tx.alert_groups.add(replace(group, carded_at=now)))

        self.run(self.bot.parts.store.transaction("begin_alert", body))
        self.groups.append(name)

    @rule(which=NUMBERS, what=st.sampled_from(sorted(SAID)), by=PEOPLE)
    def say(self, which: int, what: str, by: Actor) -> None:
        self._say(self.groups[which % len(self.groups)], SAID[what], by)

    @rule(which=NUMBERS, severity=st.sampled_from(Severity), page=st.booleans())
    def get_worse(self, which: int, severity: Severity, *, page: bool) -> None:
        path = self._path(severity, page=page, escalates=True)
        self._say(
            self.groups[which % len(self.groups)],
            lambda record, group: alert_writing.worsen_alert(record, group, severity, path),
            ANA,
        )

    @rule(what=st.sampled_from(sorted(SAID)), fates=FATES, by=PEOPLE)
    def something_is_said_while_a_page_is_under_way(self, what: str, fates: list[Fate], by: Actor) -> None:
        claimed = self._claim(Recipient.PAGER, 4)
        for one in claimed:
            self._say(one.delivery.subject, SAID[what], by)
        self.bot.fates.coming.extend(fates)
        for one in claimed:
            self.run(self.bot.parts.deliveries.carry_out(one))
        self.bot.fates.coming.clear()

    # --- The promises

    @override
    def teardown(self) -> None:
        try:
            if self.groups:
                self._check()
        finally:
            self.run(self.bot.close())
            self.runner.close()

    def _check(self) -> None:
        for name in self.groups:  # a card that was refused for good comes with a change
            self._say(name, _shown, ANA)
        self._check_arrived()
        for name in self.groups:
            group = self._group(name)
            newest = self.run(
                self.bot.parts.store.read(lambda tx, one=group: read_alert_card(tx, one, self.bot.directory))  # type: ignore[misc]
            )
            assert self.bot.chat.alert_cards_of(name) == [newest]
            for page in self.run(self.bot.pages(name)):
                self._check_page(group, page)

    def _check_page(self, group: AlertGroup, page: PageRecord) -> None:
        alert = self.bot.pager.alerts.get(page.key)
        if is_owed(group, page.epoch, past_acknowledgement=page.past_acknowledgement):
            assert page.accepted_at or page.dropped_at, "a page that is still needed was never taken"
        if page.accepted_at:
            assert alert, "what counts as taken was never sent"
        if alert is None:
            kinds = {one.kind for one in self.run(self.bot.history(group.id)) if one.at >= page.requested_at}
            assert kinds & LESSENS, "a page was dropped, and nothing had happened that made it needless"
        elif page.key not in self.bot.pager.refused:
            assert alert.status in _allowed(group, page)

    # --- How it is done

    def _path(self, severity: Severity, *, page: bool, escalates: bool) -> Path:
        wait = timedelta(minutes=15) if escalates else None
        return self.bot.directory.alert_path(severity, page=page, escalate_after=wait)

    def _say(self, name: str, say: Say, by: Actor) -> None:
        def body(tx: Transaction) -> None:
            group = tx.alert_groups.by_id(name, lock=True)
            assert group is not None
            before = (group, tx.pages.of(name), tx.events.of(name))
            record = Record(tx=tx, now=self.bot.clock.now(), actor=by, directory=self.bot.directory)
            try:
                assert say(record, group) == tx.alert_groups.by_id(name), (
                    "what is answered is what is written"
                )
            except DomainError:
                assert (tx.alert_groups.by_id(name), tx.pages.of(name), tx.events.of(name)) == before

        self.run(self.bot.parts.store.transaction("say_alert", body))

    def _group(self, name: str) -> AlertGroup:
        found = self.run(self.bot.parts.store.read(lambda tx: tx.alert_groups.by_id(name)))
        assert found is not None
        return found


def _shown(record: Record, group: AlertGroup) -> AlertGroup:
    record.show(group)
    return group


def _allowed(group: AlertGroup, page: PageRecord) -> set[PagerStatus]:
    """How the pager may show a page of a group, once all is settled."""
    if group.state is AlertState.RESOLVED:
        return {PagerStatus.RESOLVED}
    if group.waits or page.past_acknowledgement:
        return set(PagerStatus)
    return {PagerStatus.RESOLVED, PagerStatus.ACKNOWLEDGED}


TestAlerts = Alerts.TestCase
TestAlerts.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
