"""What the API answers, as Prometheus writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.prometheus.promql.errors import ExecutionError, QueryError, QueryTimeoutError
from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.numbers import written
from bot.sandbox.prometheus.promql.samples import Point
from bot.sandbox.prometheus.promql.vectors import Vector

WARNINGS = ["generated data"]
_STATUS_OF = {
    "bad_data": 400,
    "not_found": 404,
    "execution": 422,
    "internal": 500,
    "canceled": 503,
    "timeout": 503,
    "unavailable": 503,
}


class Refusal(Exception):  # noqa: N818 - an answer on its way out
    """An error of the API, by Prometheus' name for its type."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def success(data: Any) -> web.Response:
    """200, with the data."""
    return _answer(200, {"status": "success", "data": data, "warnings": WARNINGS})


def refusal(error: Exception) -> web.Response:
    """An error, with the status that goes with its type."""
    kind, text = _named(error)
    body = {"status": "error", "errorType": kind, "error": text, "warnings": WARNINGS}
    return _answer(_STATUS_OF.get(kind, 500), body)


def scalar(at: int, value: float) -> dict[str, Any]:
    """A number at an instant."""
    return {"resultType": "scalar", "result": _sample(at, value)}


def vector(at: int, samples: Vector) -> dict[str, Any]:
    """A sample for each series, at an instant."""
    result = [{"metric": dict(labels), "value": _sample(at, value)} for labels, value in samples]
    return {"resultType": "vector", "result": result}


def matrix(series: Iterable[tuple[Labels, Iterable[Point]]]) -> dict[str, Any]:
    """The samples of each series, sorted by their labels."""
    result = [
        {"metric": dict(labels), "values": [_sample(at, value) for at, value in points]}
        for labels, points in sorted(series, key=lambda each: each[0])
    ]
    return {"resultType": "matrix", "result": result}


def _sample(at: int, value: float) -> list[Any]:
    seconds, rest = divmod(at, 1000)
    return [at / 1000 if rest else seconds, written(value)]


def _named(error: Exception) -> tuple[str, str]:
    match error:
        case Refusal():
            return error.kind, str(error)
        case QueryError():
            return "bad_data", f'invalid parameter "query": {error}'
        case ExecutionError():
            return "execution", str(error)
        case QueryTimeoutError():
            return "timeout", str(error)
        case _:
            return "internal", str(error)


def _answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, text=json.dumps(body), content_type="application/json")
