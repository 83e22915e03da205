"""The bot is killed on each step of a change's way: asked for, approved, started, told late, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bot.adapters.clock import OffsetClock, WallClock
from bot.domain.changes.change import Change, ChangeState
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from bot.sandbox.slack import Message
from storage.open import open_store
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import CHANGE_POINTS
from tests.support.story import CHANNEL, delivery_key

Result = TypeVar("Result")

CHAT = (
    "claim_chat.before_commit",
    "claim_chat.after_commit",
    "chat.before_send",
    "chat.after_send",
    "settle_chat.before_commit",
    "settle_chat.after_commit",
)
REQUESTED, APPROVED, STARTED, BACK = (CHANGE_POINTS[at : at + 2] for at in range(0, 8, 2))
WHEN_ASKED = (*REQUESTED, *CHAT)
"""Deaths from the form's sending until the card stands."""
WHEN_APPROVED = (*APPROVED, "chat.after_send", "settle_chat.before_commit")
"""Deaths until the thread says so."""
WHEN_STARTED = (*STARTED, *CHAT)
"""Deaths until the channel knows of it."""
WHEN_LATE = ("fire_due.before_commit", "fire_due.after_commit", "chat.before_send", "chat.after_send")
"""Deaths until whoever leads it hears that it takes too long."""
WHEN_TAKEN_BACK = (*BACK, "chat.after_send")
"""Deaths until the channel knows of that."""
IN_TURN = (*WHEN_ASKED, *WHEN_APPROVED, *WHEN_STARTED, *WHEN_LATE, *WHEN_TAKEN_BACK)

ASKER, APPROVER = "ana", "lee"
ONCE = (
    EventKind.CHANGE_REQUESTED,
    EventKind.CHANGE_APPROVED,
    EventKind.CHANGE_STARTED,
    EventKind.CHANGE_OVERRUN,
    EventKind.CHANGE_ROLLBACK,
)


async def test_a_changes_life_with_a_death_at_each_step_is_posted_told_and_started_once(
    home: Installation,
) -> None:
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        life = Life(home, keeper)
        await life.asks()
        await life.has_died(WHEN_ASKED)
        await life.shows("Orders fail")
        await life.types(APPROVER, f"approve {life.label}")
        await life.has_died(WHEN_ASKED + WHEN_APPROVED)
        await life.says("Approved by")
        await life.types(ASKER, f"start {life.label}")
        await life.has_died(WHEN_ASKED + WHEN_APPROVED + WHEN_STARTED)
        home.forward(minutes=31)
        await life.has_died(WHEN_ASKED + WHEN_APPROVED + WHEN_STARTED + WHEN_LATE)
        await life.types(ASKER, f"rollback {life.label} errors")
        await life.has_died(IN_TURN)
        await life.says("errors")
        assert keeper.killed == list(IN_TURN)
        assert await bot.terminate() == 0
    await life.judge()


class Life:
    """One change that mends what is broken."""

    def __init__(self, home: Installation, keeper: Keeper) -> None:
        self.home, self.keeper = home, keeper

    @property
    def label(self) -> str:
        """How its card names it: a request that died may have taken a number with it."""
        [card] = self._cards()
        return card.text.split()[0]

    async def asks(self) -> None:
        """Somebody fills in the form, and sends it; where no answer comes, Slack sends it again."""
        slack = self.home.slack
        await self.keeper.ask(
            lambda: slack.command(ASKER, CHANNEL, "/change", "request emergency payment: Orders fail")
        )
        await self.keeper.until(lambda: slack.views(ASKER), "the form")
        filled = {
            "steps": "Deploy 3.1",
            "validation": "Orders go through",
            "rollback": "Deploy 3.0",
            "starts": int(OffsetClock(self.home.clock_file).now().timestamp()),
            "length": "30m",
            "risk": "high",
        }
        await self.keeper.ask(lambda: slack.submit(ASKER, filled))

    async def types(self, who: str, text: str) -> None:
        """Somebody enters a command; where no answer comes, Slack sends it again."""
        self.home.forward(seconds=5)
        await self.keeper.ask(lambda: self.home.slack.command(who, CHANNEL, "/change", text))

    async def has_died(self, points: tuple[str, ...]) -> None:
        """The bot was killed at all of these points, one after the other; each may take its time."""
        for count, point in enumerate(points, 1):
            await self.keeper.until(partial(self._died, count), f"death at {point}", paced=True)

    def _died(self, count: int) -> bool:
        return len(self.keeper.killed) >= count

    async def shows(self, words: str) -> None:
        """The card stands, and shows them."""
        await self.keeper.until(lambda: any(words in one.text for one in self._cards()), words, paced=True)

    async def says(self, words: str) -> None:
        """The thread says so."""
        await self.keeper.until(lambda: any(words in one.text for one in self._messages()), words, paced=True)

    async def judge(self) -> None:
        """Nothing stands or was told twice, and it was done once, whoever died meanwhile."""
        posted = Counter(filter(None, map(delivery_key, self._messages())))
        assert set(posted.values()) == {1}, posted
        assert len(self._cards()) == 1
        [change] = await self._read(lambda tx: tx.changes.newest(10))
        assert change.state is ChangeState.ROLLING_BACK
        assert len(change.approvals) == 1
        assert change.lead is not None
        counted = await self._read(lambda tx: Counter(one.kind for one in tx.events.of(change.id)))
        assert {kind: counted[kind] for kind in ONCE} == dict.fromkeys(ONCE, 1)
        lines = [one for one in self._messages() if (delivery_key(one) or "").startswith("line/")]
        assert len(lines) == len(await self._read(lambda tx: _told(tx, change)))

    def _cards(self) -> list[Message]:
        return [one for one in self._messages() if (delivery_key(one) or "").startswith("change/")]

    def _messages(self) -> list[Message]:
        return self.home.slack.messages_in(CHANNEL)

    async def _read(self, body: Callable[[Transaction], Result]) -> Result:
        store = await open_store(self.home.database_url, clock=WallClock(), read_only=True)
        try:
            return await store.read(body)
        finally:
            await store.aclose()


def _told(tx: Transaction, change: Change) -> list[EventKind]:
    """What of its history the thread is told."""
    told = {*ONCE} - {EventKind.CHANGE_REQUESTED}
    return [one.kind for one in tx.events.of(change.id) if one.kind in told]
