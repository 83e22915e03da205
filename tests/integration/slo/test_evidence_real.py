"""Evidence about services whose history is known exactly, from the real Prometheus that was told it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.charts.child import SIGNATURE, ChildCharts
from bot.adapters.prometheus import Prometheus
from bot.domain.checklists.evidence_chart import chart_step, evidence_chart
from bot.domain.evidence import A_WEEK, EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit
from bot.services.evidence_reading import EvidenceReader
from bot.services.evidence_work import Spot
from bot.services.slo_reader import SloReader
from storage.open import OpenStore
from tests.support.builders import NEW_YORK, a_directory, a_guide, a_run
from tests.support.clock import FakeClock
from tests.support.history import DAY, END, REQUESTS, History
from tests.support.history_prometheus import ToldHistory
from tests.support.metrics import CountingMeter

PATIENCE_SECONDS = 60.0
NOW = datetime.fromtimestamp(END / 1000, tz=UTC)


@dataclass(frozen=True, slots=True)
class Looking:
    """Asks the real Prometheus, and knows what is true."""

    source: Prometheus
    reader: EvidenceReader
    truth: History

    async def found(self, *specs: EvidenceSpec) -> list[Found]:
        asked = {Spot(position=1, index=n): spec for n, spec in enumerate(specs)}
        return list((await self.reader.read(a_run(), asked, NOW)).values())

    def requests(self, service: str, end: int = END) -> float:
        return _known(self.truth.total(service, end, DAY))

    def failed(self, service: str, end: int = END) -> float:
        return _known(self.truth.bad(service, end, DAY))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def looking(told: ToldHistory, store: OpenStore, clock: FakeClock) -> AsyncIterator[Looking]:
    guide = a_guide()
    source = Prometheus(told.url, clock=clock, meter=CountingMeter(), token=None)
    promised = SloReader(source=source, guide=guide, clock=clock, store=store)
    reader = EvidenceReader(source=source, promised=promised, directory=a_directory(), store=store)
    try:
        yield Looking(source, reader, told.history)
    finally:
        await source.aclose()


def _known(count: int | None) -> float:
    assert count is not None
    return float(count)


def a_query(of: str, unit: Unit = Unit.NUMBER, fine: Threshold | None = None) -> EvidenceSpec:
    return EvidenceSpec(title="Found", source=Source.QUERY, of=of, unit=unit, fine=fine)


DAILY = f"sum by (service) (increase({REQUESTS}[1d]))"
SHARE = f'sum by (service) (increase({REQUESTS}{{status=~"5.."}}[1d])) / {DAILY}'


async def test_what_is_and_what_was_a_week_ago_are_exact(looking: Looking) -> None:
    [found] = await looking.found(a_query(DAILY))
    assert found.failed is None
    assert found.more > 0, "there are ten services"
    numbers = [one.now for one in found.values]
    assert numbers == sorted((one for one in numbers if one is not None), reverse=True)
    for one in found.values:
        assert one.now == pytest.approx(looking.requests(one.label), abs=0.5)
        assert one.before == pytest.approx(looking.requests(one.label, END - 7 * DAY), abs=0.5)


async def test_a_threshold_judges_what_is_true(looking: Looking) -> None:
    bound = looking.failed("payment") / looking.requests("payment")
    for factor, judgement in ((0.99, Judgement.NOT_FINE), (1.01, Judgement.FINE)):
        spec = a_query(
            f'({SHARE}) and on (service) label_replace(vector(1), "service", "payment", "", "")',
            Unit.RATIO,
            Threshold(sign=Sign.BELOW, bound=bound * factor),
        )
        [found] = await looking.found(spec)
        assert found.judgement is judgement
        assert found.values[0].now == pytest.approx(bound, rel=1e-3)


async def test_a_scalar_an_empty_answer_a_nan_and_a_mistake(looking: Looking) -> None:
    zero = Threshold(sign=Sign.EQUAL, bound=0)
    scalar, empty, nothing, mistake = await looking.found(
        a_query("1 + 1"), a_query("no_such_metric", fine=zero), a_query("0 / 0", fine=zero), a_query("sum(")
    )
    assert [one.now for one in scalar.values] == [2.0]
    assert (empty.lines, empty.judgement) == (("no data",), Judgement.UNKNOWN)
    assert ([one.now for one in nothing.values], nothing.judgement) == ([None], Judgement.UNKNOWN)
    assert mistake.failed is not None
    assert "refuses" in mistake.failed or "parse" in mistake.failed


async def test_its_course_is_drawn(looking: Looking) -> None:
    spec = EvidenceSpec(title="Requests a second", source=Source.QUERY, of=DAILY, chart=A_WEEK)
    assert spec.chart is not None
    step = chart_step(spec.chart)
    now = await looking.source.course(spec.of, since=NOW - spec.chart, until=NOW, step=step)
    chart = evidence_chart(spec, now, None, until=NOW, zone=NEW_YORK)
    assert chart is not None
    for line in chart.lines:
        assert line.last == pytest.approx(looking.requests(line.label), abs=0.5)
    assert chart.lines[0].points[-1][0] == NOW
    assert NOW - chart.lines[0].points[0][0] <= A_WEEK + timedelta(minutes=1)
    drawn_by = ChildCharts(seconds=PATIENCE_SECONDS)
    try:
        assert (await drawn_by.draw(chart)).startswith(SIGNATURE)
    finally:
        await drawn_by.aclose()
