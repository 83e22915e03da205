"""`/slo` while Prometheus is in trouble: what is known is told with its age, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenarios.stories.test_slo import answer, charts, said
from tests.support.harness import World
from tests.support.worlds import OpenWorld


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A bot that may ask Prometheus."""
    return await a_world(prometheus=True)


async def test_while_prometheus_is_down_the_last_answer_is_told_with_its_age(measured: World) -> None:
    await measured.kim.types("/slo payment")
    measured.prometheus.faults.add("down", "*")
    await measured.forward(minutes=12)
    drawn = len(charts(measured))
    await measured.kim.types("/slo payment")
    told = answer(measured)
    assert told.says("These numbers are 12 min old*, and nothing follows from them for now.")
    assert "12 min ago" in told.content.text
    assert len(charts(measured)) == drawn


async def test_without_an_earlier_answer_the_asker_alone_is_told_why(measured: World) -> None:
    measured.prometheus.faults.add("down", "*")
    await measured.kim.types("/slo payment")
    assert "UNKNOWN · Payment Service* · there are no numbers" in measured.kim.sees[-1]
    await measured.kim.types("/slo")
    assert "there are no numbers" in measured.kim.sees[-1]
    assert not said(measured)


async def test_another_window_that_cannot_be_had_leaves_the_answer_as_it_is(measured: World) -> None:
    await measured.kim.types("/slo payment")
    told = answer(measured)
    measured.prometheus.faults.add("down", "*")
    await measured.lee.presses("Last 7 d", card=told)
    assert answer(measured).text == told.text
    assert "there are no numbers" in measured.lee.sees[-1]


async def test_what_one_query_does_not_answer_is_told_beside_the_others(measured: World) -> None:
    measured.prometheus.faults.add("error", "query", count=1)
    await measured.kim.types("/slo payment")
    told = answer(measured)
    assert told.says("UNKNOWN") or told.says("NO ANSWER") or told.says("is not known")
    assert told.says("of the error budget left")


async def test_a_service_that_is_not_measured_says_what_the_guide_lacks(measured: World) -> None:
    guide = measured.setup.guide
    bare = {
        key: replace(one, metrics=None) if key == "payment" else one for key, one in guide.services.items()
    }
    await measured.stop()
    await measured.start(replace(guide, services=bare))
    await measured.kim.types("/slo payment")
    assert "services.payment.metrics" in measured.kim.sees[-1]
    await measured.kim.types("/slo")
    assert answer(measured).says("services.payment.metrics")
