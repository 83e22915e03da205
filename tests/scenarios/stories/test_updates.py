"""How people are kept from forgetting to say how things stand."""

from __future__ import annotations

from datetime import timedelta

from tests.support.harness import World
from tests.support.people import Card
from tests.support.worlds import OpenWorld


def asked(world: World, number: int | None = None) -> list[Card]:
    return world.card(number).prompts


async def begun(world: World, line: str = "/incident p0 checkout is down") -> None:
    await world.kim.types(line)
    await world.ana.presses("Acknowledge")


async def test_whoever_leads_is_asked_when_no_update_has_come_for_half_an_hour(world: World) -> None:
    await begun(world)
    await world.forward(minutes=29)
    assert not asked(world)
    await world.forward(minutes=1)
    (prompt,) = asked(world)
    assert prompt.says("ana, how do things stand? Nothing has been written for 30 min.")
    assert prompt.says("<@U0ANA0001>"), "it notifies her"
    assert prompt.labels == ["Write an update", "Snooze 30 min", "Stop asking"]


async def test_nobody_is_asked_while_nobody_has_it(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=45)
    assert not asked(world)


async def test_an_update_is_written_in_the_form_behind_the_question(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    await world.ana.presses("Write an update", card=asked(world)[0])
    await world.ana.sends(text="rolled back", impact="customers cannot pay")
    card = world.card()
    assert card.says("Latest update: rolled back")
    assert card.says("Impact: customers cannot pay")
    assert card.thread[-1].startswith("Update by ana: rolled back")
    assert sum("customers cannot pay" in line for line in card.thread) == 0, "one message for one event"
    (prompt,) = asked(world)
    assert prompt.says("ana has written an update.")
    assert "U0ANA0001" not in prompt.text, "whom it mentioned is no part of its words"
    assert not prompt.labels, "its buttons are gone"
    await world.forward(minutes=29)
    assert len(asked(world)) == 1
    await world.forward(minutes=1)
    assert "The latest update is 30 min old." in asked(world)[-1].text


async def test_the_form_says_when_to_ask_next(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    await world.ana.presses("Write an update", card=asked(world)[0])
    await world.ana.sends(text="waiting for the provider", next="120")
    await world.forward(minutes=119)
    assert len(asked(world)) == 1
    await world.forward(minutes=1)
    assert len(asked(world)) == 2


async def test_an_empty_update_stays_in_the_form(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    await world.ana.presses("Write an update", card=asked(world)[0])
    reply = await world.ana.sends(text="   ", impact="customers cannot pay")
    assert "An update needs a text" in str(reply.body)
    assert not world.card().says("customers cannot pay")


async def test_an_update_in_one_line_puts_off_the_question_too(world: World) -> None:
    await begun(world)
    await world.forward(minutes=20)
    reply = await world.ana.types("/incident update 1 rolled back")
    assert "P0 #1" in reply.text
    await world.forward(minutes=29)
    assert not asked(world)
    await world.forward(minutes=1)
    assert len(asked(world)) == 1


async def test_who_snoozes_is_asked_later_and_the_question_shows_it(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    await world.ana.presses("Snooze", card=asked(world)[0])
    (prompt,) = asked(world)
    assert prompt.says("ana: P0 #1 was acknowledged by ana 30 min ago. An update is asked for in 30 min.")
    assert not prompt.labels, "its buttons are gone"
    await world.forward(minutes=29)
    assert len(asked(world)) == 1
    await world.forward(minutes=1)
    assert len(asked(world)) == 2


async def test_who_wants_no_questions_gets_none_any_more(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    old = asked(world)[0]
    await world.ana.presses("Stop asking", card=old)
    await world.forward(hours=12)
    assert len(asked(world)) == 1
    await world.ana.presses("Snooze", card=old)
    assert "Nothing to do: nobody is asked for updates of #1." in world.ana.sees[-1]


async def test_one_who_stays_silent_is_asked_less_and_less_often(world: World) -> None:
    await begun(world, "/incident p1 search is slow")
    counts = []
    for _ in range(8):
        await world.forward(hours=1)
        counts.append(len(asked(world)))
    assert counts == [1, 2, 2, 3, 3, 3, 3, 4]


async def test_the_pace_is_set_by_a_command(world: World) -> None:
    await begun(world, "/incident p2 reports are late")
    await world.forward(hours=5)
    assert not asked(world), "the guide asks for no updates of a P2"
    reply = await world.kim.types("/incident updates 1 45m")
    assert "An update is asked for in 45 min." in reply.text
    await world.forward(minutes=45)
    assert len(asked(world)) == 1
    assert "Nobody is asked for updates of #1." in (await world.kim.types("/incident updates 1 off")).text
    await world.forward(hours=5)
    assert len(asked(world)) == 1


async def test_a_pace_that_is_none_is_refused_with_an_example(world: World) -> None:
    await begun(world)
    assert "How often? `updates 42 30m`" in (await world.kim.types("/incident updates 1 often")).text
    assert "every 5 min to every 1 d" in (await world.kim.types("/incident updates 1 1m")).text


async def test_the_commander_is_asked_and_not_who_has_acknowledged(world: World) -> None:
    await begun(world)
    await world.lee.types("/incident role commander")
    await world.forward(minutes=30)
    assert asked(world)[0].says("lee, how do things stand?")
    assert asked(world)[0].says("<@U0LEE0001>")


async def test_mitigation_and_the_end_end_the_questions(world: World) -> None:
    await begun(world)
    await world.ana.types("/incident mitigate 1 traffic moved")
    await world.forward(hours=3)
    assert not asked(world)
    await world.ana.types("/incident updates 1 1h")
    await world.forward(hours=1)
    assert len(asked(world)) == 1, "it was wished for"
    await world.ana.types("/incident resolve 1")
    await world.forward(hours=3)
    assert len(asked(world)) == 1


async def test_the_impact_is_said_in_a_line_of_its_own(world: World) -> None:
    await begun(world)
    await world.kim.types("/incident impact 1 customers cannot pay")
    assert world.card().says("Impact: customers cannot pay")
    assert world.card().thread[-1].startswith("Impact described by kim: customers cannot pay")


async def test_after_an_outage_one_question_is_asked_not_all_that_were_missed(either_world: World) -> None:
    world = either_world
    await begun(world)
    await world.outage(hours=2)
    assert len(asked(world)) == 1
    assert "Nothing has been written for 2 h." in asked(world)[0].text


async def test_of_two_answers_the_later_one_counts(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    prompt = asked(world)[0]
    await world.ana.presses("Snooze", card=prompt)
    await world.ana.presses("Stop asking", card=prompt)
    await world.forward(hours=3)
    assert len(asked(world)) == 1


async def test_an_answer_that_slack_sends_again_is_carried_out_once(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    pressed = await world.ana.presses("Snooze", card=asked(world)[0])
    await world.forward(minutes=10)
    await world.slack.redeliver(pressed)
    await world.forward(minutes=20)
    assert len(asked(world)) == 2, "not ten minutes later"


async def test_a_bot_that_dies_before_it_has_asked_asks_once(world: World) -> None:
    await begun(world)
    await world.stop()
    world.clock.advance(timedelta(minutes=30))
    await world.start()
    await world.stop()
    await world.start()
    assert len(asked(world)) == 1


async def test_a_guest_answers_no_question(world: World) -> None:
    await begun(world)
    await world.forward(minutes=30)
    await world.gus.presses("Write an update", card=asked(world)[0])
    await world.gus.presses("Stop asking", card=asked(world)[0])
    assert "Guests and people of other workspaces may look" in world.gus.sees[-1]
    await world.forward(minutes=30)
    assert len(asked(world)) == 2


async def test_a_drill_asks_as_the_real_thing_does(a_world: OpenWorld) -> None:
    world = await a_world()
    await begun(world, "/incident drill p0 checkout is down")
    await world.forward(minutes=30)
    assert len(asked(world)) == 1
