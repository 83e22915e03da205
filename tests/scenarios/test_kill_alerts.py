"""The bot is killed on each step of an alert's way, from Alertmanager's news to the last page's end."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bot.adapters.clock import WallClock
from bot.domain.delivery import DeliveryKind
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.incidents import ACKNOWLEDGED, RESOLVED
from bot.sandbox.pagerduty.people import ANA
from storage.open import open_store
from tests.support.alert_news import news, told
from tests.support.bot_process import Installation, guide_without_reviews, replica
from tests.support.firing import ALERTS_TOKEN
from tests.support.keeper import Keeper
from tests.support.kill_points import ALERT_POINTS
from tests.support.story import CHANNEL, delivery_key

AT_FIRST = (
    *ALERT_POINTS,
    "claim_pager.before_commit",
    "claim_pager.after_commit",
    "pager.before_send",
    "pager.after_send",
    "settle_pager.before_commit",
    "settle_chat.before_commit",
)
"""Deaths until the first page has rung, and the card stands."""
ON_THE_WAY = ("fire_due.before_commit", "fire_due.after_commit")
"""Deaths with the step that is due."""
WITH_THE_ANSWER = ("hear.before_commit", "hear.after_commit")
"""Deaths with what PagerDuty tells."""
AT_LAST = ("claim_chat.after_commit", "chat.before_send", "chat.after_send")
"""Deaths with the card that shows how it ended."""
IN_TURN = (*AT_FIRST, *ON_THE_WAY, *WITH_THE_ANSWER, *AT_LAST)

_TAKEN = "200"
_TRIES, _PAUSE_SECONDS = 40, 0.05
_WEBHOOK_SECONDS = aiohttp.ClientTimeout(total=10)


async def test_an_alerts_life_with_a_death_at_each_step_loses_nothing_and_doubles_nothing(
    home: Installation,
) -> None:
    home = replace(home, more=variables(home.folder))
    since = WallClock().now()
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        life = Life(home, keeper, bot.url)
        await life.fires(since)
        await life.is_paged(1)
        await life.has_died(AT_FIRST)
        home.forward(minutes=15)
        await life.has_died(ON_THE_WAY)
        await life.is_paged(2)
        home.pagerduty.acknowledge(life.keys[0], ANA.name)
        await life.has_died(WITH_THE_ANSWER)
        await life.shows(ACKNOWLEDGED)
        await life.fires(since, since + timedelta(minutes=16))
        await life.has_died(AT_LAST)
        await life.shows(RESOLVED)
        await life.is_told("none of its alerts fires any more")
        assert keeper.killed == list(IN_TURN)
        assert await bot.terminate() == 0
    await life.judge()


class Life:
    """One alert group, told as Alertmanager does: again and again, until it is answered with 200."""

    def __init__(self, home: Installation, keeper: Keeper, url: str) -> None:
        self.home, self.keeper, self.url = home, keeper, url

    @property
    def keys(self) -> list[str]:
        """What PagerDuty was paged under, in order."""
        return list(dict.fromkeys(one.key for one in self.home.pagerduty.notifications))

    async def fires(self, since: datetime, until: datetime | None = None) -> None:
        """Alertmanager tells that it fires, or is resolved."""
        body = news(told(since, until, service="payment"), status="resolved" if until else "firing")
        answers: list[str] = []
        while len(answers) < _TRIES:
            await self.keeper.keep()
            answers.append(await self._posted(body))
            if answers[-1] == _TAKEN:
                return
            await asyncio.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"the bot did not take Alertmanager's news: {answers}")

    async def is_paged(self, count: int) -> None:
        """So many pages have rung."""
        await self.keeper.until(lambda: len(self.keys) == count, f"page {count}")

    async def shows(self, status: str) -> None:
        """PagerDuty has every page in that state, and the card says what it comes from."""

        def holds() -> bool:
            states = {self.home.pagerduty.incident(key).status for key in self.keys}
            return states == {status} and any(status in card.lower() for card in self._cards())

        await self.keeper.until(holds, f"pages and card {status}", paced=True)

    async def is_told(self, words: str) -> None:
        """The card's thread says so."""

        def holds() -> bool:
            return any(words in one.text for one in self.home.slack.messages_in(CHANNEL))

        await self.keeper.until(holds, words, paced=True)

    async def has_died(self, points: tuple[str, ...]) -> None:
        """The bot was killed at the last of these points, and stands again."""
        await self.keeper.until(
            lambda: points[-1] in self.keeper.killed, f"death at {points[-1]}", paced=True
        )

    async def judge(self) -> None:
        """Nobody was paged twice, nothing stands twice, nothing is owed."""
        rung = Counter((one.key, one.person) for one in self.home.pagerduty.notifications)
        assert [key.split("/")[1:] for key in self.keys] == [["1", "0"], ["1", "1"]]
        assert set(rung.values()) == {1}
        posted = Counter(filter(None, map(delivery_key, self.home.slack.messages_in(CHANNEL))))
        assert set(posted.values()) == {1}
        store = await open_store(self.home.database_url, clock=WallClock(), read_only=True)
        try:
            left = await store.read(self._left)
        finally:
            await store.aclose()
        assert left == []

    def _left(self, tx: Transaction) -> list[object]:
        """What still fires, still escalates, or is still owed."""
        group = self.keys[0].partition("/")[0]
        owed = [kind for kind, _, _ in tx.outbox.backlog() if kind != DeliveryKind.PAGE_CONFIRM]
        return [*tx.alert_groups.firing(), *tx.timers.of(group, TimerKind.ESCALATION), *owed]

    def _cards(self) -> list[str]:
        messages = self.home.slack.messages_in(CHANNEL)
        return [one.text for one in messages if (delivery_key(one) or "").startswith("alert/")]

    async def _posted(self, body: object) -> str:
        headers = {"Authorization": f"Bearer {ALERTS_TOKEN}"}
        url = f"{self.url}/webhooks/alertmanager"
        try:
            async with self.home.http.post(
                url, json=body, headers=headers, timeout=_WEBHOOK_SECONDS
            ) as answer:
                return f"{answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return repr(error)


def variables(folder: Path) -> dict[str, str]:
    """Of a bot that is told of alerts, and whose guide lets critical ones page."""
    guide = folder / "guide.yaml"
    route = "severity: P1\n    page: false\n  - channel"
    text = guide_without_reviews()
    assert route in text
    paging = "severity: P1\n    page: true\n    escalate_after: 15m\n  - channel"
    guide.write_text(text.replace(route, paging), encoding="utf-8")
    return {"ALERTMANAGER_WEBHOOK_TOKEN": ALERTS_TOKEN, "OPSBOT_GUIDE": str(guide)}
