"""How the error budget of what is broken stood is noted in its incident, and what the incident cost."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.event import Event, EventKind
from tests.support.builders import a_guide
from tests.support.harness import World, a_staffed_guide
from tests.support.leaks import WORDS, leaks
from tests.support.worlds import OpenWorld


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A world with a Prometheus, in which a third of all payments has failed for five minutes."""
    return await broken(await a_world(prometheus=True))


async def broken(world: World) -> World:
    world.prometheus.set_service("payment", error_ratio=0.3)
    await world.forward(minutes=5)
    return world


async def declared(world: World, line: str = "p0 service:payment checkout is down") -> None:
    await world.kim.types(f"/incident {line}")


async def resolved(world: World) -> None:
    """Declared, acknowledged after four minutes, resolved after ten."""
    await declared(world)
    await world.forward(minutes=4)
    await world.ana.types("/incident ack")
    await world.forward(minutes=6)
    world.prometheus.set_service("payment", error_ratio=0.0)
    await world.lee.types("/incident resolve rolled back")


async def history(world: World, number: int = 1) -> tuple[Event, ...]:
    incident = await world.bot.store.read(lambda tx: tx.incidents.by_number(number))
    assert incident is not None
    return await world.bot.store.read(lambda tx: tx.events.of(incident.id))


async def notes(world: World, number: int = 1) -> list[dict[str, Any]]:
    """The facts of every note in an incident's history."""
    return [dict(one.data) for one in await history(world, number) if one.kind is EventKind.SLO_NOTED]


async def moments(world: World, number: int = 1) -> list[str]:
    return [one["moment"] for one in await notes(world, number)]


def told(world: World, number: int | None = None) -> list[str]:
    """What the thread says of budgets, each line once."""
    return list(dict.fromkeys(line for line in world.card(number).thread if "budget" in line))


def draft(world: World) -> str:
    """The newest draft's section about the error budget."""
    files = sorted(world.slack.workspace.files, key=lambda file: (file.completed or 0, file.id))
    text = (files[-1].data or b"").decode()
    return text.partition("## Error budget\n")[2].partition("\n## ")[0]


async def test_it_is_noted_at_declare_acknowledge_and_resolve_with_what_it_cost(measured: World) -> None:
    await resolved(measured)
    await measured.forward(minutes=1)
    first, second, last = await notes(measured)
    assert [first["moment"], second["moment"], last["moment"]] == ["declared", "acknowledged", "resolved"]
    assert first["left_millionths"] > second["left_millionths"] > last["left_millionths"]
    assert first["burn_thousandths"] < second["burn_thousandths"] < last["burn_thousandths"]
    assert "bad_requests" not in first
    assert last["bad_requests"] > 1000
    spent = first["left_millionths"] - last["left_millionths"]
    assert last["cost_millionths_requests"] == pytest.approx(spent, rel=0.01)
    assert {one.actor.name for one in await history(measured) if one.kind is EventKind.SLO_NOTED} == {
        "opsbot"
    }


async def test_the_thread_hears_of_it_at_declare_and_at_resolve_in_a_line_each(measured: World) -> None:
    await resolved(measured)
    await measured.forward(minutes=1)
    at_declare, at_resolve = told(measured)
    assert at_declare.startswith("📉 Payment Service: its error budget is spent (30 d), overdrawn by ")
    assert " burning 260\N{MULTIPLICATION SIGN} over the last hour." in at_declare
    assert at_resolve.startswith("📉 It cost about 2,8")
    assert " of the 30 d budget. Payment Service: " in at_resolve
    assert "<@" not in at_declare + at_resolve


async def test_the_draft_waits_for_what_it_cost(measured: World) -> None:
    await resolved(measured)
    assert list(measured.slack.workspace.files) == []
    await measured.forward(minutes=1)
    section = draft(measured)
    assert "- When it was declared: Payment Service, its error budget is spent" in section
    assert "- When it was acknowledged: Payment Service, " in section
    assert "- When it was resolved: Payment Service, " in section
    assert "- What it cost: about 2,8" in section
    assert "📉" not in section


async def test_a_draft_that_somebody_asks_for_takes_what_is_there(measured: World) -> None:
    await declared(measured)
    await measured.ana.types("/incident postmortem 1")
    assert draft(measured).splitlines() == ["- When it was declared: not measured yet"]


async def test_what_was_struck_out_of_the_timeline_shows_so_in_the_draft(measured: World) -> None:
    await declared(measured)
    await measured.forward(minutes=1)
    [number] = [one.sequence for one in await history(measured) if one.kind is EventKind.SLO_NOTED]
    await measured.ana.types(f"/incident strike 1 {number} the probe was broken")
    await measured.ana.types("/incident postmortem 1")
    assert draft(measured) == "- When it was declared: Struck out by ana: the probe was broken\n"


async def test_the_card_shows_the_newest_while_it_is_open(measured: World) -> None:
    await declared(measured)
    assert not measured.card().says("Payment Service: its error budget")
    await measured.forward(minutes=1)
    assert measured.card().says("📉 Payment Service: its error budget is spent (30 d), overdrawn by 34 %")
    await measured.ana.types("/incident ack")
    await measured.forward(minutes=1)
    assert measured.card().says("overdrawn by 43 %")
    await measured.ana.types("/incident resolve")
    await measured.forward(minutes=1)
    assert not measured.card().says("overdrawn")


async def test_the_timeline_and_the_export_show_it(measured: World) -> None:
    await declared(measured)
    await measured.forward(minutes=1)
    shown = await measured.ana.types("/incident timeline 1")
    assert "📉 Payment Service: its error budget is spent" in shown.text
    await measured.ana.types("/incident export 1")
    [file] = measured.slack.workspace.files
    assert "📉 Payment Service: its error budget is spent" in (file.data or b"").decode()


async def test_a_redelivered_request_is_noted_once(measured: World) -> None:
    reply = await measured.kim.types("/incident p0 service:payment checkout is down")
    await measured.slack.redeliver(reply)
    await measured.forward(minutes=1)
    assert await moments(measured) == ["declared"]


async def test_who_mitigates_what_nobody_has_acknowledged_has_acknowledged_it(measured: World) -> None:
    await declared(measured)
    await measured.ana.types("/incident mitigate 1 traffic moved")
    await measured.forward(minutes=1)
    assert await moments(measured) == ["declared", "acknowledged"]


async def test_what_is_asked_late_is_what_was_true_then(a_world: OpenWorld, tmp_path: Path) -> None:
    worlds = [
        await broken(await a_world(prometheus=True, database_url=f"sqlite+aiosqlite:///{tmp_path}/{name}.db"))
        for name in ("up", "away")
    ]
    up, away = worlds
    for world in worlds:
        await declared(world)
    await away.outage(minutes=50)
    await up.forward(minutes=50)
    await away.settle()
    assert await notes(away) == await notes(up) != []
    assert " (when it was declared, 50 min earlier)." in told(away)[0]
    assert "earlier" not in told(up)[0]


async def test_a_prometheus_that_is_away_for_two_hours_is_given_up_quietly(measured: World) -> None:
    measured.prometheus.faults.add("down", "*")
    await resolved(measured)
    lines = len(measured.card().thread)
    await measured.forward(minutes=1)
    assert draft(measured).splitlines() == [
        "- When it was declared: not measured yet",
        "- When it was acknowledged: not measured yet",
        "- When it was resolved: not measured yet",
    ]
    assert len(measured.card().thread) > lines, "the draft is not held up"
    await measured.forward(minutes=30)
    assert await notes(measured) == []
    await measured.forward(minutes=90)
    assert await moments(measured) == ["declared", "acknowledged", "resolved"]
    assert all(one["why"] and "left_millionths" not in one for one in await notes(measured))
    assert told(measured) == []
    assert await measured.waiting() == 0
    await measured.forward(hours=3)
    assert len(await notes(measured)) == 3
    await measured.ana.types("/incident postmortem 1")
    assert "- When it was resolved: Payment Service, not measured: " in draft(measured)


async def test_a_prometheus_that_comes_back_within_the_hour_is_asked_for_then(measured: World) -> None:
    measured.prometheus.faults.add("down", "*")
    await declared(measured)
    await measured.forward(minutes=20)
    measured.prometheus.faults.clear()
    await measured.forward(minutes=10)
    [note] = await notes(measured)
    assert note["left_millionths"] == -331497, "as it stood when it was declared"


async def test_one_that_was_reopened_is_noted_again(measured: World) -> None:
    await resolved(measured)
    await measured.forward(minutes=1)
    measured.prometheus.set_service("payment", error_ratio=0.5)
    await measured.kim.types("/incident reopen 1")
    await measured.ana.types("/incident postmortem 1")
    assert [line.partition(":")[0] for line in draft(measured).splitlines()] == ["- When it was declared"]
    await measured.forward(minutes=5)
    await measured.ana.types("/incident ack 1")
    await measured.forward(minutes=5)
    await measured.ana.types("/incident resolve 1")
    await measured.forward(minutes=1)
    assert await moments(measured) == [
        *("declared", "acknowledged", "resolved"),
        *("acknowledged", "resolved"),
    ]
    _, _, first, _, second = await notes(measured)
    assert second["bad_requests"] > 1.5 * first["bad_requests"], "from its beginning to its last end"


async def test_a_false_alarm_and_what_was_merged_cost_nothing(measured: World) -> None:
    await declared(measured)
    await measured.ana.types("/incident cancel 1")
    await declared(measured)
    await declared(measured)
    await measured.ana.types("/incident merge 3 into 2")
    await measured.forward(minutes=2)
    assert [await moments(measured, number) for number in (1, 2, 3)] == [[], ["declared"], []]


async def test_where_no_service_is_named_the_platform_is_looked_at(measured: World) -> None:
    await declared(measured, "p1 something is odd")
    await measured.forward(minutes=1)
    assert [one["title"] for one in await notes(measured)] == ["Platform"]
    assert told(measured)[0].startswith("📉 Platform: ")


async def test_a_service_of_which_nothing_is_promised_is_not_looked_at(a_world: OpenWorld) -> None:
    guide = a_guide()
    unpromised = replace(guide.services["payment"], slo=None)
    bare = replace(guide, services={**guide.services, "payment": unpromised})
    world = await a_world(prometheus=True, guide=a_staffed_guide(bare))
    await resolved(world)
    await world.forward(minutes=1)
    assert await notes(world) == []
    assert draft(world) == "*The guide promises nothing for Payment Service that is measured.*\n"


async def test_where_nobody_measures_nothing_is_owed(world: World) -> None:
    await declared(world)
    await world.ana.types("/incident ack")
    await world.ana.types("/incident resolve")
    await world.forward(minutes=2)
    assert await notes(world) == []
    assert await world.waiting() == 0
    assert draft(world) == "*Nobody measures: PROMETHEUS_URL is not set.*\n"


async def test_a_drill_is_looked_at_like_any_other(measured: World) -> None:
    await declared(measured, "drill p0 service:payment checkout is down")
    await measured.forward(minutes=1)
    assert await moments(measured) == ["declared"]
    figures = await measured.ana.types("/incident stats 7d")
    assert "no incident was declared" in figures.text


async def test_nothing_of_a_security_incident_gets_out(
    a_world: OpenWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.services")
    world = await broken(await a_world(prometheus=True))
    secret, where = WORDS[0], "security-incidents"
    await world.sam.types(f"/incident p0 service:payment {secret} token leaked", channel=where)
    await world.forward(minutes=2)
    assert await moments(world) == ["declared"]
    world.prometheus.faults.add("down", "*")
    await world.sam.types("/incident ack 1", channel=where)
    await world.forward(minutes=90)
    world.prometheus.faults.clear()
    await world.sam.types(f"/incident resolve 1 {WORDS[1]}", channel=where)
    for line in ("timeline 1", "show 1", "list", "export 1", "postmortem 1", "audit"):
        await world.kim.types(f"/incident {line}")
    await world.forward(minutes=2)
    assert await moments(world) == ["declared", "acknowledged", "resolved"]
    inside = [one.content.text for one in world.slack.messages_in(where)]
    assert len([text for text in inside if "its error budget is spent" in text]) == 2
    assert leaks(world, caplog.records) == []
    outside = [*world.kim.sees, *world.gus.sees]
    assert not [text for text in outside if "its error budget" in text or "overdrawn" in text]


async def test_a_reading_is_no_sign_of_life(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=a_staffed_guide(still_on_it=timedelta(hours=1)))
    await declared(world)
    world.prometheus.faults.add("down", "*")
    await world.ana.types("/incident ack 1")
    await world.ana.types("/incident updates 1 off")
    await world.forward(minutes=50)
    world.prometheus.faults.clear()
    await world.forward(minutes=9)
    assert "acknowledged" in await moments(world), "it is measured after fifty minutes of silence"
    await world.forward(minutes=1)
    assert any("still on it?" in one.text for one in world.card().prompts)


async def test_it_holds_on_both_databases(a_world: OpenWorld, database_url: str) -> None:
    world = await broken(await a_world(prometheus=True, database_url=database_url))
    await resolved(world)
    await world.stop()
    world.clock.advance(timedelta(minutes=10))
    await world.start()
    await world.forward(minutes=1)
    assert await moments(world) == ["declared", "acknowledged", "resolved"]
    assert len(told(world)) == 2
    assert "- What it cost: about 2,8" in draft(world)


async def test_the_start_that_somebody_sets_counts_for_the_cost(measured: World) -> None:
    await declared(measured)
    await measured.ana.types("/incident ack")
    await measured.forward(minutes=10)
    await measured.ana.types("/incident times 1 started 15m ago")
    await measured.ana.types("/incident resolve 1")
    await measured.forward(minutes=1)
    [*_, last] = await notes(measured)
    [first, *_] = await notes(measured)
    assert last["cost_millionths_requests"] > first["left_millionths"] - last["left_millionths"]


async def test_a_prometheus_that_answers_late_holds_up_no_page_no_card_and_no_draft(measured: World) -> None:
    await declared(measured)
    await measured.ana.types("/incident ack")
    assert measured.paged() == ["on-call"]
    await measured.forward(minutes=1)
    measured.prometheus.faults.add("status", "*", status=503)
    await measured.ana.types("/incident resolve 1")
    await measured.forward(seconds=29)
    assert list(measured.slack.workspace.files) == []
    await measured.forward(seconds=2)
    assert draft(measured).splitlines()[-1] == "- When it was resolved: not measured yet"
    measured.prometheus.faults.clear()
    await measured.forward(minutes=5)
    assert await moments(measured) == ["declared", "acknowledged", "resolved"]


async def test_when_it_began_may_be_said_later_and_it_has_cost_something_else_then(measured: World) -> None:
    await resolved(measured)
    await measured.forward(minutes=1)
    lines = told(measured)
    await measured.ana.types("/incident times 1 started 15m ago")
    await measured.ana.types("/incident times 1 acknowledged 12m ago")
    await measured.forward(minutes=1)
    assert await moments(measured) == ["declared", "acknowledged", "resolved", "resolved"]
    assert told(measured) == lines, "the timeline has it, the thread hears nothing of it"
    *_, first, second = await notes(measured)
    assert second["at"] == first["at"]
    assert second["left_millionths"] == first["left_millionths"]
    assert second["bad_requests"] > 1.2 * first["bad_requests"]
    await measured.ana.types("/incident postmortem 1")
    assert f"- What it cost: about {second['bad_requests']:,} failed requests" in draft(measured)
