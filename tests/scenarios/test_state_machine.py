"""Whatever people, vendors, time and crashes do, in whatever order: no page is lost, none is doubled.

The services run over a real database, and over vendors that fail in every way. In the end all vendors
are well again, everything owed arrives, and the promises are checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from bot.domain.delivery import Recipient
from bot.domain.errors import DomainError
from bot.domain.escalating import is_owed
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.page import PageRecord
from bot.domain.severity import Severity
from bot.ports.pager import PagerStatus
from bot.services.requests import Answer, Declaration, Ref, Request
from bot.services.updates import Word
from tests.support.builders import ANA, LEE
from tests.support.fake_vendors import Fate
from tests.support.lives import FATES, NUMBERS, Lives

Ask = Callable[[], Awaitable[Answer]]

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


class Opsbot(Lives):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []
        self.declared = 0
        self.requests = 0

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

    @rule(verb=st.sampled_from(VERBS), fates=FATES)
    def somebody_acts_while_a_page_is_under_way(self, verb: str, fates: list[Fate]) -> None:
        claimed = self._claim(Recipient.PAGER, 4)
        for one in claimed:
            incident = self._of(one)
            assert isinstance(incident, Incident)
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
        self._check_arrived()
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
