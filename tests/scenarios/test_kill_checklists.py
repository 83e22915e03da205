"""The bot is killed on each step of a review's way, from its time to the card, and again the next morning."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

from bot.adapters.clock import OffsetClock, WallClock
from bot.adapters.holidays import PublicHolidays
from bot.domain.business_time import BusinessCalendar
from bot.domain.checklists.run import RunState
from bot.domain.checklists.schedule import next_occurrence
from bot.domain.event import EventKind
from bot.guide.load import load_guide
from bot.ports.store import Transaction
from bot.sandbox.slack import Message
from storage.open import open_store
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import CHECKLIST_POINTS, OWNER_POINTS, READING_POINTS
from tests.support.story import CHANNEL, delivery_key

AT_FIRST = CHECKLIST_POINTS
"""Deaths with the first look, which asks for nothing."""
IN_THE_MORNING = (
    *CHECKLIST_POINTS,
    *READING_POINTS,
    "claim_chat.before_commit",
    "claim_chat.after_commit",
    "chat.before_send",
    "chat.after_send",
    "settle_chat.before_commit",
    "settle_chat.after_commit",
)
"""Deaths from when a review is due until its card stands, with what it looks at in it."""
THE_NEXT_DAY = (*CHECKLIST_POINTS, *OWNER_POINTS, "chat.after_send", "settle_chat.before_commit")
"""Deaths with what takes over what is open, and until it is whoever's who is on call."""
IN_TURN = (*AT_FIRST, *IN_THE_MORNING, *THE_NEXT_DAY)

HEALTH = "health-check"


async def test_two_mornings_with_a_death_at_each_step_show_each_review_once(home: Installation) -> None:
    home = home.with_reviews
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        days = Days(home, keeper)
        await days.have_died(AT_FIRST)
        home.forward(seconds=days.seconds_until_next())
        await days.have_died(AT_FIRST + IN_THE_MORNING)
        await days.show(1)
        home.forward(seconds=days.seconds_until_next())
        await days.have_died(IN_TURN)
        await days.show(2)
        await days.say("went on to")
        assert keeper.killed == list(IN_TURN)
        assert await bot.terminate() == 0
    await days.judge()


class Days:
    """What the channel shows of the health check, day by day."""

    def __init__(self, home: Installation, keeper: Keeper) -> None:
        self.home, self.keeper = home, keeper
        guide = load_guide(None)
        organization = guide.organization
        holidays = PublicHolidays(organization.country, organization.subdivision)
        self._checklist = guide.checklists[HEALTH]
        self._calendar = BusinessCalendar(
            zone=organization.zone, hours=organization.business_hours, is_holiday=holidays.is_holiday
        )

    def seconds_until_next(self) -> float:
        """Until a moment after the next time at which the review is due."""
        now = OffsetClock(self.home.clock_file).now()
        coming = next_occurrence(self._checklist, self._calendar, now)
        assert coming is not None
        return (coming.at - now + timedelta(seconds=1)).total_seconds()

    async def have_died(self, points: tuple[str, ...]) -> None:
        """The bot was killed at all of these points, one after the other; each may take its time."""
        for count, point in enumerate(points, 1):
            await self.keeper.until(partial(self._has_died, count), f"death at {point}", paced=True)

    def _has_died(self, count: int) -> bool:
        return len(self.keeper.killed) >= count

    async def show(self, count: int) -> None:
        """So many cards of the review stand."""
        await self.keeper.until(lambda: len(self._cards()) >= count, f"card {count}", paced=True)

    async def say(self, words: str) -> None:
        """A thread says so."""
        await self.keeper.until(
            lambda: any(words in one.text for one in self.home.slack.messages_in(CHANNEL)), words, paced=True
        )

    async def judge(self) -> None:
        """Nothing stands or was said twice, no review has begun twice, and each but today's is over."""
        posted = Counter(filter(None, map(delivery_key, self.home.slack.messages_in(CHANNEL))))
        assert set(posted.values()) == {1}, posted
        store = await open_store(self.home.database_url, clock=WallClock(), read_only=True)
        try:
            runs = await store.read(_runs)
            given = await store.read(_given)
        finally:
            await store.aclose()
        assert set(Counter((checklist, occurrence) for checklist, occurrence, _ in runs).values()) == {1}
        states = [state for checklist, _, state in runs if checklist == HEALTH]
        assert states == ["open", "carried"]
        assert len(self._cards()) == len(states)
        assert list(given.values()) == [["ana"], ["ana"]]

    def _cards(self) -> list[Message]:
        messages = self.home.slack.messages_in(CHANNEL)
        return [one for one in messages if _is_card(one) and "Health Check" in one.text]


def _is_card(message: Message) -> bool:
    return (delivery_key(message) or "").startswith("run/")


def _runs(tx: Transaction) -> list[tuple[str, str, str]]:
    return [(run.checklist, run.occurrence, run.state.value) for run in tx.runs.newest(500)]


def _given(tx: Transaction) -> dict[str, list[str]]:
    """To whom each run of who is on call was given, as its history says."""
    runs = [run for run in tx.runs.newest(500) if run.state is not RunState.SKIPPED]
    return {
        run.id: [str(one.data["to"]) for one in tx.events.of(run.id) if one.kind is EventKind.RUN_GIVEN]
        for run in runs
        if run.checklist == HEALTH
    }
