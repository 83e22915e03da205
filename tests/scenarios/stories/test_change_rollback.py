"""A change is taken back by the guide's signed webhook; what that does not do, people do by hand."""

from __future__ import annotations

import json

import pytest

from bot.domain.delivery import Recipient
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from bot.views.audit import FORMATS
from tests.support.change_stories import ANA, LEE, started
from tests.support.deployer import HOOK_SECRET
from tests.support.harness import World
from tests.support.worlds import OpenWorld

BY_HAND = "helm rollback checkout"


@pytest.fixture
async def deployed(a_world: OpenWorld) -> World:
    """A change of payment is being deployed; the deployer takes it back."""
    world = await a_world(deployer=True)
    await started(world)
    return world


def loud(world: World) -> list[str]:
    return [line for line in world.change_card().loud if "hook" in line.lower() or "by hand" in line]


async def test_the_deployer_is_asked_once_and_what_it_says_is_told(deployed: World) -> None:
    reply = await deployed.lee.types("/change rollback CH1 errors at 5 %")
    assert "CH1" in reply.text
    [asked] = deployed.deployer.rollbacks.values()
    assert (asked.change, asked.title, asked.service) == ("CH1", "New checkout", "payment")
    assert (asked.reason, asked.by, asked.times) == ("errors at 5 %", "lee", 1)
    assert any("Rolling back payment." in line for line in deployed.change_card().thread)
    assert deployed.change_card().says("deployer")
    await deployed.forward(minutes=1)  # a word that crosses the rollback does not end it
    await deployed.ana.types("/change done CH1")
    assert deployed.change_card().says("Rolled back")
    await deployed.forward(minutes=10)
    assert asked.times == 1


async def test_what_is_refused_is_told_aloud_at_once_with_how_by_hand(deployed: World) -> None:
    deployed.deployer.faults.add("status", status=403)
    await deployed.lee.types("/change rollback CH1 errors")
    [line] = [one for one in deployed.change_card().loud if BY_HAND in one]
    assert f"<@{ANA}>" in line, "who leads it"
    assert deployed.deployer.rollbacks == {}


async def test_a_deployer_that_is_down_is_asked_for_five_minutes_and_then_it_is_done_by_hand(
    deployed: World,
) -> None:
    deployed.deployer.faults.add("down")
    await deployed.lee.types("/change rollback CH1 errors")
    await deployed.forward(minutes=4, seconds=50)
    assert [one for one in deployed.change_card().loud if BY_HAND in one] == []
    await deployed.forward(seconds=15)
    assert len([one for one in deployed.change_card().loud if BY_HAND in one]) == 1
    deployed.deployer.faults.clear()
    await deployed.forward(hours=1)
    assert deployed.deployer.rollbacks == {}


async def test_who_is_faster_than_a_deployer_that_is_down_is_told_that_it_was_by_hand(
    deployed: World,
) -> None:
    deployed.deployer.faults.add("down")
    await deployed.lee.types("/change rollback CH1 errors")
    await deployed.forward(minutes=2)
    reply = await deployed.lee.types("/change done CH1")
    assert "by hand: webhook deployer had not taken it" in reply.text
    [line] = [one for one in deployed.change_card().thread if "Rolled back, says" in one]
    assert "webhook deployer had not taken it" in line
    deployed.deployer.faults.clear()
    await deployed.forward(minutes=10)
    assert deployed.deployer.rollbacks == {}
    assert deployed.change_card().says("It was rolled back by hand. Webhook deployer did not")

    def kinds(tx: Transaction) -> list[EventKind]:
        change = tx.changes.by_number(1)
        assert change is not None
        return [one.kind for one in tx.events.of(change.id)]

    assert EventKind.HOOK_FAILED in await deployed.bot.store.read(kinds)


async def test_one_whose_answer_is_lost_is_asked_again_under_the_same_key(deployed: World) -> None:
    deployed.deployer.faults.add("cut", count=1)
    await deployed.lee.types("/change rollback CH1 errors")
    await deployed.forward(seconds=30)
    [asked] = deployed.deployer.rollbacks.values()
    assert asked.times == 2
    assert [one for one in deployed.change_card().loud if BY_HAND in one] == []


async def test_after_an_outage_of_the_bot_it_is_not_asked_any_more(deployed: World) -> None:
    await deployed.slack.command("lee", "C0ALERTS1", "/change", "rollback CH1 errors")
    await deployed.outage(minutes=6)
    await deployed.settle()
    assert deployed.deployer.rollbacks == {}
    assert len([one for one in deployed.change_card().loud if BY_HAND in one]) == 1


async def test_after_a_short_outage_it_is_asked(deployed: World) -> None:
    await deployed.slack.command("lee", "C0ALERTS1", "/change", "rollback CH1 errors")
    await deployed.outage(minutes=1)
    assert len(deployed.deployer.rollbacks) == 1


async def test_a_line_that_comes_again_rolls_back_once(deployed: World) -> None:
    reply = await deployed.lee.types("/change rollback CH1 errors")
    await deployed.slack.redeliver(reply)
    await deployed.settle()
    [asked] = deployed.deployer.rollbacks.values()
    assert asked.times == 1


async def test_a_service_without_a_webhook_is_rolled_back_by_hand(a_world: OpenWorld) -> None:
    world = await a_world(deployer=True)
    await started(world, service="identity")
    await world.lee.types("/change rollback CH1 errors")
    assert any("by hand" in line for line in world.change_card().loud)
    await world.forward(minutes=6)
    assert world.deployer.rollbacks == {}


async def test_the_secret_and_the_address_are_nowhere(
    deployed: World, caplog: pytest.LogCaptureFixture
) -> None:
    deployed.deployer.faults.add("status", status=500, count=1)
    deployed.deployer.faults.add("status", status=404)
    await deployed.lee.types("/change rollback CH1 errors")
    await deployed.forward(minutes=1)

    def history(tx: Transaction) -> str:
        change = tx.changes.by_number(1)
        assert change is not None
        return FORMATS["json"].page(tx.events.entries(change.id, limit=1000))

    written = await deployed.bot.store.read(history)
    shown = json.dumps([message.text for message in deployed.slack.messages])
    _, metrics = await deployed.get("/metrics")
    assert HOOK_SECRET not in repr(deployed.bot)
    for place in (written, shown, metrics, caplog.text):
        assert HOOK_SECRET not in place
        assert deployed.deployer_url not in place


async def test_what_was_asked_is_in_the_history(deployed: World) -> None:
    await deployed.lee.types("/change rollback CH1 errors")

    def kinds(tx: Transaction) -> list[EventKind]:
        change = tx.changes.by_number(1)
        assert change is not None
        assert tx.outbox.soonest(Recipient.HOOKS) is None
        return [one.kind for one in tx.events.of(change.id)]

    found = await deployed.bot.store.read(kinds)
    assert found[-2:] == [EventKind.CHANGE_ROLLBACK, EventKind.HOOK_TAKEN]
    assert LEE.startswith("U0")
