"""How long a query may take, how much an answer may hold, and how much is asked at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Each waits longer than what is below it, so that whoever knows most about the failure tells of it.

    Prometheus gives up after `query_seconds`, the socket after `read_seconds`, and whoever asks after
    `overall_seconds`. A query for which no thread is free within `waiting_seconds` is not sent.
    """

    query_seconds: float = 5.0
    read_seconds: float = 5.5
    connect_seconds: float = 2.0
    overall_seconds: float = 7.8
    waiting_seconds: float = 4.0
    threads: int = 8

    largest_answer: int = 4 * 1024**2
    most_series: int = 1000
    most_warnings: int = 10

    kept_for: timedelta = timedelta(seconds=60)
    most_kept: int = 256
    most_numbers_kept: int = 100_000

    failures: int = 3
    """In a row; then nothing is asked for the length of `pause`."""
    pause: timedelta = timedelta(seconds=10)
