"""Machines that every promise is tested with: the pager's people and news, time, deliveries, crashes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.domain.delivery import Recipient
from bot.domain.escalating import Escalating, is_owed
from bot.ports.pager import PagerStatus
from bot.ports.pager_news import PagerNews, PagerNewsKind
from bot.services.subjects import escalating, find_subject
from bot.services.work import Claimed, SendPage
from tests.support.assembled import Assembled
from tests.support.fake_vendors import Fate

Result = TypeVar("Result")

FATES = st.lists(st.sampled_from(Fate), max_size=4)
NUMBERS = st.integers(0, 9)
TIMES = st.sampled_from(
    [timedelta(seconds=seconds) for seconds in (0.2, 1, 6, 30, 61)]
    + [timedelta(minutes=minutes) for minutes in (15, 60, 300)]
)


class Lives(RuleBasedStateMachine):
    """One bot after the other over one database, and what happens to it whatever it is used for."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.bot = Assembled()
        self.news: list[PagerNews] = []
        self.published = 0
        self.run(self.bot.start())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

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

    # --- How it is done

    def _check_arrived(self) -> None:
        """Let everything owed arrive: nothing is left, and nobody was notified, or told, twice."""
        self.run(self.bot.settle())
        assert self.run(self.bot.owes()) == 0
        assert not {key for key, times in self.bot.pager.notified.items() if times > 1}
        lines = Counter(line.key for line in self.bot.chat.lines.values())
        assert not {key for key, times in lines.items() if times > 1}

    def _claim(self, recipient: Recipient, most: int) -> tuple[Claimed, ...]:
        """Claim, and see that every page among it is needed at this moment."""
        claimed = self.run(self.bot.parts.deliveries.claim(recipient, most))
        for one in claimed:
            if isinstance(one.work, SendPage):
                past = one.delivery.payload["past"]
                assert is_owed(self._of(one), one.delivery.epoch, past_acknowledgement=past)
        return claimed

    def _of(self, claimed: Claimed) -> Escalating:
        subject = claimed.delivery.subject
        found = self.run(self.bot.parts.store.read(lambda tx: find_subject(tx, subject)))
        return escalating(found)

    def _key(self, which: int) -> str:
        keys = list(self.bot.pager.alerts)
        return keys[which % len(keys)]

    def _is_accepted(self, key: str) -> bool:
        incident, epoch, step = key.split("/")
        pages = self.run(self.bot.pages(incident))
        return any(page.accepted_at for page in pages if (page.epoch, page.step) == (int(epoch), int(step)))

    def _publish(self, key: str, kind: PagerNewsKind, person: str | None) -> None:
        self.published += 1
        self.news.append(
            PagerNews(
                event_id=f"e{self.published}",
                kind=kind,
                key=key,
                incident_id=f"Q{self.bot.pager.alerts[key].number}",
                at=self.bot.clock.now(),
                by_person=person,
            )
        )
