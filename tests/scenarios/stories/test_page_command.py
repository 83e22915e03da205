"""`/page`: somebody is called, with a reason, until they come; nobody is called without being asked twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.call import REASON_LIMIT
from bot.domain.guide import Mention
from bot.sandbox.pagerduty.people import LEE
from bot.sandbox.slack.delivery import Reply
from tests.scenarios.stories.test_direct_messages import alone, answers, writes
from tests.support.harness import TEAM_LEAD, World, a_staffed_guide
from tests.support.homes import opens_home
from tests.support.people import Card, Person, readable
from tests.support.worlds import OpenWorld

LINE = "/page team-lead the payment provider is on the phone"


def question(world: World, name: str = "kim") -> Card:
    """The newest thing that only somebody sees."""
    return Card.of(world.slack, world.slack.ephemerals(name)[-1])


def cards(world: World) -> list[Card]:
    """Every card of a call, oldest first."""
    return [Card.of(world.slack, one) for one in world.slack.messages if "pages " in one.content.text]


def card(world: World) -> Card:
    [only] = cards(world)
    return only


async def pages(world: World, line: str = LINE, person: Person | None = None) -> Card:
    """Somebody types a line, and says that they mean it."""
    someone = person or world.kim
    await someone.types(line)
    await someone.presses("Page", card=question(world, someone.name))
    return cards(world)[-1]


async def test_whoever_asks_is_told_who_would_be_paged_and_nobody_is_yet(world: World) -> None:
    reply = await world.kim.types(LINE)
    assert reply.message is None
    asked = question(world)
    assert asked.says("📟 Page *Team Lead*?\nthe payment provider is on the phone\nThat is *lee* · ")
    assert asked.says("Everybody in #platform-alerts reads it. Repeated every 15 min")
    assert asked.labels == ["Page Team Lead", "Cancel"]
    assert not world.pages()
    assert not cards(world)


async def test_a_page_rings_with_its_reason_and_stands_in_the_ops_channel(either_world: World) -> None:
    world = either_world
    shown = await pages(world)
    [rung] = world.pages()
    assert (rung.tier, rung.urgency) == ("team-lead", "high")
    assert rung.summary == "Page PG1 from kim: the payment provider is on the phone"
    assert shown.channel == "platform-alerts"
    assert shown.says(
        "📟 *PG1 · kim pages Team Lead*\nthe payment provider is on the phone\n🔴 *Not acknowledged*"
    )
    assert shown.labels == ["Acknowledge", "Call off"]
    assert question(world).says("PG1: Team Lead is being paged. #platform-alerts shows who has it.")
    assert question(world).labels == []


async def test_cancel_pages_nobody_and_gives_the_line_back(world: World) -> None:
    await world.kim.types(LINE)
    await world.kim.presses("Cancel", card=question(world))
    assert question(world).says(f"Nobody was paged. The line was: `{LINE}`")
    assert not world.pages()
    assert not cards(world)


async def test_a_question_of_yesterday_pages_nobody_and_gives_the_line_back(either_world: World) -> None:
    world = either_world
    await world.kim.types(LINE)
    await world.forward(days=1)
    await world.kim.presses("Page", card=question(world))
    assert question(world).says(
        f"Nobody was paged: that was asked 1 d ago. If it is still so, send it again: `{LINE}`"
    )
    assert question(world).labels == []
    assert not world.pages()
    assert not cards(world)
    await pages(world)
    assert world.paged() == ["team-lead"]


async def test_a_quarter_of_an_hour_later_the_button_still_pages(world: World) -> None:
    await world.kim.types(LINE)
    asked = question(world)
    await world.forward(minutes=14)
    await world.kim.presses("Page", card=asked)
    assert world.paged() == ["team-lead"]
    await world.lee.presses("Acknowledge", card=card(world))
    await world.forward(days=1)
    await world.kim.presses("Page", card=asked)
    assert question(world).says("Nothing was done twice: PG1 was acknowledged by lee"), "however late"


async def test_a_form_left_open_for_an_hour_pages_nobody_and_gives_the_line_back(world: World) -> None:
    await world.kim.types("/page director")
    await world.forward(hours=1)
    reply = await world.kim.sends(reason="sign off, please")
    told = str(reply.body)
    assert "Nobody was paged: that was asked 1 h ago" in told
    assert "`/page director sign off, please`" in told
    assert not world.pages()


async def test_who_cancels_after_all_is_not_told_that_nobody_was_paged(world: World) -> None:
    await world.kim.types(LINE)
    asked = question(world)
    await world.kim.presses("Page", card=asked)
    await world.kim.presses("Cancel", card=asked)
    assert question(world).says("PG1 is not acknowledged yet: Team Lead is paged.")
    assert question(world).says("`/page cancel PG1` calls it off.")
    assert not question(world).says("Nobody was paged")
    assert card(world).says("Not acknowledged")


async def test_whoever_comes_says_so_on_the_card_and_who_called_learns_it(either_world: World) -> None:
    world = either_world
    shown = await pages(world)
    await world.forward(minutes=3)
    await world.lee.presses("Acknowledge", card=shown)
    now = card(world)
    assert now.says("🟢 *Acknowledged* by *lee*")
    assert now.says("3 min after the page")
    assert now.labels == []
    kim = world.slack.workspace.find_user("kim").id
    assert now.thread == [f"Acknowledged by lee. <@{kim}>\nAcknowledged by lee.\n<@{kim}>"]
    assert [one.status for one in world.alerts()] == ["resolved"]
    await world.forward(hours=3)
    assert len(world.pages()) == 1
    assert await world.waiting() == 0


async def test_an_answer_in_pagerduty_counts_by_looking(world: World) -> None:
    await pages(world)
    await world.forward(minutes=1)
    world.pagerduty.acknowledge(world.alerts()[0].key, LEE.name)
    await world.polls()
    assert card(world).says("*Acknowledged* by *Lee Novak (PagerDuty)*")
    assert [one.status for one in world.alerts()] == ["resolved"]


async def test_an_answer_in_pagerduty_counts_by_webhook(a_world: OpenWorld) -> None:
    world = await a_world(webhook=True)
    await pages(world)
    world.pagerduty.resolve(world.alerts()[0].key, LEE.name)
    await world.settle()
    assert card(world).says("*Acknowledged* by *Lee Novak (PagerDuty)*")


async def test_an_answer_by_mention_in_the_thread_counts_and_by_number_anywhere(world: World) -> None:
    shown = await pages(world)
    await world.lee.mentions("ack", thread=shown)
    assert card(world).says("*Acknowledged* by *lee*")
    await pages(world, "/page director come, please")
    await world.dia.mentions("ack PG2")
    assert cards(world)[1].says("*Acknowledged* by *dia*")
    await pages(world, "/page director once more")
    reply = await world.dia.types("/page ack PG3")
    assert "PG3 was acknowledged by dia" in reply.text


async def test_an_incident_in_a_calls_thread_is_one_all_the_same(world: World) -> None:
    shown = await pages(world)
    await world.lee.mentions("p2 the queue is full", thread=shown)
    assert world.card().says("P2 #1 · the queue is full")
    assert card(world).says("Not acknowledged")


async def test_unacknowledged_it_is_repeated_as_often_as_a_p0_and_who_called_is_told(
    either_world: World,
) -> None:
    world = either_world
    await pages(world)
    await world.forward(minutes=31)
    assert world.paged() == ["team-lead"] * 3
    assert world.pages()[1].summary.endswith("· page 2, nobody acknowledged in 15 min")
    kim = world.slack.workspace.find_user("kim").id
    told = card(world).thread
    assert len(told) == 2
    assert all(
        one.startswith(f"Team Lead paged again: nobody acknowledged in 15 min. <@{kim}>") for one in told
    )
    assert card(world).says("Team Lead paged 3 times")
    await world.lee.presses("Acknowledge", card=card(world))
    assert {one.status for one in world.alerts()} == {"resolved"}


async def test_an_outage_of_the_bot_pages_once_for_all_that_it_missed(either_world: World) -> None:
    world = either_world
    await pages(world)
    await world.outage(hours=5)
    assert len(world.pages()) == 2
    assert "paged late: opsbot was away" in card(world).thread[-1]


async def test_what_was_committed_is_paged_after_a_crash(either_world: World) -> None:
    world = either_world
    world.pagerduty.faults.add("down", "*")
    await pages(world)
    assert not world.pages()
    await world.stop()
    world.pagerduty.faults.clear()
    await world.start()
    await world.forward(minutes=2)
    assert world.paged() == ["team-lead"]
    assert len(cards(world)) == 1


async def test_while_pagerduty_is_down_that_is_told_with_a_mention_and_tried_on(world: World) -> None:
    world.pagerduty.faults.add("down", "*")
    await world.kim.types(LINE)
    assert question(world).says("By the guide that is one of: lee")
    await world.kim.presses("Page", card=question(world))
    await world.forward(minutes=2)
    [told] = card(world).loud
    assert "PagerDuty does not take the page for Team Lead" in told
    assert f"<!subteam^{TEAM_LEAD}>" in told
    world.pagerduty.faults.clear()
    await world.forward(minutes=5)
    assert world.paged() == ["team-lead"]


async def test_a_tier_without_a_key_is_mentioned_in_slack_and_that_is_said_before(a_world: OpenWorld) -> None:
    world = await a_world(keys=("on-call",))
    await world.kim.types(LINE)
    assert question(world).says(
        "⚠️ Team Lead has no PagerDuty routing key: they are mentioned in Slack, not paged."
    )
    await world.kim.presses("Page", card=question(world))
    assert question(world).says(
        "Team Lead has no PagerDuty routing key: they are mentioned in Slack instead."
    )
    await world.forward(seconds=5)
    [told] = card(world).loud
    assert f"<!subteam^{TEAM_LEAD}>" in told
    assert not world.pages()
    await world.forward(minutes=15)
    assert len(card(world).loud) == 2


async def test_a_tier_that_nobody_is_named_for_says_so(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    lead = replace(guide.tiers["team-lead"], mention=Mention())
    world = await a_world(guide=replace(guide, tiers={**guide.tiers, "team-lead": lead}), keys=("on-call",))
    await pages(world)
    await world.forward(seconds=5)
    assert "Nobody is mentioned: the guide names nobody for Team Lead." in card(world).loud[0]


async def test_ones_own_page_says_that_it_is_ones_own_and_mentions_nobody(world: World) -> None:
    await world.lee.types(LINE)
    assert question(world, "lee").says("That is you: nobody else would be paged.")
    await world.lee.presses("Page", card=question(world, "lee"))
    await world.lee.presses("Acknowledge", card=card(world))
    assert card(world).thread == ["Acknowledged by lee.\nAcknowledged by lee."]


async def test_called_off_it_rings_no_more(world: World) -> None:
    shown = await pages(world)
    await world.kim.presses("Call off", card=shown)
    assert card(world).says("⚪ *Called off* by *kim*")
    assert [one.status for one in world.alerts()] == ["resolved"]
    await world.forward(hours=2)
    assert len(world.pages()) == 1
    await world.lee.presses("Acknowledge", card=shown)
    assert "Nothing to do: PG1 was called off by kim 2 h ago." in world.lee.sees[-1]


async def test_one_page_of_a_person_waits_for_a_tier_at_a_time(either_world: World) -> None:
    world = either_world
    await pages(world)
    await world.forward(minutes=4)
    await world.kim.types("/page team-lead are you there?")
    await world.kim.presses("Page", card=question(world))
    assert question(world).says("You page Team Lead already: PG1, 4 min ago. It is repeated by itself")
    await pages(world, "/page director come, please")
    await pages(world, "/page team-lead me too", world.sam)
    assert world.paged() == ["team-lead", "director", "team-lead"]


async def test_a_press_that_is_delivered_twice_pages_once_and_so_does_a_second_press(world: World) -> None:
    await world.kim.types(LINE)
    asked = question(world)
    await world.kim.presses("Page", card=asked)
    last = world.slack.last
    assert last is not None
    await world.slack.redeliver(last)
    await world.settle()
    await world.lee.presses("Acknowledge", card=card(world))
    await world.kim.presses("Page", card=asked)
    assert question(world).says("Nothing was done twice: PG1 was acknowledged by lee")
    assert len(world.pages()) == 1
    assert len(cards(world)) == 1


async def test_two_presses_at_once_page_once(either_world: World) -> None:
    world = either_world
    for line in (LINE, "/page team-lead and again"):
        await world.kim.types(line)
    asked = [Card.of(world.slack, one) for one in world.slack.ephemerals("kim")[-2:]]

    async def press(seen: Card) -> Reply:
        action_id, value = seen.find("Page")
        return await world.slack.click("kim", seen.message.channel, seen.message.ts, action_id, value)

    await asyncio.gather(*map(press, asked))
    await world.settle()
    assert len(world.pages()) == 1
    assert len(cards(world)) == 1


async def test_the_form_asks_whom_and_why_and_sending_it_pages(world: World) -> None:
    await world.kim.types("/page director")
    reply = await world.kim.sends(reason="sign off, please")
    assert reply.ok
    [rung] = world.pages()
    assert (rung.tier, rung.summary) == ("director", "Page PG1 from kim: sign off, please")
    assert card(world).says("kim pages Director")


async def test_what_is_wrong_with_the_form_is_said_beside_it_and_nothing_is_lost(world: World) -> None:
    await pages(world)
    await world.kim.types("/page")
    reply = await world.kim.sends(tier="team-lead", reason="once more")
    assert "You page Team Lead already: PG1" in str(reply.body)
    reply = await world.kim.sends(tier="director", reason="   ")
    assert "Why?" in str(reply.body)
    await world.kim.sends(tier="director", reason="once more")
    assert world.paged() == ["team-lead", "director"]


async def test_guests_may_not_page_nor_answer(world: World) -> None:
    for line in (LINE, "/page"):
        reply = await world.gus.types(line)
        assert "may look, but not page anybody" in reply.text
    shown = await pages(world)
    await world.gus.presses("Acknowledge", card=shown)
    assert "may look, but not acknowledge a page" in world.gus.sees[-1]
    assert card(world).says("Not acknowledged")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "/page leed it burns",
            "“leed” is no tier of the guide, and nobody was paged. The nearest: `team-lead`",
        ),
        ("/page t", None),
        (
            f"/page team-lead {'x' * (REASON_LIMIT + 1)}",
            "That is 501 characters: why somebody is paged has at most",
        ),
        ("/page ack P0", "`ack` takes a page's number and nothing else: `/page ack PG3`."),
        ("/page ack PG7", "There is no page PG7. None waits for an answer."),
        ("/page cancel", "Nobody waits for an answer to a page: there is nothing to do."),
    ],
)
async def test_bad_input_pages_nobody_and_says_what_is_right(
    world: World, line: str, said: str | None
) -> None:
    reply = await world.kim.types(line)
    if said is not None:
        assert said in reply.text
        assert "You typed: `/page " in reply.text
    assert not world.pages()


async def test_among_several_it_is_to_be_said_which(world: World) -> None:
    await pages(world)
    await pages(world, "/page director come, please")
    reply = await world.lee.types("/page ack")
    assert "2 pages wait; say which: `ack PG2`. Waiting: PG2 (Director), PG1 (Team Lead)." in reply.text


async def test_the_list_shows_what_waits_and_what_was(world: World) -> None:
    reply = await world.kim.types("/page list")
    assert "Nobody has been paged by `/page` yet." in reply.text
    await world.lee.presses("Acknowledge", card=await pages(world))
    await pages(world, "/page director come, please")
    reply = await world.kim.types("/page list")
    assert reply.message is not None
    told = readable(reply.message.content)
    assert "1 page waits" in told
    assert told.index("PG2 · kim pages Director") < told.index("PG1 · kim pages Team Lead")


async def test_the_same_in_a_mention_and_in_a_direct_message(world: World) -> None:
    await world.kim.mentions("page team-lead the provider is on the phone")
    await world.kim.presses("Page", card=question(world))
    assert world.paged() == ["team-lead"]
    await writes(world, "page director come, please")
    told = [one for one in alone(world).messages.values() if "Page Director?" in one.content.text]
    await world.kim.presses("Page", card=Card.of(world.slack, told[-1]))
    assert world.paged() == ["team-lead", "director"]
    assert any("PG2: Director is being paged." in one for one in answers(world))
    await writes(world, "page director")
    assert "Whom, and why? `page director the payment provider" in answers(world)[-1]
    await writes(world, "cancel PG2")
    assert "PG2 was called off by kim" in answers(world)[-1]


async def test_it_is_in_the_log_with_who_and_why_and_counts_in_no_statistics(world: World) -> None:
    await world.lee.presses("Acknowledge", card=await pages(world))
    call = await world.bot.store.read(lambda tx: tx.calls.by_number(1))
    assert call is not None
    log = await world.bot.store.read(lambda tx: tx.events.entries(call.id, limit=100))
    assert [(one.kind, one.actor.name, one.page) for one in log][:2] == [
        ("called", "kim", 1),
        ("paged", "kim", 1),
    ]
    assert log[0].data["reason"] == "the payment provider is on the phone"
    assert ("acknowledged", "lee") in [(one.kind, one.actor.name) for one in log]
    reply = await world.kim.types("/incident stats")
    assert reply.message is not None
    assert "no incident was declared" in readable(reply.message.content)


async def test_home_tabs_show_what_waits_until_somebody_comes(world: World) -> None:
    shown = await pages(world)
    page = await opens_home(world, world.ana)
    assert page.says("1 page is not acknowledged")
    assert page.says("|PG1> *kim pages Team Lead* · the payment provider is on the phone · since <!date^")
    await world.lee.presses("Acknowledge", card=shown)
    assert not (await opens_home(world, world.ana)).says("is not acknowledged")


async def test_metrics_count_what_waits(world: World) -> None:
    shown = await pages(world)
    assert "opsbot_calls_waiting 1.0" in (await world.get("/metrics"))[1]
    await world.lee.presses("Acknowledge", card=shown)
    assert "opsbot_calls_waiting 0.0" in (await world.get("/metrics"))[1]


async def test_what_is_long_over_is_forgotten(world: World) -> None:
    await world.lee.presses("Acknowledge", card=await pages(world))
    await pages(world, "/page director come, please")
    world.clock.advance(timedelta(days=400))
    assert await world.bot.cleaning.clean() >= 1
    left = await world.bot.store.read(lambda tx: tx.calls.newest(10))
    assert [one.number for one in left] == [2]
