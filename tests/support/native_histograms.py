"""Native histograms as Prometheus scrapes them: protobuf, written by hand.

The messages are those of io.prometheus.client (metrics.proto): a `MetricFamily` with its length before it.
Buckets are those of schema 0: each bound is twice the one below it.
"""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from aiohttp import web

from bot.sandbox.served import listening

_PROTOBUF = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
_HISTOGRAM = 4
_ZERO_THRESHOLD = 1e-9
_VARINT, _DOUBLE, _BYTES = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """What a histogram has counted until an instant (epoch ms): by upper bound, a power of two in seconds."""

    at: int
    counted: Mapping[float, int]


@asynccontextmanager
async def exposing(name: str, histograms: Mapping[str, Sequence[Scraped]]) -> AsyncIterator[str]:
    """A target with one histogram, by its label `service`; gives its host and port."""
    body = _with_length(_family(name, histograms))

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": _PROTOBUF})

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics)])
    async with listening(app, 0, grace=0.1) as url:
        yield url.removeprefix("http://")


def _family(name: str, histograms: Mapping[str, Sequence[Scraped]]) -> bytes:
    metrics = (
        _field(4, _metric(service, scraped)) for service, every in histograms.items() for scraped in every
    )
    return _field(1, name.encode()) + _field(3, _HISTOGRAM) + b"".join(metrics)


def _metric(service: str, scraped: Scraped) -> bytes:
    label = _field(1, b"service") + _field(2, service.encode())
    return _field(1, label) + _field(7, _histogram(scraped.counted)) + _field(6, scraped.at)


def _histogram(counted: Mapping[float, int]) -> bytes:
    """Each bucket's count as the difference to the one below it; buckets follow each other without a gap."""
    places = {round(log2(bound)): count for bound, count in counted.items()}
    first, last = min(places), max(places)
    counts = [places.get(place, 0) for place in range(first, last + 1)]
    total = sum(counts)
    seconds = sum(bound * count for bound, count in counted.items())
    span = _field(1, _zigzag(first)) + _field(2, len(counts))
    deltas = (_field(13, _zigzag(after - before)) for before, after in pairwise([0, *counts]))
    return b"".join(
        [
            _field(1, total),
            _field(2, seconds),
            _field(5, _zigzag(0)),
            _field(6, _ZERO_THRESHOLD),
            _field(7, 0),
            _field(12, span),
            *deltas,
        ]
    )


def _field(number: int, value: float | bytes) -> bytes:
    match value:
        case bytes():
            return _varint(number << 3 | _BYTES) + _with_length(value)
        case int():
            return _varint(number << 3 | _VARINT) + _varint(value)
        case float():
            return _varint(number << 3 | _DOUBLE) + struct.pack("<d", value)


def _with_length(message: bytes) -> bytes:
    return _varint(len(message)) + message


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
