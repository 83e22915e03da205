"""What people do with alerts by the buttons of their cards."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.event import EventKind
from bot.services.alert_writing import resolve_alert, unacknowledge_alert
from tests.support.alert_engine import begins, now_of, says
from tests.support.alert_news import the_group
from tests.support.builders import LEE
from tests.support.harness import World
from tests.support.worlds import OpenWorld

QUARTER = timedelta(minutes=15)
SECURITY = "security-incidents"


async def kinds(world: World, group: AlertGroup) -> list[EventKind]:
    """The history of a group, in short."""
    events = await world.bot.store.read(lambda tx: tx.events.of(group.id))
    return [event.kind for event in events]


async def test_acknowledging_stops_paging_and_the_card_says_at_once_who_has_it(either_world: World) -> None:
    world = either_world
    await begins(world, escalate_after=QUARTER)
    assert world.alert_card().says("Next: *Team Lead* is paged")
    await world.ana.presses("Acknowledge", card=world.alert_card())
    card = world.alert_card()
    assert card.says("👀 *Acknowledged · P1 A1 · HighErrorRate*")
    assert card.says("Acknowledged by *ana*")
    assert card.message.text.endswith("by ana")
    assert "Acknowledge" not in card.labels
    assert not world.ana.sees, "the card says it"
    await world.forward(hours=2)
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].status == "acknowledged"


async def test_of_two_who_press_at_once_one_has_it_and_the_other_is_told(either_world: World) -> None:
    world = either_world
    group = await begins(world)
    card = world.alert_card()
    await asyncio.gather(
        world.ana.presses("Acknowledge", card=card), world.lee.presses("Acknowledge", card=card)
    )
    taken = await now_of(world, group)
    assert taken.acknowledged_by is not None
    late = world.lee if taken.acknowledged_by.name == "ana" else world.ana
    assert f"A1 was acknowledged by {taken.acknowledged_by.name}" in late.sees[-1]
    assert (await kinds(world, group)).count(EventKind.ACKNOWLEDGED) == 1


async def test_who_presses_twice_is_told_that_nothing_is_to_be_done(world: World) -> None:
    await begins(world)
    card = world.alert_card()
    await world.ana.presses("Acknowledge", card=card)
    await world.ana.presses("Acknowledge", card=card)
    assert "Nothing to do: A1 was acknowledged by ana" in world.ana.sees[-1]


async def test_a_press_that_slack_sends_again_is_done_once(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    pressed = await world.lee.presses("Escalate now", card=world.alert_card())
    before = await kinds(world, group)
    again = await world.slack.redeliver(pressed)
    await world.settle()
    assert again.ok
    assert world.paged() == ["on-call", "team-lead"]
    assert await kinds(world, group) == before
    assert not world.lee.sees


async def test_a_button_of_an_earlier_state_changes_nothing_and_says_what_is_true(world: World) -> None:
    group = await begins(world)
    old = world.alert_card()
    await world.ana.presses("Acknowledge", card=old)
    await says(world, group, unacknowledge_alert, by=LEE)
    await world.kim.presses("Acknowledge", card=old)
    assert "That button is from an earlier state. Now: A1 is firing" in world.kim.sees[-1]
    assert world.alert_card().says("🔴 *Firing")


async def test_what_was_taken_can_be_given_back_and_pages_anew(world: World) -> None:
    await begins(world, escalate_after=QUARTER)
    await world.ana.presses("Acknowledge", card=world.alert_card())
    await world.ana.presses("Unacknowledge", card=world.alert_card())
    assert world.alert_card().says("🔴 *Firing")
    assert world.alert_card().says("Next: *Team Lead* is paged")
    assert world.paged() == ["on-call", "on-call"]


async def test_escalating_reaches_the_next_tier_and_whoever_has_it_keeps_it(world: World) -> None:
    await begins(world, escalate_after=QUARTER)
    await world.ana.presses("Acknowledge", card=world.alert_card())
    await world.kim.presses("Escalate now to Team Lead", card=world.alert_card())
    assert world.paged() == ["on-call", "team-lead"]
    assert world.alert_card().says("Acknowledged by *ana*")
    assert any("kim escalated to Team Lead." in line for line in world.alert_card().thread)


async def test_what_pages_nobody_by_itself_can_be_escalated(world: World) -> None:
    await begins(world, page=False)
    await world.kim.presses("Escalate now", card=world.alert_card())
    assert world.paged() == ["on-call"]


async def test_a_guest_presses_in_vain_and_is_told_alone(world: World) -> None:
    group = await begins(world)
    for label in ("Acknowledge", "Silence 1 h", "Escalate now"):
        await world.gus.presses(label, card=world.alert_card())
    assert [line.count("Guests and people of other workspaces may look") for line in world.gus.sees]
    assert len(world.gus.sees) == 3
    assert (await now_of(world, group)).acknowledged_by is None


async def test_a_button_on_what_is_over_says_so(world: World) -> None:
    group = await begins(world)
    old = world.alert_card()
    await says(world, group, resolve_alert)
    await world.ana.presses("Acknowledge", card=old)
    assert "A1 is resolved" in world.ana.sees[-1]


async def test_the_press_counts_though_the_message_is_gone(world: World) -> None:
    group = await begins(world)
    pressed = world.alert_card()
    world.slack.faults.add("error", "chat.update", error="message_not_found", count=1)
    await world.ana.presses("Acknowledge", card=pressed)
    await world.forward(seconds=5)
    assert (await now_of(world, group)).acknowledged_by is not None
    newest = world.alert_cards()[-1]
    assert newest.message.ts != pressed.message.ts
    assert newest.says("Acknowledged by *ana*")


async def test_a_bot_that_dies_before_it_has_shown_a_press_shows_it_after(either_world: World) -> None:
    world = either_world
    await begins(world, escalate_after=QUARTER)
    world.slack.faults.add("down", "chat.update")
    await world.ana.presses("Acknowledge", card=world.alert_card())
    assert world.alert_card().says("🔴 *Firing")
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(minutes=20)
    await world.start()
    await world.forward(seconds=5)
    assert world.alert_card().says("Acknowledged by *ana*")
    assert world.paged() == ["on-call"]


async def test_in_the_cards_thread_a_mention_does_the_same(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.fires("DiskFull", service="identity", severity="warning")
    await world.kim.types("/incident p1 something else")
    card = world.alert_card(2)
    said = await world.ana.mentions("ack", thread=card)
    assert "A2 was acknowledged by ana" in world.ana.sees[-1]
    assert world.alert_card(2).says("Acknowledged by *ana*")
    await world.slack.redeliver(said)
    await world.settle()
    await world.ana.mentions("silence 2h deploying", thread=card)
    assert world.alert_card(2).says("Silenced by *ana* until")
    assert world.alert_card(2).says(": deploying")
    await world.kim.mentions("show", thread=card)
    assert "DiskFull" in world.kim.sees[-1]
    assert world.alert_card(1).says("🔴 *Firing")
    assert world.card().says("Not acknowledged")


@pytest.mark.parametrize("line", ["declare", "resolve", "whatever", ""])
async def test_what_no_thread_of_an_alert_understands_is_answered_in_words(world: World, line: str) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.kim.mentions(line, thread=world.alert_card())
    assert world.kim.sees


async def test_a_security_alert_in_a_public_channel_can_be_acknowledged_and_no_more(
    a_world: OpenWorld,
) -> None:
    world = await a_world(started=False)
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.start()
    await begins(world, security=True, channel=SECURITY, summary="zebra logged in as root")
    assert world.alert_card().labels == ["Acknowledge"]
    await world.sam.presses("Acknowledge", card=world.alert_card())
    assert world.alert_card().says("👀 *Acknowledged · Security alert A1*")
    assert "zebra" not in str([one.to_json(metadata=True) for one in world.slack.messages])
    assert "zebra" not in str([alert.to_json() for alert in world.alerts()])


async def test_a_storm_is_taken_with_all_that_it_stands_for(either_world: World) -> None:
    world = either_world
    members = [
        await begins(world, page=False, id=f"m{n}", key=f"k{n}", storm="storm", name=f"Alert{n}")
        for n in range(3)
    ]
    storm = await begins(
        world,
        source=AlertSource.STORM,
        id="storm",
        key="storm/platform-alerts",
        name="Alert storm",
        summary="",
    )
    await world.forward(seconds=2)
    card = world.alert_card()
    assert card.says("3 firing: API Gateway 3")
    await world.kim.presses("List them", card=card)
    assert all(f"A{member.number}" in world.kim.sees[-1] for member in members)
    await world.ana.presses("Acknowledge all", card=card)
    assert world.alert_card().says("Acknowledged by *ana*")
    taken = [(await now_of(world, one)).acknowledged_by for one in (storm, *members)]
    assert [one.name for one in taken if one] == ["ana"] * 4


async def test_a_silence_is_asked_for_by_a_button_and_everybody_sees_by_whom_and_until_when(
    either_world: World,
) -> None:
    world = either_world
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.ana.presses("Silence 1 h", card=world.alert_card())
    card = world.alert_card()
    assert card.says("🔕 *Silenced · P1 A1 · HighErrorRate*")
    assert card.says("Silenced by *ana* until")
    assert card.labels[0] == "End silence"
    assert not world.ana.sees
    (silence,) = world.alertmanager.silences.all(round(world.clock.now().timestamp() * 1000))
    assert silence.created_by == "ana"
    await world.kim.presses("End silence", card=world.alert_card())
    assert world.alert_card().says("🔴 *Firing")


@pytest.mark.parametrize(
    ("label", "length"),
    [
        ("Silence 4 h", timedelta(hours=4)),
        ("Silence 1 d", timedelta(days=1)),
        ("Silence until the next business day", timedelta(hours=21)),
    ],
)
async def test_longer_silences_are_in_the_menu(world: World, label: str, length: timedelta) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.ana.presses(label, card=world.alert_card())
    group = await now_of(world, await the_group(world))
    assert group.silenced_until == world.clock.now() + length


async def test_without_alertmanager_a_silence_is_refused_in_words(a_world: OpenWorld) -> None:
    world = await a_world(alertmanager=False)
    await begins(world)
    await world.ana.presses("Silence 1 h", card=world.alert_card())
    assert "Silences are off" in world.ana.sees[-1]
    assert world.alert_card().says("🔴 *Firing")


@pytest.mark.parametrize("value", ["nonsense", "alert.drop||x:1", "alert.silence|10y|x:1"])
async def test_a_button_that_no_card_of_ours_has_is_refused_in_words(world: World, value: str) -> None:
    await begins(world)
    card = world.alert_card()
    _, own = card.find("Acknowledge")
    blocks = json.loads(json.dumps(card.content.blocks).replace(own, value))
    await world.ana.presses("Acknowledge", card=replace(card, content=replace(card.content, blocks=blocks)))
    assert "That button cannot be read. Use the alert's newest card." in world.ana.sees[-1]
    assert world.alert_card().says("🔴 *Firing")
