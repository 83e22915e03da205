"""Mitigate, update, resolve, cancel, reopen."""

from __future__ import annotations

from tests.support.harness import World, an_unfollowed_guide
from tests.support.worlds import OpenWorld


async def test_an_incident_from_begin_to_end(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 service:payment checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident update rolled back, error rate falling")
    assert world.card().says("Latest update: rolled back, error rate falling")
    await world.ana.presses("Mitigated")
    assert world.card().says("*Mitigated*")
    reply = await world.ana.types("/incident resolve 1 cause fixed")
    assert reply.text == "P0 #1 was resolved by ana."
    await world.forward(hours=2)
    assert world.card().says("*Resolved* by *ana*")
    assert world.card().labels == ["Reopen"]
    assert [line.splitlines()[0] for line in world.card().thread] == [
        "Acknowledged by ana.",
        "Update by ana: rolled back, error rate falling",
        "Mitigated by ana.",
        "Resolved by ana: cause fixed",
        "ana: the post-mortem of P0 #1 is due by Thu 19 Mar, 17:00 EDT.",
    ]
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].status == "resolved"
    assert await world.waiting() == 0


async def test_mitigating_what_nobody_has_acknowledges_it(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.types("/incident mitigate 1 traffic moved")
    assert world.card().says("*Mitigated*")
    assert world.card().says("Acknowledged by ana")
    assert world.alerts()[0].status == "acknowledged"
    await world.forward(hours=2)
    assert world.paged() == ["on-call"]


async def test_resolving_what_is_resolved_says_by_whom(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Resolve")
    await world.forward(minutes=2)
    reply = await world.lee.types("/incident resolve 1")
    assert "P0 #1 was resolved by ana 2 min ago. `reopen 1` starts it again." in reply.text


async def test_a_false_alarm_ends_every_page(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    await world.ana.does_more("cancel")
    assert world.card().says("*Cancelled, a false alarm* by *ana*")
    assert {alert.status for alert in world.alerts()} == {"resolved"}
    await world.forward(hours=1)
    assert len(world.paged()) == 2


async def test_reopening_begins_anew(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Resolve")
    seen = world.card()
    await world.forward(hours=1)
    await world.kim.presses("Reopen")
    assert world.card().says("Not acknowledged")
    assert world.paged() == ["on-call", "on-call"]
    assert [alert.status for alert in world.alerts()] == ["resolved", "triggered"]
    await world.lee.presses("Reopen", card=seen)
    assert "That button is from an earlier state." in world.lee.sees[0]
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "on-call", "team-lead"]


async def test_one_card_shows_it_all_and_is_never_posted_again(a_world: OpenWorld) -> None:
    world = await a_world(guide=an_unfollowed_guide())
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=45)
    await world.ana.presses("Acknowledge")
    await world.ana.presses("Resolve")
    await world.ana.presses("Reopen")
    await world.forward(minutes=1)
    assert len(world.cards()) == 1
    posted = [call for call in world.slack.calls.of("chat.postMessage") if not call.args.get("thread_ts")]
    assert len(posted) == 1
