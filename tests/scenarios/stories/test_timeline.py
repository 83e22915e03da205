"""What happened, who did it, and what people write down about it."""

from __future__ import annotations

import pytest

from bot.domain.actor import Actor
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from tests.support.harness import World
from tests.support.people import Card

SECURITY = "security-incidents"


def reply_of(world: World, name: str) -> Card:
    """What somebody was shown last, for nobody else."""
    return Card.of(world.slack, world.slack.ephemerals(name)[-1])


async def grown(world: World, entries: int) -> None:
    """Let the only incident have a long history."""
    kim = Actor(id="U0KIM0001", name="kim")

    def body(tx: Transaction) -> None:
        (incident,) = tx.incidents.open()
        for number in range(entries):
            data = {"text": f"measured {number}"}
            tx.events.append(incident.id, at=world.clock.now(), actor=kim, kind=EventKind.UPDATED, data=data)

    await world.bot.store.transaction("grow", body)


async def test_a_timeline_says_who_did_what_and_when(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=3)
    await world.ana.presses("Acknowledge")
    reply = await world.lee.types("/incident timeline")
    assert "Declared by kim" in reply.text
    assert "Acknowledged by ana" in reply.text
    assert "On-call Engineer paged" in reply.text
    assert "<!date^" in str(reply.body)


async def test_a_note_is_written_down_and_told_in_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.kim.types("/incident note 1 traffic <moved> & drained")
    assert "Noted in the timeline of P0 #1." in reply.text
    assert world.card().thread[-1].startswith("Note by kim: traffic")
    assert "Note by kim" in (await world.lee.types("/incident timeline 1")).text


async def test_a_note_is_taken_in_a_thread_by_a_mention(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 search is slow")
    await world.ana.mentions("note the index was rebuilt", thread=world.card(2))
    assert world.card(2).thread[-1].startswith("Note by ana: the index was rebuilt")


async def test_a_correction_is_shown_and_keeps_what_was_said_first(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident note 1 rolled back at 13:05")
    await world.ana.types("/incident correct 1 3 rolled back at 14:05")
    shown = (await world.lee.types("/incident timeline 1")).text
    assert "rolled back at 14:05 (corrected by ana)" in shown
    assert "13:05" not in shown
    kept = await world.bot.store.read(lambda tx: tx.events.of(tx.incidents.open()[0].id))
    assert [event.data["text"] for event in kept if event.kind is EventKind.NOTED] == ["rolled back at 13:05"]


async def test_an_entry_that_is_wrong_is_struck_out(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident note 1 the database is on fire")
    await world.kim.types("/incident strike 1 3 that was another incident")
    assert (
        "Struck out by kim: that was another incident" in (await world.lee.types("/incident timeline")).text
    )


async def test_an_entry_that_is_not_there_is_refused(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.kim.types("/incident correct 1 99 nothing of the kind")
    assert "There is no entry 99 in its timeline" in reply.text
    assert "You typed: `/incident correct 1 99 nothing of the kind`" in reply.text


async def test_a_guest_may_read_and_write_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    assert "Declared by kim" in (await world.gus.types("/incident timeline 1")).text
    reply = await world.gus.types("/incident note 1 I was here")
    assert "Guests and people of other workspaces may look, but not add a note to an incident." in reply.text


async def test_a_security_incidents_timeline_shows_in_its_channel_only(world: World) -> None:
    await world.ana.types("/incident p0 security: token leaked")
    await world.sam.types("/incident note 1 the token of kim", channel=SECURITY)
    elsewhere = (await world.kim.types("/incident timeline 1")).text
    assert "its timeline is shown in its own channel only" in elsewhere
    assert "token" not in elsewhere
    assert "token of kim" in (await world.sam.types("/incident timeline 1", channel=SECURITY)).text


@pytest.mark.parametrize("command", ["timeline", "show"])
async def test_five_thousand_entries_are_shown_from_the_newest(world: World, command: str) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await grown(world, 5000)
    await world.lee.types(f"/incident {command} 1")
    assert "measured 4999" in world.lee.sees[-1]
    assert "earlier entries are not shown" in world.lee.sees[-1]


async def test_what_is_earlier_comes_by_the_button(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await grown(world, 60)
    await world.lee.types("/incident timeline 1")
    assert "measured 59" in reply_of(world, "lee").text
    seen = ""
    for _ in range(4):
        await world.lee.presses("Earlier", card=reply_of(world, "lee"))
        seen += reply_of(world, "lee").text
        if "Declared by kim" in seen:
            break
    assert all(f"measured {number}" in seen for number in range(20))
    assert "Declared by kim" in seen


async def test_the_card_of_a_long_history_stays_within_what_slack_takes(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await grown(world, 5000)
    await world.ana.presses("Acknowledge")
    assert world.card().says("Acknowledged")
    assert len(str(world.card().content.blocks)) < 10_000
