"""Prometheus' HTTP API, as far as clients of its queries need it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.clock import Clock, iso
from bot.sandbox.faults import FAULT, FaultKind
from bot.sandbox.prometheus.answers import Refusal, matrix, refusal, scalar, success, vector
from bot.sandbox.prometheus.database import Database, Present
from bot.sandbox.prometheus.parameters import Given, deadline, instant, parameters, step
from bot.sandbox.prometheus.promql.errors import ExecutionError, QueryError, QueryTimeoutError
from bot.sandbox.prometheus.promql.evaluation import Evaluation
from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.parser import parse, parse_selector
from bot.sandbox.prometheus.promql.samples import Point, Samples, Series
from bot.sandbox.prometheus.promql.syntax import Kind, Range, Subquery, kind_of

VERSION = "2.42.0"
"""Whose ways it has: ranges include both of their ends."""
MOST_POINTS = 11_000
MOST_SAMPLES = 1_000_000
_HEALTHY = "Prometheus Server is Healthy.\n"
_READY = "Prometheus Server is Ready.\n"
_DAY_MS = 86_400_000

Act = Callable[[Given], Any]


class HttpApi:
    """The routes under `/api/v1/` and `/-/`. Every answer of the API warns that the data are generated."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._started = clock()

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        both = {
            "query": self._query,
            "query_range": self._query_range,
            "labels": self._labels,
            "series": self._series,
        }
        read_only = {
            "label/{name}/values": self._label_values,
            "status/buildinfo": self._build,
            "status/runtimeinfo": self._runtime,
        }
        return [
            *(web.get(f"/api/v1/{path}", _answered(act)) for path, act in {**both, **read_only}.items()),
            *(web.post(f"/api/v1/{path}", _answered(act)) for path, act in both.items()),
            web.get("/", _text("Generated data: a stand-in for Prometheus.\n")),
            web.get("/-/healthy", _text(_HEALTHY)),
            web.get("/-/ready", _text(_READY)),
        ]

    def _query(self, given: Given) -> dict[str, Any]:
        _refuse_lookback(given)
        now = self._clock()
        at = instant(given, "time", now)
        evaluation = Evaluation(self._database.present(now), deadline=deadline(given))
        node = parse(given.get("query"))
        if isinstance(node, Range | Subquery):
            return matrix(_listed(evaluation.ranges(node, at)))
        value = evaluation.value(node, at)
        return vector(at, value) if isinstance(value, list) else scalar(at, value)

    def _query_range(self, given: Given) -> dict[str, Any]:
        _refuse_lookback(given)
        instants = _instants(given)
        evaluation = Evaluation(self._database.present(self._clock()), deadline=deadline(given))
        node = parse(given.get("query"))
        if kind_of(node) is Kind.RANGE:
            raise QueryError(
                f'invalid expression type "{kind_of(node)}" for range query, must be Scalar or instant Vector'
            )
        found: dict[Labels, list[Point]] = {}
        for at in instants:
            value = evaluation.value(node, at)
            for labels, each in value if isinstance(value, list) else [((), value)]:
                found.setdefault(labels, []).append((at, each))
        return matrix(found.items())

    def _labels(self, given: Given) -> list[str]:
        return sorted({name for series in self._matched(given) for name, _ in series.labels})

    def _label_values(self, given: Given) -> list[str]:
        pairs = [pair for series in self._matched(given) for pair in series.labels]
        return sorted({value for name, value in pairs if name == given.get("name")})

    def _series(self, given: Given) -> list[dict[str, str]]:
        if not given.every("match[]"):
            raise Refusal("bad_data", "no match[] parameter provided")
        return [dict(labels) for labels in sorted(series.labels for series in self._matched(given))]

    def _matched(self, given: Given) -> Iterable[Series]:
        """The series that any `match[]` selects and that have samples between `start` and `end`."""
        present = self._database.present(now := self._clock())
        start, end = instant(given, "start", now - self._database.retention), instant(given, "end", now)
        selectors = [parse_selector(text).matchers for text in given.every("match[]")] or [()]
        found = {series.labels: series for selector in selectors for series in present.select(selector)}
        return [series for series in found.values() if series.latest(start, end) is not None]

    def _build(self, _given: Given) -> dict[str, str]:
        return {
            "version": VERSION,
            "revision": "generated data",
            "branch": "sandbox",
            "buildUser": "sandbox",
            "buildDate": "",
            "goVersion": "",
        }

    def _runtime(self, _given: Given) -> dict[str, Any]:
        present: Present = self._database.present(self._clock())
        return {
            "startTime": iso(self._started),
            "CWD": "/",
            "reloadConfigSuccess": True,
            "lastConfigTime": iso(self._started),
            "corruptionCount": 0,
            "timeSeriesCount": len(present.select(())),
            "storageRetention": f"{self._database.retention // _DAY_MS}d",
        }


def _instants(given: Given) -> range:
    start, end, width = instant(given, "start"), instant(given, "end"), step(given)
    if end < start:
        raise Refusal("bad_data", 'invalid parameter "end": end timestamp must not be before start time')
    if (end - start) // width > MOST_POINTS:
        raise Refusal(
            "bad_data",
            "exceeded maximum resolution of 11,000 points per timeseries."
            " Try decreasing the query resolution (?step=XX)",
        )
    return range(start, end + 1, width)


def _listed(ranges: list[tuple[Labels, Samples]]) -> Iterable[tuple[Labels, Iterable[Point]]]:
    if sum(samples.count for _, samples in ranges) > MOST_SAMPLES:
        raise ExecutionError("query processing would load too many samples into memory in query execution")
    return [(labels, samples.points()) for labels, samples in ranges]


def _refuse_lookback(given: Given) -> None:
    if given.get("lookback_delta"):
        raise Refusal("bad_data", 'generated data: this stand-in does not know "lookback_delta"')


def _answered(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        fault = request.get(FAULT)
        if fault is not None and fault.kind is FaultKind.ERROR:
            return refusal(Refusal(fault.error, "switched on as a fault"))
        given = await parameters(request)
        try:
            return success(act(given))
        except (Refusal, QueryError, ExecutionError, QueryTimeoutError) as error:
            return refusal(error)

    return handle


def _text(text: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(text=text)

    return handle
