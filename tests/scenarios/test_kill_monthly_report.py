"""The bot is killed on each step of a month's report; it is told once, with one chart under it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import count

from bot.adapters.clock import OffsetClock
from bot.adapters.holidays import PublicHolidays
from bot.domain.business_time import BusinessCalendar
from bot.domain.checklists.monthly import month_before, month_due
from bot.domain.checklists.schedule import next_occurrence
from bot.guide.load import load_guide
from bot.sandbox.slack import Message
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import READING_POINTS, REPORT_POINTS
from tests.support.story import CHANNEL, delivery_key

FIRST_LOOK, *OWING = REPORT_POINTS
IN_TURN = (*OWING, *("chat.after_send", "settle_chat.before_commit") * 2, *READING_POINTS)
"""Deaths from when a month is to be told until its chart hangs."""


class Months:
    """When a review is due, and when its month is told."""

    def __init__(self, home: Installation) -> None:
        self._home = home
        guide = load_guide(None)
        organization = guide.organization
        holidays = PublicHolidays(organization.country, organization.subdivision)
        self._checklist, self._at = guide.checklists["health-check"], guide.reviews.report_at
        self._calendar = BusinessCalendar(
            zone=organization.zone, hours=organization.business_hours, is_holiday=holidays.is_holiday
        )

    @property
    def now(self) -> datetime:
        """What the bot's clock shows."""
        return OffsetClock(self._home.clock_file).now()

    def pass_until_a_review(self) -> None:
        """The next one is due."""
        coming = next_occurrence(self._checklist, self._calendar, self.now)
        assert coming is not None
        self._pass_until(coming.at)

    def pass_until_it_is_told(self) -> None:
        """The report of this month is due."""
        assert self._at is not None
        reviewed = self.now
        days = (reviewed + timedelta(days=day) for day in count())
        due = (month_due(day, self._at, self._calendar) for day in days)
        self._pass_until(next(one for one in due if _is_told(reviewed, one, self._calendar)))

    def _pass_until(self, at: datetime) -> None:
        self._home.forward(seconds=(at - self.now + timedelta(seconds=1)).total_seconds())


async def test_a_month_with_a_death_at_each_step_is_told_once(home: Installation) -> None:
    home = home.with_reviews
    months = Months(home)
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, [FIRST_LOOK])
        await keeper.until(lambda: keeper.killed, "the first look", paced=True)
        months.pass_until_a_review()
        await keeper.until(lambda: _posted(home, "run/"), "a review", paced=True)
        assert await bot.terminate() == 0
    months.pass_until_it_is_told()
    async with replica(home, "next") as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        await keeper.until(lambda: len(keeper.killed) >= len(IN_TURN), "the last death", paced=True)
        await keeper.until(lambda: _posted(home, "checklist_report/"), "the report", paced=True)
        await keeper.until(lambda: _charts(home), "its chart", paced=True)
        assert await bot.terminate() == 0
    posted = Counter(filter(None, map(delivery_key, home.slack.messages_in(CHANNEL))))
    assert set(posted.values()) == {1}, posted
    assert len(_posted(home, "checklist_report/")) == 1
    assert len(_charts(home)) == 1


def _is_told(reviewed: datetime, due: datetime, calendar: BusinessCalendar) -> bool:
    since, until = month_before(due, calendar.zone)
    return since <= reviewed < until


def _posted(home: Installation, key: str) -> list[Message]:
    return [one for one in home.slack.messages_in(CHANNEL) if (delivery_key(one) or "").startswith(key)]


def _charts(home: Installation) -> list[str]:
    files = [one for one in home.slack.workspace.files if one.shares]
    return [one.name for one in files if one.name.startswith("reviews-")]
