"""What is told at least once may be told twice: then nothing happens again, and the answer is the same."""

from __future__ import annotations

from bot.domain.event import Event, EventKind
from tests.support.harness import World
from tests.support.worlds import OpenWorld


async def history(world: World, number: int = 1) -> tuple[Event, ...]:
    incident = await world.bot.store.read(lambda tx: tx.incidents.by_number(number))
    assert incident is not None
    return await world.bot.store.read(lambda tx: tx.events.of(incident.id))


async def test_a_declaration(either_world: World) -> None:
    world = either_world
    first = await world.kim.types("/incident p0 checkout is down")
    again = await world.slack.redeliver(first)
    await world.settle()
    assert again.text == first.text
    assert "nothing was done twice" in world.kim.sees[-1]
    assert len(world.cards()) == len(world.alerts()) == 1


async def test_a_declaration_while_the_first_is_still_under_way(world: World) -> None:
    first = await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Resolve")
    again = await world.slack.redeliver(first)
    await world.settle()
    assert again.text == first.text
    assert world.card().says("*Resolved*")


async def test_a_button(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    pressed = await world.lee.presses("Escalate now")
    before = await history(world)
    again = await world.slack.redeliver(pressed)
    await world.settle()
    assert again.ok
    assert world.paged() == ["on-call", "team-lead"]
    assert await history(world) == before
    assert not world.lee.sees


async def test_a_mention(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    said = await world.lee.mentions("escalate", thread=world.card())
    before = await history(world)
    await world.slack.redeliver(said)
    await world.settle()
    assert world.paged() == ["on-call", "team-lead"]
    assert await history(world) == before


async def test_a_refusal_is_repeated_even_where_it_would_be_done_by_now(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.presses("Acknowledge")
    refused = await world.lee.types("/incident ack 1")
    await world.kim.types("/incident sev 1 p0")
    again = await world.slack.redeliver(refused)
    await world.settle()
    assert again.text == refused.text
    assert world.card().says("Not acknowledged")


async def test_a_refused_mention_is_not_carried_out_when_it_comes_again(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.presses("Acknowledge")
    refused = await world.lee.mentions("ack 1")
    await world.kim.types("/incident sev 1 p0")
    before = await history(world)
    await world.slack.redeliver(refused)
    await world.settle()
    assert world.card().says("Not acknowledged")
    assert await history(world) == before
    assert world.lee.sees[0] == world.lee.sees[1]


async def test_a_webhook(a_world: OpenWorld) -> None:
    world = await a_world(rest=False, webhook=True)
    world.pagerduty.subscribe(
        f"{world.url}/webhooks/pagerduty", "webhook-secret-of-the-tests", redelivery_seconds=(), copies=3
    )
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.acknowledge(world.alerts()[0].key)
    await world.settle()
    await world.forward(minutes=1)
    assert [line.splitlines()[0] for line in world.card().thread] == [
        "Acknowledged by Ana Ortiz (PagerDuty)."
    ]
    assert {status for one in world.pagerduty.webhooks.deliveries for status in one.statuses} == {202}


async def test_an_acknowledgement_that_pagerduty_tells_late_does_not_take_a_reopened_incident(
    a_world: OpenWorld,
) -> None:
    world = await a_world(rest=False, webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    old = world.alerts()[0]
    await world.ana.presses("Resolve")
    await world.kim.presses("Reopen")
    world.pagerduty.reopen(old.key, "Lee Novak")
    world.pagerduty.acknowledge(old.key, "Lee Novak")
    await world.settle()
    assert world.card().says("Not acknowledged")
    await world.forward(minutes=15)
    assert world.paged()[-1] == "team-lead"


async def test_a_note(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    noted = await world.lee.types("/incident note 1 traffic moved")
    before = await history(world)
    again = await world.slack.redeliver(noted)
    await world.settle()
    assert again.text == noted.text
    assert await history(world) == before


async def test_a_message_that_its_menu_adds(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = world.slack.say("lee", "general", "payments fail for me")
    added = await world.slack.shortcut("ana", "general", message.ts, "add_to_timeline")
    before = await history(world)
    await world.slack.redeliver(added)
    await world.settle()
    assert await history(world) == before
    assert sum(event.kind is EventKind.MESSAGE_ADDED for event in before) == 1


async def test_an_export_is_one_file(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    asked = await world.lee.types("/incident export 1")
    await world.slack.redeliver(asked)
    await world.settle()
    assert sum(bool(file.shares) for file in world.slack.workspace.files) == 1
