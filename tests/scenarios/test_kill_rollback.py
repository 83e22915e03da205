"""The bot is killed at each step of asking a webhook to take a change back: that is done once, or by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.adapters.clock import OffsetClock
from bot.domain.changes.change import Change, ChangeState, HookState
from bot.domain.event import EventKind
from bot.guide.document import filled
from bot.ports.store import Transaction
from bot.sandbox.deployer import DeployerStandIn
from storage.open import OpenStore, open_store
from tests.support.bot_process import Installation, guide_without_reviews, replica
from tests.support.builders import ANA, a_change, a_plan
from tests.support.deployer import HOOK_SECRET, served_deployer
from tests.support.keeper import Keeper
from tests.support.kill_points import HOOK_POINTS
from tests.support.story import CHANNEL


@dataclass(frozen=True, slots=True)
class Site:
    """An installation in which a change of payment is being deployed, and what takes it back."""

    home: Installation
    deployer: DeployerStandIn

    async def take_back(self, keeper: Keeper) -> None:
        """Somebody takes it back."""
        slack = self.home.slack
        await keeper.ask(lambda: slack.command("lee", CHANNEL, "/change", "rollback CH1 errors"))

    async def change(self) -> tuple[Change, list[EventKind]]:
        """How it stands, and what has become of it."""

        def body(tx: Transaction) -> tuple[Change, list[EventKind]]:
            found = tx.changes.by_number(1)
            assert found is not None
            return found, [one.kind for one in tx.events.of(found.id)]

        async with _store(self.home) as store:
            return await store.read(body)


@asynccontextmanager
async def _store(home: Installation) -> AsyncIterator[OpenStore]:
    store = await open_store(home.database_url, clock=OffsetClock(home.clock_file), read_only=True)
    try:
        yield store
    finally:
        await store.aclose()


@asynccontextmanager
async def a_site(home: Installation) -> AsyncIterator[Site]:
    """Its guide names the deployer's webhook."""
    async with served_deployer() as served:
        guide = filled(
            guide_without_reviews(),
            {
                ("changes", "webhooks", "deployer", "url"): served.url,
                ("services", "payment", "rollback"): "deployer",
            },
        )
        home.guide.write_text(guide, encoding="utf-8")
        secret = {"OPSBOT_WEBHOOK_SECRET_DEPLOYER": HOOK_SECRET}
        store = await open_store(home.database_url, clock=OffsetClock(home.clock_file))
        try:
            await store.transaction("begin", lambda tx: _begin(tx, OffsetClock(home.clock_file)))
        finally:
            await store.aclose()
        yield Site(replace(home, more=secret), served.stand_in)


def _begin(tx: Transaction, clock: OffsetClock) -> None:
    now = clock.now()
    tx.changes.add(
        a_change(
            a_plan(kind="emergency", starts=now),
            state=ChangeState.DEPLOYING,
            requested=now,
            started=now,
            lead=ANA,
        )
    )


async def test_with_a_death_at_each_step_it_is_taken_back_once_and_that_is_told_once(
    home: Installation,
) -> None:
    async with a_site(home) as site, replica(site.home) as bot:
        site.home.reached_at(bot.url)
        keeper = Keeper(site.home, bot, HOOK_POINTS)
        await site.take_back(keeper)
        await keeper.until(lambda: keeper.killed == list(HOOK_POINTS), "the last death")
        assert await bot.terminate() == 0
        assert HOOK_SECRET not in bot.log()
    [asked] = site.deployer.rollbacks.values()
    assert asked.times == 3, "before it was settled it died twice after asking"
    change, kinds = await site.change()
    assert change.hook is not None
    assert change.hook.state is HookState.TAKEN
    assert kinds.count(EventKind.CHANGE_ROLLBACK) == kinds.count(EventKind.HOOK_TAKEN) == 1
    assert EventKind.HOOK_FAILED not in kinds


async def test_one_that_is_down_for_five_minutes_asks_no_more_and_people_are_told(home: Installation) -> None:
    async with a_site(home) as site, replica(site.home) as bot:
        site.home.reached_at(bot.url)
        keeper = Keeper(site.home, bot, ("claim_hooks.after_commit", "hooks.before_send"))
        await site.take_back(keeper)
        await keeper.until(lambda: "hooks.before_send" in keeper.killed, "the death before it is asked")
        site.home.forward(minutes=5)
        await keeper.until(lambda: _by_hand(site.home), "the line that it is done by hand", paced=True)
        assert await bot.terminate() == 0
    assert site.deployer.rollbacks == {}
    change, kinds = await site.change()
    assert change.hook is not None
    assert change.hook.state is HookState.FAILED
    assert kinds.count(EventKind.HOOK_FAILED) == 1


def _by_hand(home: Installation) -> bool:
    """Whether people are told to do it."""
    told = (one.text for one in home.slack.messages_in(CHANNEL))
    return any("Roll it back by hand: Roll back to v1" in text for text in told)
