"""Whoever has a P0 and is silent for long is asked; an incident that nobody answers for is paged again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.severity import Severity
from tests.support.builders import a_guide
from tests.support.harness import World, a_staffed_guide
from tests.support.people import Card
from tests.support.worlds import OpenWorld

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(a_world: OpenWorld) -> World:
    """The bot with the shipped guide's patience."""
    return await a_world(guide=a_staffed_guide(still_on_it=HOUR))


@pytest.fixture
async def either_world(a_world: OpenWorld, database_url: str) -> World:
    """The same on SQLite and on PostgreSQL."""
    return await a_world(guide=a_staffed_guide(still_on_it=HOUR), database_url=database_url)


def test_the_shipped_guide_asks_after_an_hour_and_of_a_p0_only() -> None:
    asked = {severity: policy.still_on_it for severity, policy in a_guide().severities.items()}
    assert asked == {Severity.P0: HOUR, Severity.P1: None, Severity.P2: None, Severity.P3: None}


def questions(world: World) -> list[Card]:
    return [prompt for prompt in world.card().prompts if prompt.says("still on it?")]


async def begun(world: World, line: str = "/incident p0 checkout is down") -> None:
    await world.kim.types(line)
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident updates 1 off")


async def test_after_an_hour_of_silence_whoever_has_it_is_asked(world: World) -> None:
    await begun(world)
    await world.forward(minutes=59)
    assert not questions(world)
    await world.forward(minutes=1)
    (question,) = questions(world)
    assert question.says("ana, are you still on it? Nobody has done anything here for 1 h.")
    assert question.says("<@U0ANA0001>")
    assert question.labels == ["Still on it", "Write an update"]


async def test_an_answer_puts_it_off_for_an_hour_and_the_question_shows_it(world: World) -> None:
    await begun(world)
    await world.forward(hours=1)
    await world.forward(minutes=5)
    told = len(world.card().thread)
    await world.ana.presses("Still on it", card=questions(world)[0])
    assert questions(world)[0].says("ana: Still on it.")
    assert not questions(world)[0].labels
    assert len(world.card().thread) == told, "no message for it"
    await world.forward(minutes=59)
    assert world.paged() == ["on-call"]
    assert len(questions(world)) == 1
    await world.forward(minutes=1)
    assert len(questions(world)) == 2


async def test_where_nobody_answers_it_is_not_acknowledged_any_more_and_paged_again(
    either_world: World,
) -> None:
    world = either_world
    await begun(world)
    await world.forward(minutes=74)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "on-call"]
    assert world.card().says("Not acknowledged")
    assert not world.card().says("Incident commander"), "whoever takes it next leads"
    (loud,) = world.card().loud
    assert "Nobody has answered: P0 #1 counts as not acknowledged any more" in loud
    assert "ana had it." in loud
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "on-call", "team-lead"]
    assert [alert.status for alert in world.alerts()] == ["resolved", "triggered", "triggered"]
    await world.lee.presses("Acknowledge")
    assert world.card().says("Incident commander: lee")


async def test_any_act_of_a_person_is_an_answer(world: World) -> None:
    await begun(world)
    await world.forward(hours=1)
    await world.lee.types("/incident role scribe")
    await world.forward(minutes=59)
    assert world.paged() == ["on-call"]
    assert len(questions(world)) == 1


async def test_an_update_before_the_hour_is_over_puts_it_off(world: World) -> None:
    await begun(world)
    await world.forward(minutes=50)
    await world.ana.types("/incident update 1 rolling back")
    await world.forward(minutes=59)
    assert not questions(world)
    await world.forward(minutes=1)
    assert len(questions(world)) == 1


async def test_it_is_answered_in_words_too(world: World) -> None:
    await begun(world)
    await world.forward(hours=1)
    await world.ana.mentions("still on it", thread=world.card())
    await world.forward(minutes=30)
    assert world.paged() == ["on-call"]


async def test_who_acknowledges_again_has_answered(world: World) -> None:
    await begun(world)
    await world.forward(hours=1)
    await world.ana.types("/incident ack 1")
    await world.forward(minutes=30)
    assert world.paged() == ["on-call"]


async def test_only_one_question_is_open_at_a_time(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=61)
    assert len(questions(world)) == 1
    assert len(world.card().prompts) == 2, "for an update after half an hour, and this one"
    await world.ana.presses("Still on it", card=questions(world)[0])
    await world.forward(minutes=14)
    assert len(world.card().prompts) == 3, "then for the update that is due"


async def test_other_severities_and_mitigated_ones_are_left_alone(world: World) -> None:
    await begun(world, "/incident p1 search is slow")
    await world.forward(hours=5)
    assert not questions(world)
    await world.kim.types("/incident sev 1 p0")
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident mitigate 1")
    await world.forward(hours=5)
    assert not questions(world)


async def test_an_old_questions_button_says_what_is_so_now(world: World) -> None:
    await begun(world)
    await world.forward(hours=1)
    old = questions(world)[0]
    await world.forward(minutes=15)
    await world.ana.presses("Still on it", card=old)
    assert "Now: P0 #1 is not acknowledged yet." in world.ana.sees[-1]
    await world.forward(minutes=15)
    assert "team-lead" in world.paged()


async def test_after_an_outage_whoever_was_asked_gets_as_long_again(either_world: World) -> None:
    world = either_world
    await begun(world)
    await world.forward(hours=1)
    await world.outage(hours=2)
    assert world.paged() == ["on-call"], "nobody could answer meanwhile"
    await world.forward(minutes=14)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "on-call"]


async def test_a_bot_that_dies_at_the_deadline_pages_once(world: World) -> None:
    await begun(world)
    await world.forward(minutes=74, seconds=59)
    world.pagerduty.faults.add("down")
    await world.forward(seconds=1)
    await world.stop()
    world.pagerduty.faults.clear()
    world.clock.advance(seconds=5)
    await world.start()
    await world.forward(seconds=30)
    assert world.paged() == ["on-call", "on-call"]
    assert len(world.card().loud) == 1


async def test_who_has_acknowledged_in_pagerduty_answers_there(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.polls()
    await world.kim.types("/incident updates 1 off")
    await world.forward(hours=1)
    assert questions(world)[0].says("Ana Ortiz (PagerDuty), are you still on it?")
    assert questions(world)[0].says("<!subteam^S0ONCALL1>"), "those who can be mentioned are"
    await world.ana.presses("Still on it", card=questions(world)[0])
    await world.forward(minutes=20)
    assert world.paged() == ["on-call"]


async def test_who_acknowledges_there_once_more_has_answered_too(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    alert = world.alerts()[0]
    world.pagerduty.acknowledge(alert.key, "Ana Ortiz")
    await world.polls()
    await world.kim.types("/incident updates 1 off")
    await world.forward(minutes=65)
    world.pagerduty.account.unacknowledge(alert, alert.service.reference)  # its own timeout
    await world.polls()
    await world.forward(minutes=1)
    world.pagerduty.acknowledge(alert.key, "Ana Ortiz")
    await world.polls()
    await world.forward(minutes=20)
    assert world.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")
    assert "on-call" in world.paged()
    assert len(world.alerts()) == 1, "nobody was paged anew"


async def test_of_a_security_incident_the_question_says_nothing_in_public(a_world: OpenWorld) -> None:
    world = await a_world(started=False, guide=a_staffed_guide(still_on_it=HOUR))
    world.slack.workspace.find_channel("security-incidents").private = False
    await world.start()
    await world.sam.types("/incident p0 security: zebra token leaked")
    await world.sam.types("/incident ack 1")
    await world.sam.types("/incident updates 1 off")
    await world.forward(hours=1)
    said = str([message.to_json(metadata=True) for message in world.slack.messages])
    assert "is somebody still on it?" in said
    assert "zebra" not in said


async def test_whom_nobody_answers_for_no_update_is_promised(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident updates 1 45m")
    assert world.card().says("Updates")
    await world.forward(minutes=130)
    assert world.card().says("Not acknowledged")
    assert not world.card().says("Updates")
