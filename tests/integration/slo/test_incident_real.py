"""What an incident cost, from a real Prometheus whose truth is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.prometheus import Prometheus
from bot.domain.slo.counts import counted
from bot.domain.slo.note import Noted, note_of
from bot.domain.slo.objective import Source
from bot.services.slo_reader import SloReader
from storage.open import migrate, open_store
from tests.integration.slo.test_reports_real import instant, milliseconds, promise
from tests.support.builders import a_guide
from tests.support.clock import FakeClock
from tests.support.history import DAY, END, History
from tests.support.history_prometheus import ToldHistory
from tests.support.metrics import CountingMeter

LASTED = timedelta(hours=2)


@pytest.fixture
async def reader(told: ToldHistory, tmp_path: Path) -> AsyncIterator[SloReader]:
    """A bot that asks long after the last incident."""
    url = f"sqlite+aiosqlite:///{tmp_path}/opsbot.db"
    await migrate(url)
    clock = FakeClock(instant(END + DAY))
    store = await open_store(url, clock=clock)
    source = Prometheus(told.url, clock=clock, meter=CountingMeter(), token=None)
    try:
        yield SloReader(source=source, guide=a_guide(), clock=clock, store=store)
    finally:
        await source.aclose()
        await store.aclose()


def counts(truth: History, service: str, end: int, length: timedelta) -> tuple[float, float]:
    total, bad = (count(service, end, milliseconds(length)) for count in (truth.total, truth.bad))
    assert total is not None
    assert bad is not None
    return total, bad


@pytest.mark.parametrize("end", [END, END - 3 * DAY])
@pytest.mark.parametrize("service", ["api-gateway", "content", "batch"])
async def test_what_it_cost_is_what_happened_from_its_beginning_to_its_end(
    reader: SloReader, told: ToldHistory, service: str, end: int
) -> None:
    total, bad = counts(told.history, service, end, LASTED)
    everything, _ = counts(told.history, service, end, timedelta(days=30))
    asked = promise(service)
    found = await reader.at(asked, instant(end), since=instant(end) - LASTED)
    assert dict(found.counted)[asked.objectives[0]] == counted(total, bad)
    note = note_of(Noted.RESOLVED, asked, found)
    cost = {one.source: one for one in note.costs}[Source.REQUESTS]
    assert cost.bad == round(bad)
    half_of_it_is_known = service != "content" or end == END  # which began 15.2 days before
    assert cost.share == (pytest.approx(bad / (0.001 * everything)) if half_of_it_is_known else None)


async def test_what_never_failed_cost_nothing(reader: SloReader) -> None:
    found = await reader.at(promise("identity"), instant(END), since=instant(END) - LASTED)
    assert [one.bad for one in found.costs if one.source is Source.REQUESTS] == [0]


async def test_what_nobody_can_tell_exactly_is_not_told(reader: SloReader, told: ToldHistory) -> None:
    """The threshold of payments is no bound of their histogram."""
    found = await reader.at(promise("payment"), instant(END), since=instant(END) - LASTED)
    assert Source.DURATION not in {one.source for one in found.costs}


async def test_a_service_that_is_gone_says_so(reader: SloReader) -> None:
    found = await reader.at(promise("nothing-like-it"), instant(END), since=instant(END) - LASTED)
    note = note_of(Noted.RESOLVED, promise("nothing-like-it"), found)
    assert note.why is not None
    assert "nothing-like-it" in note.why
    assert found.failed is None, "asking again would help nobody"
