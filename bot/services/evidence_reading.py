"""Looks at what a run's items are to be judged by: all at once, each by itself, until one deadline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.alert import AlertState
from bot.domain.changes.windows import calendar_of
from bot.domain.checklist import Cadence
from bot.domain.checklists.ahead import AHEAD, ahead
from bot.domain.checklists.finding import UNACKNOWLEDGED, failed, found_in, linked, said
from bot.domain.checklists.run import Run, RunState
from bot.domain.checklists.standing import (
    incidents_found,
    noisiest_found,
    promises_found,
    unacknowledged_found,
)
from bot.domain.directory import Directory
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Source
from bot.domain.slo.reading import Reported
from bot.domain.slo.samples import Answer
from bot.ports.failures import DeliveryFailure
from bot.ports.metrics import MetricSource
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.alert_noise import noise_between
from bot.services.evidence_work import Findings, Specs, Spot
from bot.services.slo_asking import ANSWER_SECONDS, LATE, Asking

NOT_THERE = "Prometheus is not configured: set PROMETHEUS_URL."
NO_DATABASE = "The bot's database did not answer."

KEPT = frozenset({Source.ALERTS, Source.INCIDENTS, Source.CHANGES})
"""What the bot itself knows."""

ALL = "all"
"""What `slo:` may say beside a key."""

SPANS: Mapping[Cadence, timedelta] = {
    Cadence.DAILY: timedelta(days=1),
    Cadence.WEEKLY: timedelta(days=7),
    Cadence.MONTHLY: timedelta(days=30),
}
"""Over how long alerts are counted at least: on Mondays all that came since Friday's review."""

LONGEST_SPAN = timedelta(days=35)
_EARLIER = 10

_MOST_GROUPS = 1000

_log = logging.getLogger(__name__)


class Promised(Protocol):
    """Who knows how what was promised stands. Every answer is bounded in time, and says what is missing."""

    async def report(self, key: str, window: timedelta | None = None) -> Reported:
        """How a service, or the platform, stands."""

    async def overview(self) -> tuple[Reported, ...]:
        """How everything stands, the worst first."""


class EvidenceReader:
    """Reads. What cannot be read is found as failed, and why: nothing of it ever raises."""

    def __init__(
        self,
        *,
        source: MetricSource,
        promised: Promised,
        directory: Directory,
        store: Store,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._source = source
        self._promised = promised
        self._directory = directory
        self._store = store
        self._seconds = seconds
        self._asking = Asking(source=source, seconds=seconds)

    async def read(self, run: Run, specs: Specs, at: datetime) -> Findings:
        """What there is to find at an instant, each within the deadline."""
        parts = await asyncio.gather(
            *(
                self._guarded(_of(specs, sources), at, look)
                for sources, look in (
                    ({Source.QUERY}, self._queried),
                    ({Source.SLO}, self._promises),
                    (KEPT, lambda some, then: self._kept(run, some, then)),
                    ({Source.LINK}, self._known),
                )
            )
        )
        found = {spot: one for part in parts for spot, one in part.items()}
        return {spot: found[spot] for spot in specs}

    async def _guarded(self, specs: Specs, at: datetime, look: _Look) -> Findings:
        """What a look finds; a bug in it must not cost the others."""
        if not specs:
            return {}
        try:
            return await look(specs, at)
        except Exception as error:  # noqa: BLE001 - one source's boundary: recorded, and told on the card
            _log.exception("evidence was not read")
            return {
                spot: failed(spec, at, f"unexpected {type(error).__name__}") for spot, spec in specs.items()
            }

    async def _queried(self, specs: Specs, at: datetime) -> Findings:
        if not self._source.is_there:
            return {spot: failed(spec, at, NOT_THERE) for spot, spec in specs.items()}
        earlier = [(spec.of, at - spec.compare) for spec in specs.values() if spec.compare]
        answers = await self._asking.each([*((spec.of, at) for spec in specs.values()), *earlier])
        found: dict[Spot, Found] = {}
        for spot, spec in specs.items():
            now = answers[spec.of, at]
            before = answers[spec.of, at - spec.compare] if spec.compare else None
            found[spot] = (
                failed(spec, at, now.reason)
                if isinstance(now, DeliveryFailure)
                else found_in(spec, at, now, before if isinstance(before, Answer) else None)
            )
        return found

    async def _promises(self, specs: Specs, at: datetime) -> Findings:
        if not self._source.is_there:
            return {spot: failed(spec, at, NOT_THERE) for spot, spec in specs.items()}
        keys = dict.fromkeys(spec.of for spec in specs.values())
        reported = dict(zip(keys, await asyncio.gather(*map(self._reported, keys)), strict=True))
        return {
            spot: failed(spec, at, told)
            if isinstance(told := reported[spec.of], str)
            else promises_found(spec, at, told)
            for spot, spec in specs.items()
        }

    async def _reported(self, key: str) -> tuple[Reported, ...] | str:
        """How it stands, or why nobody knows."""
        try:
            async with asyncio.timeout(self._seconds + 1):  # it keeps to a deadline of its own
                return await self._promised.overview() if key == ALL else (await self._promised.report(key),)
        except TimeoutError:
            return LATE
        except DeliveryFailure as failure:
            return failure.reason
        except LookupError:
            return f"The guide has no service {key} any more."

    async def _kept(self, run: Run, specs: Specs, at: datetime) -> Findings:
        """What the bot itself knows, all of it as it is at one moment."""

        def body(tx: Transaction) -> Findings:
            return {spot: self._kept_one(tx, run, spec, at) for spot, spec in specs.items()}

        try:
            async with asyncio.timeout(self._seconds):
                return await self._store.read(body)
        except (StoreUnavailable, TimeoutError):
            return {spot: failed(spec, at, NO_DATABASE) for spot, spec in specs.items()}

    def _kept_one(self, tx: Transaction, run: Run, spec: EvidenceSpec, at: datetime) -> Found:
        if spec.source is Source.CHANGES:
            return said(spec, at, Judgement.NONE, self._ahead(tx, at))
        if spec.source is Source.INCIDENTS:
            return incidents_found(spec, at, tx.incidents.open())
        if spec.of == UNACKNOWLEDGED:
            firing = tx.alert_groups.firing(limit=_MOST_GROUPS)
            waiting = [one for one in firing if one.state is AlertState.FIRING and one.storm is None]
            return unacknowledged_found(spec, at, waiting)
        since, reviewed = _reviewed_last(tx, run, at)
        report = noise_between(tx, since, at, hidden=lambda one: one.security)
        return noisiest_found(spec, at, report, since_review=reviewed)

    async def _known(self, specs: Specs, at: datetime) -> Findings:
        return {spot: linked(spec, at) for spot, spec in specs.items()}

    def _ahead(self, tx: Transaction, at: datetime) -> tuple[str, ...]:
        """The windows of the days ahead, what keeps them shut, and what is planned for them."""
        changes = self._directory.guide.changes
        calendar = calendar_of(self._directory.business, changes, tx.spans.between(at, at + AHEAD))
        return ahead(changes, calendar, at, tx.changes.open())


def _reviewed_last(tx: Transaction, run: Run, at: datetime) -> tuple[datetime, bool]:
    """Since when to look: since the review before, but a span at least, and not for ever.

    Says whether that is when the review before was planned.
    """
    earlier = tx.runs.newest(_EARLIER, checklist=run.checklist)
    reviewed = (one for one in earlier if one.number < run.number and one.state is not RunState.SKIPPED)
    before = next((one.planned_at for one in reviewed), at)
    since = max(min(before, at - SPANS[run.cadence]), at - LONGEST_SPAN)
    return since, since == before


_Look = Callable[[Specs, datetime], Awaitable[Findings]]


def _of(specs: Specs, sources: Iterable[Source]) -> Specs:
    wanted = frozenset(sources)
    return {spot: spec for spot, spec in specs.items() if spec.source in wanted}
