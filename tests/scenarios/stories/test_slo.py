"""`/slo`: how what was promised stands, wherever it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.slo.objective import promises
from bot.domain.slo.plan import queries
from bot.sandbox.slack.files import File
from bot.sandbox.slack.messages import Message
from tests.support.harness import World
from tests.support.people import OPS, Card, readable
from tests.support.worlds import OpenWorld


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A bot that may ask Prometheus."""
    return await a_world(prometheus=True)


def said(world: World, channel: str = OPS) -> list[Message]:
    """What the bot said in a channel, oldest first."""
    bot = world.slack.workspace.identity.bot_user
    return [one for one in world.slack.workspace.find_channel(channel).messages.values() if one.user == bot]


def answer(world: World, channel: str = OPS) -> Card:
    """The newest answer that everybody sees."""
    told = [one for one in said(world, channel) if not one.files]
    return Card.of(world.slack, told[-1])


def charts(world: World) -> list[File]:
    """The charts that were posted, oldest first."""
    return [file for file in world.slack.workspace.files if file.shares and file.name.startswith("slo-")]


async def test_how_a_service_stands_is_told_to_everybody_in_the_channel(measured: World) -> None:
    reply = await measured.kim.types("/slo api-gateway")
    assert reply.message is None
    told = answer(measured)
    first, second, *_ = told.content.blocks[0]["text"]["text"].splitlines()
    assert first.startswith(("*🟢 OK · API Gateway*", "*🟡 AT RISK · API Gateway*"))
    assert second.startswith("Last 30 d: availability 99.")
    for text in (
        "(≥ 99.9 %)",
        "of the error budget left",
        "Burn rate: 5m ",
        "promised: at most 150 ms",
    ):
        assert told.says(text)
    assert told.says("Burn rate 1× = the budget is exactly used up at the end of 30 d.")
    assert told.says("|Service Health>")
    assert told.labels == ["Last 7 d", "May we ship?", "All services", "Show queries"]


async def test_everything_is_listed_the_platform_on_top(measured: World) -> None:
    await measured.kim.types("/slo")
    told = answer(measured)
    assert told.says("Error budgets: ")
    assert told.content.blocks[1]["text"]["text"].splitlines()[0].split("*")[1] == "Platform"
    assert "Platform" in told.labels
    await measured.kim.presses("Payment Service", card=told)
    assert answer(measured).says("Payment Service* · ")


async def test_the_platform_has_two_numbers_one_from_a_probe_and_one_from_requests(measured: World) -> None:
    await measured.kim.types("/slo platform")
    told = answer(measured)
    assert told.says("*Availability* *")
    assert told.says("more probes may fail")
    assert told.says("*Error rate* *")
    assert told.says("promised: at most 0.1 %")
    assert told.says("more requests may fail")


async def test_a_service_in_trouble_says_how_fast_it_burns_and_when_the_budget_ends(measured: World) -> None:
    measured.prometheus.set_service("content", error_ratio=0.2)
    await measured.forward(hours=2)
    await measured.kim.types("/slo content")
    told = answer(measured)
    assert told.content.text.startswith("🔴 PAGING · Content Service · burns ")
    assert told.says("This pages: over 1 h and over 5 min it burns at least 14.4×")
    assert told.says("At the rate of the last 6 h the budget ends in ")


async def test_another_window_takes_the_place_of_the_answer_for_all(measured: World) -> None:
    await measured.kim.types("/slo payment")
    before, told = len(said(measured)), answer(measured)
    await measured.lee.presses("Last 7 d", card=told)
    now = Card.of(measured.slack, told.message)
    assert now.says("Last 7 d: availability")
    await measured.lee.presses("Last 30 d", card=now)
    assert Card.of(measured.slack, told.message).says("Last 30 d: availability")
    assert all(one.files for one in said(measured)[before:]), "only charts are added"


async def test_a_window_may_be_asked_for_and_others_are_refused_in_words(measured: World) -> None:
    await measured.kim.types("/slo payment 7d")
    assert answer(measured).says("Last 7 d: availability")
    for line in ("/slo payment 14d", "/slo payment 2 hours"):
        reply = await measured.kim.types(line)
        assert "over one of these windows: `7d`, `30d`" in reply.text
        assert f"You typed: `{line}`" in reply.text


async def test_an_unknown_service_gets_the_three_nearest_as_buttons_and_nothing_is_asked(
    measured: World,
) -> None:
    reply = await measured.kim.types("/slo paymnet")
    assert "There is no service “paymnet” in the guide, and nothing was asked." in reply.text
    assert reply.message is not None
    labels = [one["text"]["text"] for one in reply.message.blocks[1]["elements"]]
    assert len(labels) == 3
    assert labels[0] == "Payment Service"
    assert not measured.queries
    assert not said(measured)


@pytest.mark.parametrize(
    "typed",
    [
        'payment"} or vector(1) or x{a="',
        'service:"}[30d])) or sum(up{x="',
        "`; drop table incidents; --` <!channel> *bold*",
        "gate ${jndi:ldap://x}",
        "queries " + "a" * 5000,
    ],
)
async def test_nothing_that_is_typed_enters_a_query(measured: World, typed: str) -> None:
    reply = await measured.kim.types(f"/slo {typed}")
    assert "There is no service" in reply.text
    assert "<!channel>" not in str(reply.message)
    assert not measured.queries
    await measured.kim.types("/slo payment")
    assert not any("vector(1)" in one or "up{x" in one for one in measured.queries)


async def test_guests_may_look(measured: World) -> None:
    await measured.gus.types("/slo payment")
    assert answer(measured).says("Payment Service")


async def test_what_slack_delivers_twice_is_answered_once(measured: World) -> None:
    reply = await measured.kim.mentions("slo payment")
    once = len(said(measured))
    await measured.slack.redeliver(reply)
    await measured.settle()
    assert len(said(measured)) == once


async def test_a_mention_is_answered_where_it_was_written(measured: World) -> None:
    await measured.kim.types("/incident p1 service:payment cards are refused")
    await measured.kim.mentions("slo payment", thread=measured.card())
    assert any("Payment Service" in one and "Burn rate" in one for one in measured.card().thread)
    await measured.kim.mentions("SLO: gate payment")
    assert "HOLD · Payment Service" in measured.kim.sees[-1]


async def test_a_direct_message_is_answered_there(measured: World) -> None:
    workspace = measured.slack.workspace
    direct = workspace.direct(workspace.find_user("kim").id)
    for text in ("slo payment", "slo gate identity", "slo"):
        measured.slack.say("kim", direct.id, text)
        await measured.settle()
    bot = workspace.identity.bot_user
    answers = [readable(one.content) for one in direct.messages.values() if one.user == bot and not one.files]
    assert "Payment Service" in answers[0]
    assert "SHIP · Identity Service" in answers[1]
    assert "Error budgets: " in answers[2]
    assert len(answers) == 3


async def test_the_queries_are_shown_to_the_one_who_asks(measured: World) -> None:
    await measured.kim.types("/slo payment")
    await measured.lee.presses("Show queries", card=answer(measured))
    shown = measured.lee.sees[-1]
    assert "What Prometheus is asked for Payment Service, 30 d" in shown
    for query in queries(promises(measured.setup.guide)["payment"], timedelta(days=30)):
        assert query.text in measured.queries
        assert query.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in shown


async def test_help_is_for_the_one_who_asks(measured: World) -> None:
    reply = await measured.kim.types("/slo help")
    assert "`/slo gate payment`" in str(reply.message)
    assert not said(measured)


async def test_all_services_is_for_the_one_who_presses(measured: World) -> None:
    await measured.kim.types("/slo payment")
    before = len(said(measured))
    await measured.lee.presses("All services", card=answer(measured))
    assert "Error budgets: " in measured.lee.sees[-1]
    assert len(said(measured)) == before


async def test_where_nobody_measures_that_is_said_to_the_one_who_asks(world: World) -> None:
    await world.kim.types("/slo payment")
    assert "PROMETHEUS_URL" in world.kim.sees[-1]
    await world.kim.types("/slo")
    assert "PROMETHEUS_URL" in world.kim.sees[-1]
    await world.kim.types("/slo gate payment")
    assert "UNKNOWN · Payment Service" in world.kim.sees[-1]
    assert "this is no yes" in world.kim.sees[-1]
    assert not said(world)
    assert not world.queries


async def test_its_chart_comes_after_it_and_says_in_words_what_it_shows(measured: World) -> None:
    await measured.kim.types("/slo payment")
    (chart,) = charts(measured)
    assert (chart.data or b"").startswith(b"\x89PNG")
    assert "of the error budget left" in chart.alt_text
    newest = said(measured)[-1]
    assert newest.files
    assert "Payment Service · " in newest.content.text
    assert "error budget" in newest.content.text


async def test_the_chart_of_a_question_in_a_thread_is_in_the_thread(measured: World) -> None:
    await measured.kim.types("/incident p1 service:payment cards are refused")
    await measured.kim.mentions("slo payment 7d", thread=measured.card())
    assert [file.name for file in charts(measured)] == ["slo-payment-7d.png"]
    assert sum("Payment Service · " in one for one in measured.card().thread) == 2


async def test_numbers_come_where_the_bot_is_no_member_and_why_there_is_no_chart(measured: World) -> None:
    await measured.kim.types("/slo payment", channel="general")
    assert answer(measured, "general").says("Payment Service")
    assert not charts(measured)
    assert "invite the bot" in measured.kim.sees[-1]


async def test_an_old_button_of_a_service_that_the_guide_has_no_more_asks_nothing(measured: World) -> None:
    await measured.kim.types("/slo payment")
    guide = measured.setup.guide
    left = {key: one for key, one in guide.services.items() if key != "payment"}
    await measured.stop()
    await measured.start(replace(guide, services=left))
    before = len(measured.queries)
    for label in ("Last 7 d", "May we ship?", "Show queries"):
        await measured.kim.presses(label, card=answer(measured))
        assert "The guide has no service payment any more" in measured.kim.sees[-1].replace("`", "")
    assert len(measured.queries) == before


async def test_a_button_pressed_twice_by_slack_answers_once(measured: World) -> None:
    await measured.kim.types("/slo payment")
    pressed = await measured.lee.presses("May we ship?", card=answer(measured))
    once = len(measured.lee.sees)
    await measured.slack.redeliver(pressed)
    await measured.settle()
    assert len(measured.lee.sees) == once
