"""When it started, was detected, acknowledged, mitigated and resolved."""

from __future__ import annotations

from bot.domain.event import EventKind
from tests.support.harness import World

SECURITY = "security-incidents"


async def test_the_times_of_an_incident_are_shown(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=3)
    await world.ana.presses("Acknowledge")
    await world.kim.types("/incident times")
    shown = world.kim.sees[-1]
    assert "Acknowledged" in shown
    assert "3 min after it was detected" in shown
    assert "when it was declared" in shown


async def test_a_start_is_said_and_told_in_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.ana.types("/incident times 1 started 20m ago")
    assert "P0 #1: started 2026-" in reply.text
    assert "11:40" in reply.text
    assert world.card().thread[-1].startswith("ana says that it started 2026-")


async def test_a_time_of_the_day_is_read_in_the_guides_zone(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.ana.types("/incident times 1 started 11:35")
    assert "11:35 EDT" in reply.text


async def test_a_correction_keeps_what_really_happened(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=9)
    await world.ana.presses("Acknowledge")
    really = (await world.bot.store.read(lambda tx: tx.incidents.open()))[0].acknowledged_at
    await world.ana.types("/incident times 1 acknowledged 5m ago")
    (incident,) = await world.bot.store.read(lambda tx: tx.incidents.open())
    assert incident.acknowledged_at is not None
    assert really is not None
    assert (really - incident.acknowledged_at).total_seconds() == 300
    events = await world.bot.store.read(lambda tx: tx.events.of(incident.id))
    kept = [event.at for event in events if event.kind is EventKind.ACKNOWLEDGED]
    assert kept == [really]


async def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.ana.types("/incident times 1 started 2099-01-01 10:00")
    assert "has not come yet" in reply.text
    assert "You typed: `/incident times 1 started 2099-01-01 10:00`" in reply.text
    reply = await world.ana.types("/incident times 1 mitigated 5m ago")
    assert "It is not mitigated yet: P0 #1 is not acknowledged yet." in reply.text
    reply = await world.ana.types("/incident times 1 begun 5m ago")
    assert "Which time?" in reply.text


async def test_a_guest_corrects_no_times(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.gus.types("/incident times 1 started 5m ago")
    assert "may look, but not correct the times of an incident" in reply.text


async def test_a_security_incidents_times_are_shown_in_its_channel_only(world: World) -> None:
    await world.sam.types("/incident p0 token leaked", channel=SECURITY)
    assert "in its own channel only" in (await world.kim.types("/incident times 1")).text
    await world.sam.types("/incident times 1", channel=SECURITY)
    assert "Acknowledged" in world.sam.sees[-1]
