"""Whatever people, vendors, time and crashes do, in whatever order: no page is lost, none is doubled.

The services run over a real database, and over vendors that fail in every way. In the end all vendors
are well again, everything owed arrives, and the promises are checked.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from bot.domain.delivery import Recipient
from bot.domain.errors import DomainError
from bot.domain.escalating import is_owed
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.page import PageRecord
from bot.domain.severity import Severity
from bot.ports.pager import PagerStatus
from bot.ports.pager_news import PagerNews, PagerNewsKind
from bot.services.requests import Answer, Declaration, Ref, Request
from bot.services.updates import Word
from bot.services.work import Claimed, SendPage
from tests.support.assembled import Assembled
from tests.support.builders import ANA, LEE
from tests.support.fake_vendors import Fate

Result = TypeVar("Result")
Ask = Callable[[], Awaitable[Answer]]

FATES = st.lists(st.sampled_from(Fate), max_size=4)
NUMBERS = st.integers(0, 9)
TIMES = st.sampled_from(
    [timedelta(seconds=seconds) for seconds in (0.2, 1, 6, 30, 61)]
    + [timedelta(minutes=minutes) for minutes in (15, 60, 300)]
)
VERBS = ("acknowledge", "mitigate", "resolve", "cancel", "reopen", "escalate", "write")
LESSENS = {
    EventKind.ACKNOWLEDGED,
    EventKind.MITIGATED,
    EventKind.RESOLVED,
    EventKind.CANCELLED,
    EventKind.SEVERITY_CHANGED,
    EventKind.REOPENED,
}
"""After any of these a page that has not left may be dropped."""


@dataclass(frozen=True)
class Told:
    """A request that was made, and what came of it."""

    ask: Ask
    reply: str


class Opsbot(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.bot = Assembled()
        self.told: list[Told] = []
        self.news: list[PagerNews] = []
        self.declared = 0
        self.requests = 0
        self.run(self.bot.start())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    # --- People in Slack

    @initialize(severity=st.sampled_from(Severity))
    def begin(self, severity: Severity) -> None:
        self.declare(severity)

    @rule(severity=st.sampled_from(Severity))
    def declare(self, severity: Severity) -> None:
        request = self._request()

        def ask() -> Awaitable[Answer]:
            return self.bot.parts.incidents.declare(
                request, Declaration(severity=severity, title="checkout is down", service="payment")
            )

        self._make(ask)
        self.declared += 1

    @rule(which=NUMBERS, verb=st.sampled_from(VERBS))
    def act(self, which: int, verb: str) -> None:
        request, ref = self._request(), self._one(which)
        if verb == "write":
            self._make(lambda: self.bot.parts.updates.write(request, ref, Word(text="rolled back")))
        else:
            self._make(lambda: getattr(self.bot.parts.incidents, verb)(request, ref))

    @rule(which=NUMBERS, severity=st.sampled_from(Severity))
    def change_severity(self, which: int, severity: Severity) -> None:
        request, ref = self._request(), self._one(which)
        self._make(lambda: self.bot.parts.incidents.change_severity(request, ref, severity))

    @rule(which=NUMBERS, epoch=st.integers(1, 4))
    def press_a_button_of_some_epoch(self, which: int, epoch: int) -> None:
        incident = self.run(self.bot.incident(which % self.declared + 1))
        request, ref = self._request(), Ref(id=incident.id, epoch=epoch)
        before = self._summary(incident)
        self._make(lambda: self.bot.parts.incidents.acknowledge(request, ref))
        if epoch != incident.epoch:
            assert self._summary(self.run(self.bot.incident(incident.number))) == before

    @precondition(lambda self: self.told)
    @rule(which=NUMBERS)
    def slack_tells_it_again(self, which: int) -> None:
        told = self.told[which % len(self.told)]
        before = self._everything()
        assert self.run(_reply(told.ask)) == told.reply
        assert self._everything() == before

    # --- People in the paging service

    @precondition(lambda self: self.bot.pager.alerts)
    @rule(
        which=NUMBERS,
        status=st.sampled_from([PagerStatus.ACKNOWLEDGED, PagerStatus.RESOLVED]),
        person=st.sampled_from(["Lee Novak", None]),
    )
    def somebody_acts_in_the_pager(self, which: int, status: PagerStatus, person: str | None) -> None:
        key = self._key(which)
        if status is PagerStatus.RESOLVED and not self._is_accepted(key):
            return  # a page that is sent again after that is rightly a new one
        self.bot.pager.act(key, status, person)
        self._publish(key, PagerNewsKind(status.value), person)

    @precondition(lambda self: self.bot.pager.alerts)
    @rule(which=NUMBERS, kind=st.sampled_from(PagerNewsKind))
    def the_pager_tells_something(self, which: int, kind: PagerNewsKind) -> None:
        if kind not in {PagerNewsKind.ACKNOWLEDGED, PagerNewsKind.RESOLVED}:
            self._publish(self._key(which), kind, None)

    @precondition(lambda self: self.news)
    @rule(which=NUMBERS, keep=st.booleans())
    def news_arrive(self, which: int, keep: bool) -> None:
        news = self.news[which % len(self.news)]
        if not keep:
            self.news.remove(news)
        self.run(self.bot.parts.sync.hear(news))

    @rule()
    def look(self) -> None:
        self.run(self.bot.parts.sync.poll())

    # --- Time, deliveries, crashes

    @rule(by=TIMES)
    def wait(self, by: timedelta) -> None:
        self.bot.clock.advance(by)

    @rule()
    def tick(self) -> None:
        self.run(self.bot.parts.timers.fire_due())

    @rule(recipient=st.sampled_from(Recipient), most=st.integers(1, 4), fates=FATES)
    def deliver(self, recipient: Recipient, most: int, fates: list[Fate]) -> None:
        self.bot.fates.coming.extend(fates)
        for claimed in self._claim(recipient, most):
            self.run(self.bot.parts.deliveries.carry_out(claimed))
        self.bot.fates.coming.clear()

    @rule(recipient=st.sampled_from(Recipient), most=st.integers(1, 4), fates=FATES, sent=st.booleans())
    def die_while_sending(self, recipient: Recipient, most: int, fates: list[Fate], sent: bool) -> None:
        self.bot.fates.coming.extend(fates)
        for claimed in self._claim(recipient, most):
            if sent:
                self.run(self.bot.send_and_die(claimed))
        self.bot.fates.coming.clear()
        self.run(self.bot.crash())

    @rule(verb=st.sampled_from(VERBS), fates=FATES)
    def somebody_acts_while_a_page_is_under_way(self, verb: str, fates: list[Fate]) -> None:
        claimed = self._claim(Recipient.PAGER, 4)
        for one in claimed:
            incident = self._of(one)
            self.act(incident.number - 1, verb)
        self.bot.fates.coming.extend(fates)
        for one in claimed:
            self.run(self.bot.parts.deliveries.carry_out(one))
        self.bot.fates.coming.clear()

    # --- The promises

    @override
    def teardown(self) -> None:
        try:
            if self.declared:
                self._check()
        finally:
            self.run(self.bot.close())
            self.runner.close()

    def _check(self) -> None:
        for number in range(1, self.declared + 1):  # a card that was refused for good comes with a change
            request, ref = self._request(), Ref(number=number)
            word = Word(text="looking")
            self.run(_reply(lambda r=request, f=ref, w=word: self.bot.parts.updates.write(r, f, w)))  # type: ignore[misc]
        self.run(self.bot.settle())
        assert self.run(self.bot.owes()) == 0
        assert not {key for key, times in self.bot.pager.notified.items() if times > 1}
        lines = Counter(line.key for line in self.bot.chat.lines.values())
        assert not {key for key, times in lines.items() if times > 1}
        for number in range(1, self.declared + 1):
            incident = self.run(self.bot.incident(number))
            assert self.run(self.bot.shows_the_newest(incident))
            for page in self.run(self.bot.pages(incident.id)):
                self._check_page(incident, page)

    def _check_page(self, incident: Incident, page: PageRecord) -> None:
        alert = self.bot.pager.alerts.get(page.key)
        if is_owed(incident, page.epoch, past_acknowledgement=page.past_acknowledgement):
            # Mitigating ends what was asked for before it, also past an acknowledgement: looked at below.
            assert page.accepted_at or page.dropped_at, "a page that is still needed was never taken"
        if page.accepted_at:
            assert alert, "what counts as taken was never sent"
        if alert is None:
            kinds = {e.kind for e in self.run(self.bot.history(incident.id)) if e.at >= page.requested_at}
            assert kinds & LESSENS, "a page was dropped, and nothing had happened that made it needless"
        elif page.key not in self.bot.pager.refused:
            assert alert.status in self._allowed(incident, page)

    def _allowed(self, incident: Incident, page: PageRecord) -> set[PagerStatus]:
        """How the pager may show a page of an incident, once all is settled."""
        ended = {PagerStatus.RESOLVED}
        if not incident.status.is_open:
            return ended
        if incident.status is Status.TRIGGERED or page.past_acknowledgement:
            return set(PagerStatus)
        return ended | {PagerStatus.ACKNOWLEDGED}

    # --- How it is done

    def _request(self) -> Request:
        self.requests += 1
        actor = ANA if self.requests % 2 else LEE
        return Request(source="slack/command", delivery_id=f"r{self.requests}", actor=actor)

    def _one(self, which: int) -> Ref:
        return Ref(number=which % self.declared + 1)

    def _make(self, ask: Ask) -> None:
        self.told.append(Told(ask, self.run(_reply(ask))))

    def _claim(self, recipient: Recipient, most: int) -> tuple[Claimed, ...]:
        """Claim, and see that every page among it is needed at this moment."""
        claimed = self.run(self.bot.parts.deliveries.claim(recipient, most))
        for one in claimed:
            if isinstance(one.work, SendPage):
                past = one.delivery.payload["past"]
                assert is_owed(self._of(one), one.delivery.epoch, past_acknowledgement=past)
        return claimed

    def _of(self, claimed: Claimed) -> Incident:
        subject = claimed.delivery.subject
        found = self.run(self.bot.parts.store.read(lambda tx: tx.incidents.by_id(subject)))
        assert found is not None
        return found

    def _key(self, which: int) -> str:
        keys = list(self.bot.pager.alerts)
        return keys[which % len(keys)]

    def _is_accepted(self, key: str) -> bool:
        incident, epoch, step = key.split("/")
        pages = self.run(self.bot.pages(incident))
        return any(page.accepted_at for page in pages if (page.epoch, page.step) == (int(epoch), int(step)))

    def _publish(self, key: str, kind: PagerNewsKind, person: str | None) -> None:
        self.news.append(
            PagerNews(
                event_id=f"e{len(self.news)}/{self.bot.clock.now().isoformat()}/{self.requests}",
                kind=kind,
                key=key,
                incident_id=f"Q{self.bot.pager.alerts[key].number}",
                at=self.bot.clock.now(),
                by_person=person,
            )
        )

    def _summary(self, incident: Incident) -> tuple[object, ...]:
        """All of an incident but its history, to which refusals are added."""
        return (incident, self.run(self.bot.pages(incident.id)))

    def _everything(self) -> list[object]:
        found: list[object] = [self.run(self.bot.owes())]
        for number in range(1, self.declared + 1):
            incident = self.run(self.bot.incident(number))
            found += [*self._summary(incident), self.run(self.bot.history(incident.id))]
        return found


async def _reply(ask: Ask) -> str:
    """What the one who asked reads, be it an answer or a refusal."""
    try:
        return (await ask()).text
    except DomainError as refusal:
        return str(refusal)


TestOpsbot = Opsbot.TestCase
TestOpsbot.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
