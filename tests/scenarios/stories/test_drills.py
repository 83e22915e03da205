"""Practising: everything happens, marked TEST, and it counts nowhere."""

from __future__ import annotations

import aiohttp

from tests.support.harness import World


async def test_a_drill_is_marked_wherever_it_is_shown(world: World) -> None:
    reply = await world.kim.types("/incident drill p0 checkout is down")
    assert "TEST P0 #1" in reply.text
    assert world.card().says("TEST P0 #1 · checkout is down")
    assert world.alerts()[0].title.startswith("TEST P0 #1 checkout is down")
    listed = await world.kim.types("/incident list")
    assert "TEST P0 #1" in listed.text


async def test_a_drill_escalates_and_is_acknowledged_as_if_it_were_one(world: World) -> None:
    await world.kim.types("/incident drill p0 checkout is down")
    await world.forward(minutes=15)
    assert [page.tier for page in world.pages()] == ["on-call", "team-lead"]
    await world.ana.presses("Acknowledge")
    await world.forward(hours=1)
    assert [page.tier for page in world.pages()] == ["on-call", "team-lead"]


async def test_a_drill_counts_nowhere(world: World) -> None:
    await world.kim.types("/incident drill p0 checkout is down")
    async with aiohttp.ClientSession() as http, http.get(f"{world.url}/metrics") as answer:
        assert 'opsbot_incidents{severity="P0",status="triggered"} 1.0' not in await answer.text()


async def test_a_security_drill_tells_outsiders_no_more_than_a_real_one(world: World) -> None:
    await world.kim.types("/incident drill p0 security: token leaked")
    assert all("token" not in alert.title for alert in world.alerts())
    assert world.alerts()[0].title.startswith("TEST P0 #1 Security incident 1")
