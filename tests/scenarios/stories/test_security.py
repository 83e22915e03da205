"""What outsiders may know of a security incident: its number and severity, and how it stands."""

from __future__ import annotations

import logging

import pytest

from tests.support.harness import World
from tests.support.people import OPS
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
SECRET = "zebra"


def in_public(world: World) -> list[str]:
    """Whatever the bot has said outside of #security-incidents, and all that PagerDuty shows."""
    channel = world.slack.workspace.find_channel(SECURITY)
    elsewhere = [message for message in world.slack.messages if message.channel != channel.id]
    return [
        *(str(message.to_json(metadata=True)) for message in elsewhere),
        *(str(alert.to_json()) for alert in world.alerts()),
    ]


async def lives_through_everything(world: World) -> None:
    """All that an incident can go through, with both vendors failing on the way."""
    world.pagerduty.faults.add("status", "events", count=4)
    world.slack.faults.add("error", "chat.postMessage", error="internal_error", count=2)
    await world.forward(minutes=70)
    await world.sam.types(f"/incident update 1 the {SECRET} key is revoked", channel=SECURITY)
    for label in ("Acknowledge", "Escalate now", "Severity", "Resolve", "Reopen"):
        await world.sam.presses(label)
        if label == "Severity":
            await world.sam.sends(severity="P0")
        await world.forward(seconds=10)
    await world.sam.types(f"/incident cancel 1 {SECRET} was a test", channel=SECURITY)
    await world.forward(minutes=5)


async def test_in_a_private_channel_the_team_sees_everything(world: World) -> None:
    reply = await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    assert f"P0 #1 is declared: {SECRET} token leaked." in reply.text
    assert world.card().channel == SECURITY
    assert world.card().says(f"{SECRET} token leaked")
    assert world.card().says("Security")
    assert world.alerts()[0].title == "P0 #1 Security incident 1 · step 1 of 3"


async def test_the_title_is_in_no_public_place(either_world: World, caplog: pytest.LogCaptureFixture) -> None:
    world = either_world
    caplog.set_level(logging.INFO)
    await world.sam.types(f"/incident p1 {SECRET} token leaked", channel=SECURITY)
    await lives_through_everything(world)
    assert world.card().says(SECRET)
    assert world.alerts()
    assert not [text for text in in_public(world) if SECRET in text]
    assert caplog.records
    assert SECRET not in caplog.text
    assert not [record for record in caplog.records if SECRET in str(vars(record))]
    _, metrics = await world.get("/metrics")
    assert SECRET not in metrics


async def test_in_a_public_channel_no_text_is_posted_and_the_reason_is_said(
    a_world: OpenWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = await a_world(started=False)
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.start()
    await world.sam.types(f"/incident p1 {SECRET} token leaked", channel=SECURITY)
    assert world.card().says("Security incident 1, P1")
    assert world.card().says("#security-incidents is public: no details are posted here. Make it private.")
    await lives_through_everything(world)
    assert world.card().says("Cancelled")
    assert not [message for message in world.slack.messages if SECRET in str(message.to_json(metadata=True))]
    assert not [alert for alert in world.alerts() if SECRET in str(alert.to_json())]
    assert SECRET not in caplog.text


async def test_by_a_word_in_the_line_it_goes_where_the_security_team_is(world: World) -> None:
    await world.ana.types(f"/incident p0 security: {SECRET} token leaked")
    assert world.card().channel == SECURITY
    assert not world.slack.messages_in(OPS)
    assert not [text for text in in_public(world) if SECRET in text]


async def test_it_is_listed_and_shown_only_in_its_channel(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    elsewhere = await world.kim.types("/incident list")
    assert elsewhere.text == "No other incident is open. 1 security incident is open; its channel shows it."
    await world.kim.types("/incident show 1")
    await world.kim.types("/incident ack 9")
    assert "Security incident 1, P0" in world.kim.sees[1]
    assert not [text for text in world.kim.sees if SECRET in text]
    inside = await world.sam.types("/incident list", channel=SECURITY)
    assert f"{SECRET} token leaked" in inside.text


async def test_whoever_has_the_number_can_still_take_it(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    reply = await world.ana.types("/incident ack 1")
    assert reply.text == "P0 #1 was acknowledged by ana."
    assert world.card().says("*Acknowledged* by *ana*")


async def test_after_a_start_no_text_is_shown_until_slack_has_said_who_can_read_it(world: World) -> None:
    await world.stop()
    world.slack.workspace.find_channel(SECURITY).private = False
    world.slack.faults.add("status", "conversations.list", status=503)
    await world.start()
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    assert world.paged() == ["on-call"], "nobody waits for it"
    assert world.card().says("Slack has not said yet who can read #security-incidents")
    assert not world.card().says(SECRET)
    world.slack.workspace.find_channel(SECURITY).private = True
    world.slack.faults.clear()
    await world.bot.watch.refresh_if_troubled()
    await world.forward(seconds=5)
    assert world.card().says(f"{SECRET} token leaked")


async def test_when_its_channel_turns_public_the_cards_lose_their_text(either_world: World) -> None:
    world = either_world
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    await world.sam.types(f"/incident resolve 1 {SECRET} key revoked", channel=SECURITY)
    await world.sam.types(f"/incident p1 {SECRET} is back", channel=SECURITY)
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.bot.watch.refresh("slack/workspace")
    await world.forward(seconds=10)
    assert len(world.cards()) == 2
    assert not [card.text for card in world.cards() if card.says(SECRET)]
    assert world.cards()[0].says(
        "#security-incidents is public: no details are posted here. Make it private."
    )
    _, ready = await world.get("/readyz")
    assert "#security-incidents is public" in ready
    world.slack.workspace.find_channel(SECURITY).private = True
    await world.bot.watch.refresh_if_troubled()
    await world.forward(seconds=10)
    assert all(card.says(SECRET) for card in world.cards())


async def test_it_turns_public_while_the_bot_is_away(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    await world.sam.types("/incident resolve 1", channel=SECURITY)
    await world.stop()
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.start()
    await world.forward(seconds=10)
    assert not world.cards()[0].says(SECRET)


async def test_a_start_edits_nothing_of_what_is_over(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    await world.sam.types("/incident resolve 1", channel=SECURITY)
    await world.forward(minutes=1)
    edits = world.slack.calls.counts["chat.update"]
    await world.outage(minutes=1)
    await world.forward(minutes=1)
    assert world.slack.calls.counts["chat.update"] == edits


async def test_nobody_changes_it_by_its_number_alone(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    for line in (
        "resolve 1",
        "cancel 1",
        "sev 1 p1",
        "role 1 commander",
        "update 1 all is well",
        "mitigate 1",
    ):
        reply = await world.kim.types(f"/incident {line}")
        assert "#1 is a security incident: from here you may `ack` and `escalate` it." in reply.text
    assert world.card().says("Not acknowledged")
    assert not world.card().thread
    reply = await world.kim.types("/incident escalate 1")
    assert reply.text.startswith("P0 #1")
    assert world.paged() == ["on-call", "team-lead"]


async def test_who_has_taken_it_works_on_it_from_anywhere(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    await world.ana.types("/incident ack 1")
    reply = await world.ana.types(f"/incident update 1 the {SECRET} key is revoked")
    assert reply.text.startswith("P0 #1")
    assert f"the {SECRET} key is revoked" in world.card().thread[-1]


async def a_world_that_cannot_find_its_channels(a_world: OpenWorld) -> World:
    """Slack answers, but lists no channels: a scope is missing, or the bot was not invited yet."""
    world = await a_world(started=False)
    world.slack.faults.add("error", "conversations.list", error="missing_scope")
    await world.start()
    return world


async def test_while_its_channel_is_not_found_every_unknown_private_channel_may_be_it(
    a_world: OpenWorld,
) -> None:
    world = await a_world_that_cannot_find_its_channels(a_world)
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    assert world.alerts()[0].title == "P0 #1 Security incident 1 · step 1 of 3"


async def test_while_its_channel_is_not_found_a_public_one_of_its_name_is_it(a_world: OpenWorld) -> None:
    world = await a_world_that_cannot_find_its_channels(a_world)
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    assert world.alerts()[0].title == "P0 #1 Security incident 1 · step 1 of 3"


async def test_while_its_channel_is_not_found_other_public_channels_are_not_it(a_world: OpenWorld) -> None:
    world = await a_world_that_cannot_find_its_channels(a_world)
    await world.kim.types("/incident p0 checkout is down")
    assert world.alerts()[0].title == "P0 #1 checkout is down · step 1 of 3"


async def test_a_mention_is_taken_for_security_as_long_as_slack_was_never_reached(a_world: OpenWorld) -> None:
    world = await a_world(started=False)
    world.slack.faults.add("status", "auth.test", status=503)
    await world.start()
    await world.sam.mentions(f"p0 {SECRET} token leaked", channel=SECURITY)
    assert world.alerts()[0].title == "P0 #1 Security incident 1 · step 1 of 3"


async def test_once_its_channel_is_found_another_private_one_is_not_it(world: World) -> None:
    world.slack.workspace.find_channel("general").private = True
    await world.kim.types("/incident p0 checkout is down", channel="general")
    assert world.alerts()[0].title == "P0 #1 checkout is down · step 1 of 3"
