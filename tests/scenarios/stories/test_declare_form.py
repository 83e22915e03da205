"""Declaring in a form: by a command that does not say all, or from a message."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import Channel
from tests.support.harness import World


def form(world: World, name: str = "kim") -> View:
    return world.slack.views(name)[-1]


def part(view: View, name: str) -> dict[str, Any]:
    block: dict[str, Any] = next(block for block in view.blocks if block["block_id"] == name)
    return block


def words(view: View) -> str:
    return str(view.given)


async def send(world: World, name: str = "kim", **values: object) -> None:
    await world.slack.submit(name, values)
    await world.settle()


async def test_a_bare_command_opens_the_form(world: World) -> None:
    reply = await world.kim.types("/incident")
    assert reply.message is None
    severities = part(form(world), "severity")["element"]["options"]
    assert [option["value"] for option in severities] == ["P0", "P1", "P2", "P3"]
    assert severities[0]["description"]["text"] == (
        "15 min each to acknowledge: On-call Engineer → Team Lead → Director"
    )


async def test_what_is_sent_is_declared_and_the_form_says_who_is_paged(world: World) -> None:
    await world.kim.types("/incident")
    await send(
        world,
        severity="P0",
        title="checkout is down",
        service="payment",
        impact="Nobody can pay",
        security=[],
    )
    assert world.card().says("P0 #1 · checkout is down")
    assert world.card().says("Payment Service")
    assert world.card().says("Impact: Nobody can pay")
    assert len(world.pages()) == 1
    assert "P0 #1 is declared: checkout is down. On-call Engineer is being paged." in words(form(world))


async def test_what_the_command_said_already_is_filled_in(world: World) -> None:
    await world.kim.types("/incident p1 service:payment security:")
    view = form(world)
    assert part(view, "severity")["element"]["initial_option"]["value"] == "P1"
    assert part(view, "service")["element"]["initial_option"]["value"] == "payment"
    assert part(view, "security")["element"]["initial_options"][0]["value"] == "yes"


async def test_a_drill_is_asked_for_as_one(world: World) -> None:
    await world.kim.types("/incident drill p2")
    await send(world, title="checkout is slow")
    assert world.card().says("TEST P2 #1 · checkout is slow")


async def test_a_title_of_nothing_but_blanks_is_told_at_its_place_and_nothing_is_lost(world: World) -> None:
    await world.kim.types("/incident p0")
    await send(world, title="   ", impact="Nobody can pay")
    assert "What is wrong?" in form(world).errors["title"]
    assert world.cards() == []


async def test_a_guest_is_told_before_a_form_is_filled_in(world: World) -> None:
    reply = await world.gus.types("/incident p0")
    assert "Guests and people of other workspaces may look" in reply.text
    assert world.slack.views("gus") == []


async def test_who_became_a_guest_meanwhile_is_told_in_the_form_and_may_send_it_again(world: World) -> None:
    await world.kim.types("/incident p0")
    world.slack.workspace.users["U0KIM0001"].guest = True
    await world.bot.watch.refresh("slack/people")
    await send(world, title="checkout is down")
    assert "Guests and people of other workspaces may look" in form(world).errors["title"]
    assert world.cards() == []
    world.slack.workspace.users["U0KIM0001"].guest = False
    await world.bot.watch.refresh("slack/people")
    await send(world, title="checkout is down for all")
    assert world.card().says("checkout is down for all")


async def test_a_form_that_is_sent_twice_declares_once(world: World) -> None:
    await world.kim.types("/incident p0")
    await send(world, title="checkout is down")
    await world.slack.redeliver()
    await world.settle()
    assert len(world.cards()) == 1
    assert len(world.pages()) == 1


async def test_a_security_incident_by_its_box_is_kept_from_outsiders(world: World) -> None:
    await world.kim.types("/incident p0")
    await send(world, title="token leaked", impact="all tokens", security=["yes"])
    assert world.card().channel == "security-incidents"
    assert not any("token" in alert.title for alert in world.alerts())


async def test_the_form_opened_in_the_security_channel_declares_a_security_incident(world: World) -> None:
    await world.sam.types("/incident p0", channel="security-incidents")
    await send(world, "sam", title="token leaked")
    assert world.card().channel == "security-incidents"


async def test_an_incident_begins_with_the_message_that_it_was_declared_from(world: World) -> None:
    message = world.slack.say("kim", "general", "customers cannot pay & I see 502s")
    await world.slack.shortcut("ana", "general", message.ts, "declare_incident")
    assert (
        part(form(world, "ana"), "title")["element"]["initial_value"] == "customers cannot pay & I see 502s"
    )
    await send(world, "ana", severity="P0", title="checkout is down")
    (incident,) = await world.bot.store.read(lambda tx: tx.incidents.open())
    first = (await world.bot.store.read(lambda tx: tx.events.of(incident.id)))[0]
    assert (first.kind, first.data["author"], first.data["text"]) == (
        "message_added",
        "kim",
        "customers cannot pay & I see 502s",
    )
    assert any(
        "kim wrote: customers cannot pay & I see 502s" in line.replace("&amp;", "&")
        for line in world.card().thread
    )


async def test_a_message_of_a_private_channel_keeps_its_text_there(world: World) -> None:
    bot, sam = world.slack.workspace.identity.bot_user, "U0SAM0001"
    room = Channel(id="C0WARROOM", name="war-room", private=True, members={bot, sam})
    world.slack.workspace.channels[room.id] = room
    message = world.slack.say("sam", room.id, "the token is hunter2")
    await world.slack.shortcut("sam", room.id, message.ts, "declare_incident")
    assert "its text stays" in words(form(world, "sam"))
    await send(world, "sam", severity="P0", title="rotate a credential", security=[])
    assert world.card().channel == "platform-alerts"
    assert any("in a private channel, where its text stays" in line for line in world.card().thread)
    elsewhere = [one for one in world.slack.messages if one.channel != room.id]
    assert not any("hunter2" in str(one.to_json(metadata=True)) for one in elsewhere)


async def test_a_form_of_a_private_channel_is_secret_while_the_security_channel_is_not_found(
    world: World,
) -> None:
    await world.stop()
    world.slack.workspace.find_channel("security-incidents").members.discard("U0OPSBOT1")
    await world.start()
    await world.sam.types("/incident p0", channel="security-incidents")
    await send(world, "sam", title="token leaked")
    assert not any("token" in alert.title for alert in world.alerts())
    assert all("token" not in str(one.to_json()) for one in world.slack.messages)


async def test_a_message_full_of_emoji_still_opens_the_form(world: World) -> None:
    message = world.slack.say("kim", "general", "\U0001f525" * 190)
    await world.slack.shortcut("ana", "general", message.ts, "declare_incident")
    assert part(form(world, "ana"), "title")["element"]["initial_value"].startswith("\U0001f525")


async def test_where_slack_opens_no_form_for_a_message_that_is_said(world: World) -> None:
    message = world.slack.say("kim", "general", "customers cannot pay")
    world.slack.faults.add("error", "views.open", error="internal_error")
    await world.slack.shortcut("ana", "general", message.ts, "declare_incident")
    await world.settle()
    assert "Slack does not open the form" in world.ana.sees[-1]


async def test_where_slack_opens_no_form_the_line_that_does_it_is_told(world: World) -> None:
    world.slack.faults.add("error", "views.open", error="internal_error")
    reply = await world.kim.types("/incident")
    assert "Slack does not open the form" in reply.text
    assert "`p0 checkout is down`" in reply.text


async def test_while_the_database_is_away_the_form_stays_with_all_that_was_filled_in(world: World) -> None:
    await world.kim.types("/incident p0")
    await world.bot.store.aclose()
    await world.slack.submit("kim", {"title": "checkout is down"})
    said = form(world).errors["severity"]
    assert "The database does not answer" in said
    assert "PagerDuty escalation" in said, "how to page by hand"


async def test_from_a_direct_message_it_is_declared_where_it_belongs(world: World) -> None:
    direct = world.slack.workspace.direct("U0KIM0001")
    await world.kim.types("/incident p0 checkout is down", channel=direct.id)
    assert world.card().channel == "platform-alerts"
