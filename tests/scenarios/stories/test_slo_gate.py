"""`/slo gate`: may it be changed now?"""

from __future__ import annotations

import pytest

from tests.support.alert_engine import begins
from tests.support.harness import World
from tests.support.worlds import OpenWorld


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A bot that may ask Prometheus."""
    return await a_world(prometheus=True)


async def gate(world: World, service: str) -> str:
    """What is answered, to the one who asks alone."""
    await world.kim.types(f"/slo gate {service}")
    return world.kim.sees[-1]


async def test_a_service_with_budget_left_may_be_changed(measured: World) -> None:
    told = await gate(measured, "identity")
    assert "🟢 SHIP · Identity Service* · there is budget to ship" in told
    assert "Availability: " in told
    assert "Latency: " in told


async def test_a_service_that_burns_is_held(measured: World) -> None:
    measured.prometheus.set_service("content", error_ratio=0.2)
    await measured.forward(hours=2)
    told = await gate(measured, "content")
    assert "⛔ HOLD · Content Service" in told
    assert "burns " in told


async def test_a_service_at_risk_is_shipped_with_caution(measured: World) -> None:
    measured.prometheus.set_service("content", error_ratio=0.012)
    await measured.forward(hours=7)
    assert "🟡 CAUTION · Content Service" in await gate(measured, "content")


async def test_an_open_incident_holds_its_service_and_the_platform_and_no_other(measured: World) -> None:
    await measured.kim.types("/incident p1 service:identity logins fail")
    assert "#1 P1 “logins fail” is open" in await gate(measured, "identity")
    assert "⛔ HOLD" in await gate(measured, "platform")
    assert "SHIP" in await gate(measured, "api-gateway")
    await measured.kim.types("/incident resolve 1")
    assert "SHIP" in await gate(measured, "identity")


async def test_drills_and_security_incidents_are_not_told(measured: World) -> None:
    await measured.kim.types("/incident drill p0 service:identity logins fail")
    await measured.kim.types("/incident p0 security: service:identity token leaked")
    told = await gate(measured, "identity")
    assert "SHIP" in told
    assert "#" not in told
    await measured.gus.types("/slo identity")
    assert not any("#2" in file.alt_text for file in measured.slack.workspace.files)


async def test_an_alert_that_pages_holds_its_service(measured: World) -> None:
    await begins(measured)
    told = await gate(measured, "api-gateway")
    assert "⛔ HOLD" in told
    assert "A1 HighErrorRate is open" in told


async def test_where_prometheus_is_down_nothing_is_known_and_that_is_no_yes(measured: World) -> None:
    await gate(measured, "identity")
    measured.prometheus.faults.add("down", "*")
    await measured.forward(minutes=2)
    told = await gate(measured, "identity")
    assert "⚪ UNKNOWN · Identity Service* · this is no yes" in told
    assert "somebody has to decide" in told
