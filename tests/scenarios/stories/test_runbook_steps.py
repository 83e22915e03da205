"""A runbook is worked through in an incident: opened for everybody, its steps checked off once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from bot.domain.event import Event, EventKind
from bot.domain.severity import Severity
from bot.sandbox.slack.messages import Message
from tests.support.harness import World
from tests.support.people import OPS, Card, readable
from tests.support.rooms import with_rooms
from tests.support.runbooks import at_address, with_runbooks
from tests.support.slack import serving
from tests.support.worlds import OpenWorld

P0 = "/incident p0 service:payment cards are refused"
KINDS = {
    EventKind.RUNBOOK_OPENED,
    EventKind.RUNBOOK_UNREAD,
    EventKind.RUNBOOK_STEP,
    EventKind.RUNBOOK_STEP_REOPENED,
}


def books(world: World) -> list[Card]:
    """The messages in which runbooks are worked through, oldest first."""
    return [Card.of(world.slack, message) for message in world.slack.messages if is_book(message)]


def is_book(message: Message) -> bool:
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key")).startswith("runbook/")


def step(card: Card, position: int) -> tuple[str, str]:
    """Action id and value of the button beside a step."""
    found = [
        block["accessory"]
        for block in card.content.blocks
        if "accessory" in block and block["accessory"]["value"].startswith(f"{position}|")
    ]
    return found[0]["action_id"], found[0]["value"]


async def presses(world: World, name: str, card: Card, position: int) -> None:
    action_id, value = step(card, position)
    await world.slack.click(name, card.message.channel, card.message.ts, action_id, value)
    await world.settle()


async def history(world: World, number: int = 1) -> list[Event]:
    """What the incident's timeline has of runbooks."""
    incident = await world.bot.store.read(lambda tx: tx.incidents.by_number(number))
    assert incident is not None
    page = await world.bot.store.read(lambda tx: tx.events.of(incident.id))
    return [event for event in page if event.kind in KINDS]


async def an_open_book(world: World) -> Card:
    await world.ana.types(P0)
    await world.lee.mentions("runbook", thread=world.card())
    [book] = books(world)
    return book


async def test_the_incidents_own_runbook_is_opened_in_its_thread(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    assert "Payment Service Operations opens in P0 #1, for everybody there." in world.lee.sees[-1]
    assert book.message.thread_ts == world.card().message.ts
    assert book.says("Payment Service Operations in P0 #1: 0 of 9 steps done")
    assert book.says("opened by lee")
    assert book.says("1. Open the Service Health")
    assert book.says("```\nkubectl -n payment get pods")
    assert book.labels == ["Done"] * 9
    [opened] = await history(world)
    assert (opened.kind, opened.actor.name) == (EventKind.RUNBOOK_OPENED, "lee")


async def test_a_step_is_checked_off_for_everybody_and_stands_in_the_timeline(either_world: World) -> None:
    world = either_world
    await world.stop()
    await world.start(with_runbooks())
    book = await an_open_book(world)
    said = len(world.slack.messages)
    await presses(world, "kim", book, 2)
    [book] = books(world)
    assert book.says("1 of 9 steps done")
    assert book.says("✅ 2. Ask how the pods are; restarts and pending pods name the suspect: · kim")
    assert len(world.slack.messages) == said, "its message is edited, and nothing else is posted"
    done = (await history(world))[-1]
    assert (done.kind, done.actor.name, done.data["position"]) == (EventKind.RUNBOOK_STEP, "kim", 2)
    reply = await world.ana.types("/incident timeline 1")
    assert reply.message is not None
    told = readable(reply.message.content)
    assert "kim did step 2 of Payment Service Operations: Ask how the pods are" in told


async def test_the_incidents_card_says_how_far_it_has_come_and_leads_there(either_world: World) -> None:
    world = either_world
    await world.stop()
    await world.start(with_runbooks())
    book = await an_open_book(world)
    where = f"/archives/{book.message.channel}/p{book.message.ts.replace('.', '')}|0 of 9 steps done>"
    await world.forward(seconds=30)
    assert world.card().says(where)
    for position in (1, 2, 3):
        await presses(world, "kim", books(world)[0], position)
    assert world.card().says("Payment Service Operations (`/runbook payment-operations`): <https://")
    assert world.card().says("|3 of 9 steps done>")
    await presses(world, "dia", books(world)[0], 3)
    assert world.card().says("|2 of 9 steps done>")
    await world.lee.mentions("runbook database", thread=world.card())
    await world.forward(seconds=30)
    assert world.card().says("\nDatabase Operations: <https://")


async def test_of_two_at_once_one_wins_and_the_other_is_told(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    action_id, value = step(book, 3)
    where = (book.message.channel, book.message.ts)
    await asyncio.gather(
        world.slack.click("kim", *where, action_id, value),
        world.slack.click("dia", *where, action_id, value),
    )
    await world.settle()
    assert [event.kind for event in await history(world)].count(EventKind.RUNBOOK_STEP) == 1
    told = [text for person in (world.kim, world.dia) for text in person.sees]
    [refusal] = [text for text in told if "Nothing to do: step 3 of Payment Service Operations" in text]
    assert "was done by" in refusal


async def test_a_press_that_slack_sends_again_counts_once(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    action_id, value = step(book, 1)
    reply = await world.slack.click("kim", book.message.channel, book.message.ts, action_id, value)
    await world.slack.redeliver(reply)
    await world.settle()
    assert [event.kind for event in await history(world)].count(EventKind.RUNBOOK_STEP) == 1
    assert not [text for text in world.kim.sees if "Nothing to do" in text]


async def test_a_step_can_be_reopened(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    await presses(world, "kim", book, 1)
    await presses(world, "dia", books(world)[0], 1)
    [book] = books(world)
    assert book.says("0 of 9 steps done")
    last = (await history(world))[-1]
    assert (last.kind, last.actor.name) == (EventKind.RUNBOOK_STEP_REOPENED, "dia")


async def test_the_steps_stay_as_they_were_when_it_was_opened(a_world: OpenWorld, tmp_path: Path) -> None:
    file = tmp_path / "payment-operations.md"
    file.write_text("1. Old\n2. Other\n", encoding="utf-8")
    world = await a_world(guide=with_runbooks(folder=tmp_path))
    book = await an_open_book(world)
    file.write_text("1. New\n", encoding="utf-8")
    await world.forward(minutes=10)
    await presses(world, "kim", book, 2)
    [book] = books(world)
    assert book.says("1. Old")
    assert book.says("1 of 2 steps done")
    assert not book.says("New")


async def test_asking_again_shows_the_same_one_also_where_its_message_was_deleted(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    await presses(world, "kim", book, 1)
    await world.lee.mentions("runbook payment", thread=world.card())
    assert "Payment Service Operations is open in P0 #1 already: 1 of 9 steps done." in world.lee.sees[-1]
    assert len(books(world)) == 1
    world.slack.workspace.channels[book.message.channel].messages.pop(book.message.ts)
    await world.lee.mentions("runbook payment", thread=world.card())
    [again] = books(world)
    assert again.message.ts != book.message.ts
    assert again.says("1 of 9 steps done")


async def test_another_runbook_is_opened_beside_it_by_name(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await an_open_book(world)
    await world.lee.mentions("runbook database", thread=world.card())
    assert [book.text.partition(" in ")[0] for book in books(world)] == [
        "Payment Service Operations",
        "Database Operations",
    ]


async def test_the_cards_menu_opens_one_too(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.ana.types(P0)
    await world.lee.does_more("runbook")
    await world.lee.does_more("runbook", "kubernetes")
    assert [book.text.partition(" in ")[0] for book in books(world)] == [
        "Payment Service Operations",
        "Kubernetes Operations",
    ]
    reply = await world.lee.presses("More")
    assert reply.status == 200
    refused = await world.slack.submit("lee", {"what": "runbook", "words": "paymnet"})
    assert "No runbook is called “paymnet”. Nearest: payment-operations" in str(refused.body)


async def test_in_its_own_channel_the_slash_command_opens_it_there(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks(with_rooms(Severity.P0)))
    await world.ana.types(P0)
    room = next(one for one in world.slack.workspace.channels.values() if one.name.startswith("inc-"))
    await world.ana.types("/runbook", channel=room.name)
    [book] = books(world)
    assert (book.channel, book.message.thread_ts) == (room.name, None)


async def test_a_security_incident_begins_with_the_security_runbook_and_tells_outsiders_nothing(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=with_runbooks())
    await world.sam.types("/incident p0 token leaked", channel="security-incidents")
    await world.sam.mentions("runbook", thread=world.card())
    [book] = books(world)
    assert book.says("Security Incident Response in P0 #1")
    assert book.channel == "security-incidents"
    await presses(world, "sam", book, 1)
    elsewhere = [one for one in world.slack.messages if one.channel != book.message.channel]
    assert not [one for one in elsewhere if "Contain" in readable(one.content) or "memory is" in one.text]


async def test_guests_may_look_and_check_nothing_off(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    await presses(world, "gus", book, 1)
    assert "Guests and people of other workspaces may look" in world.gus.sees[-1]
    assert books(world)[0].says("0 of 9 steps done")
    await world.gus.mentions("runbook database", thread=world.card())
    assert len(books(world)) == 1


async def test_nothing_is_lost_while_the_bot_is_down(either_world: World) -> None:
    world = either_world
    await world.stop()
    await world.start(with_runbooks())
    world.setup = type(world.setup)(database_url=world.setup.database_url, guide=with_runbooks())
    book = await an_open_book(world)
    action_id, value = step(book, 4)
    await world.slack.click("kim", book.message.channel, book.message.ts, action_id, value)
    await world.outage(minutes=2)
    await world.forward(seconds=30)
    assert books(world)[0].says("1 of 9 steps done")
    assert [event.kind for event in await history(world)] == [
        EventKind.RUNBOOK_OPENED,
        EventKind.RUNBOOK_STEP,
    ]


async def test_what_cannot_be_read_is_said_in_the_thread_with_where_it_is(a_world: OpenWorld) -> None:
    app = web.Application()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    app.router.add_get("/books/{name}", answer)
    async with serving(app) as url:
        world = await a_world(guide=at_address(f"{url}/books"))
        await world.ana.types(P0)
        await world.lee.mentions("runbook", thread=world.card())
        [said] = [text for text in world.card().thread if "cannot be worked through here" in text]
        assert "there is no payment-operations.md (HTTP 404)" in said
        assert f"{url}/books/payment-operations.md" in said
        await world.stop()


async def test_in_a_thread_that_is_no_incidents_it_is_only_shown(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.ana.types(P0)
    await world.kim.mentions("runbook payment", channel=OPS)
    assert world.kim.sees[-1].startswith("Payment Service Operations, 9 steps")
    assert books(world) == []


async def test_the_post_mortem_tells_which_steps_were_done(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    await presses(world, "kim", book, 1)
    await world.ana.types("/incident resolve 1 rolled back")
    await world.forward(minutes=1)
    [draft] = [file.data or b"" for file in world.slack.workspace.files]
    assert "kim did step 1 of Payment Service Operations" in draft.decode()


async def test_in_a_public_channel_nothing_of_a_security_incidents_runbook_is_shown(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=with_runbooks(), started=False)
    world.slack.workspace.find_channel("security-incidents").private = False
    await world.start()
    await world.sam.types("/incident p0 security: token leaked")
    await world.sam.mentions("runbook", thread=world.card())
    [book] = books(world)
    assert book.text.startswith("Security incident 1")
    assert book.says("a runbook is open in its own channel")
    assert book.labels == []
    assert "Contain" not in book.text
    await world.forward(seconds=30)
    assert not world.card().says("steps done")


async def test_after_a_connection_that_broke_it_is_not_shown_twice(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.ana.types(P0)
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await world.lee.mentions("runbook", thread=world.card())
    await world.forward(minutes=1)
    [book] = books(world)
    await presses(world, "kim", book, 1)
    assert books(world)[0].says("1 of 9 steps done")


async def test_while_slack_is_away_what_is_owed_waits_and_comes_whole(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    book = await an_open_book(world)
    world.slack.faults.add("down")
    for position in (1, 2, 3):
        await presses(world, "kim", book, position)
    world.slack.faults.clear()
    await world.forward(minutes=2)
    assert books(world)[0].says("3 of 9 steps done")


async def test_where_its_channel_is_archived_it_goes_on_in_the_thread_where_it_began(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=with_runbooks(with_rooms(Severity.P0)))
    await world.ana.types(P0)
    room = next(one for one in world.slack.workspace.channels.values() if one.name.startswith("inc-"))
    await world.ana.types("/runbook", channel=room.name)
    [book] = books(world)
    action_id, value = step(book, 1)
    await world.slack.click("ana", book.message.channel, book.message.ts, action_id, value)
    room.archived = True  # before its message could be edited
    await world.settle()
    await world.forward(minutes=1)
    again = [one for one in books(world) if one.channel == OPS]
    assert len(again) == 1
    assert again[0].says("1 of 9 steps done")
    assert again[0].message.thread_ts is not None
    await presses(world, "kim", again[0], 2)
    assert next(one for one in books(world) if one.channel == OPS).says("2 of 9 steps done")
