"""A review's card waits a moment for its evidence, and never for long."""

from __future__ import annotations

from bot.app.checklists import PROMPTS
from bot.domain.delivery import Recipient
from bot.services.run_writing import EVIDENCE_GRACE
from tests.support.harness import World
from tests.support.mornings import TUESDAY
from tests.support.worlds import OpenWorld

SEEN = "Targets that are down: *0*"


async def looks_alone(world: World) -> None:
    """The bot looks what is due, and sends nothing yet."""
    [look] = [job.do for job in world.bot.jobs if job.name == PROMPTS]
    await look()


async def only_slack_is_served(world: World) -> None:
    """What is owed to Slack is sent; who is asked for evidence does not answer."""
    await world.bot.outbox[Recipient.CHAT].drain()


async def the_morning(a_world: OpenWorld) -> World:
    world = await a_world(prometheus=True)
    await world.prompts()
    await world.forward_to(TUESDAY)
    await looks_alone(world)
    return world


async def test_the_card_is_posted_with_its_evidence_as_soon_as_that_is_there(a_world: OpenWorld) -> None:
    world = await the_morning(a_world)
    await only_slack_is_served(world)
    assert world.run_cards() == []
    await world.settle()
    assert world.clock.now() == TUESDAY
    assert world.run_card("Health Check").says(SEEN)


async def test_evidence_that_does_not_come_keeps_the_card_for_seconds_and_is_shown_later(
    a_world: OpenWorld,
) -> None:
    world = await the_morning(a_world)
    world.clock.advance(EVIDENCE_GRACE)
    await only_slack_is_served(world)
    card = world.run_card("Health Check")
    assert not card.says(SEEN)
    assert card.says("Every service answers")
    await world.settle()
    await world.forward(seconds=5)
    assert world.run_card("Health Check").says(SEEN)
    assert [one.content.text[:12] for one in world.run_cards()].count("Health Check") == 1


async def test_whoever_is_on_call_has_the_card_that_is_posted(a_world: OpenWorld) -> None:
    world = await the_morning(a_world)
    await world.settle()
    assert world.run_card("Health Check").says("ana")
