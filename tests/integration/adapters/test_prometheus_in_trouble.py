"""The adapter where Prometheus is slow, hangs or is away, and where much is asked at once."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.adapters.meter import PrometheusMeter
from bot.adapters.prometheus import Limits, Prometheus
from bot.domain.slo.samples import Answer
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.meter import Figures
from bot.ports.metrics import TookTooLong
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.metrics import Answering, CountingMeter, answering, success
from tests.support.prometheus import ServedPrometheus, served_prometheus

NOON = MONDAY_NOON
USUAL = Limits()
SHORT = Limits(
    query_seconds=0.05, connect_seconds=0.05, read_seconds=0.1, overall_seconds=0.2, waiting_seconds=0.05
)
"""For what never comes: everything else gets the time that it needs."""


class Bench:
    """The adapter, what it asks, and what it counts."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.clock = FakeClock(NOON)
        self.meter = CountingMeter()
        self.source = Prometheus(url, clock=self.clock, meter=self.meter, limits=limits)

    async def ask(self, query: str = "up") -> Answer:
        return await self.source.ask(query, NOON)

    async def fails(self, query: str = "up") -> DeliveryFailure:
        with pytest.raises(DeliveryFailure) as caught:
            await self.ask(query)
        return caught.value

    def begin(self, group: asyncio.TaskGroup, queries: Sequence[str]) -> list[asyncio.Task[Answer]]:
        return [group.create_task(self.ask(query)) for query in queries]


@asynccontextmanager
async def bench(url: str, limits: Limits = USUAL, **changes: Any) -> AsyncIterator[Bench]:
    made = Bench(url, replace(limits, **changes))
    try:
        yield made
    finally:
        await made.source.aclose()


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    async with answering() as one:
        yield one


@pytest.fixture
async def prometheus() -> AsyncIterator[ServedPrometheus]:
    async with served_prometheus(clock=lambda: round(NOON.timestamp() * 1000)) as one:
        yield one


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith("prometheus-")]


# Slow, or hanging


async def test_a_database_that_hangs_takes_too_long() -> None:
    async with silent_server() as url, bench(url, SHORT, overall_seconds=5, connect_seconds=1) as one:
        failure = await one.fails()

    assert isinstance(failure, TookTooLong)
    assert failure.reason == "Prometheus did not answer within 0.1 s."
    assert one.meter.outcomes == {"timed_out": 1}


async def test_whoever_asks_is_told_in_time_whatever_the_socket_does() -> None:
    async with silent_server() as url, bench(url, SHORT, read_seconds=1) as one:
        failure = await one.fails()

    assert isinstance(failure, TookTooLong)
    assert failure.reason == "Prometheus did not answer within 0.2 s."


async def test_an_answer_that_comes_in_drops_is_given_up() -> None:
    """Each drop comes in time: what counts is all of them together."""
    gone = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        with suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0)
        gone.set()
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with bench(url, SHORT, overall_seconds=5) as one:
            failure = await one.fails()
            async with asyncio.timeout(5):
                await gone.wait()

    assert isinstance(failure, TookTooLong)
    assert failure.reason == "Prometheus did not answer within 0.1 s."


async def test_a_query_that_is_slow_holds_no_other_up(prometheus: ServedPrometheus) -> None:
    prometheus.stand_in.faults.add("delay", "query_range", delay_ms=60_000)
    async with bench(prometheus.url) as one, asyncio.TaskGroup() as group:
        slow = [
            group.create_task(
                one.source.course(f"up + {number}", since=NOON, until=NOON, step=timedelta(minutes=1))
            )
            for number in range(7)
        ]
        answer = await one.ask("up")

        assert len(answer.samples) == 8
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()


async def test_the_loop_goes_on_while_the_database_hangs() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with silent_server() as url, bench(url, SHORT) as one, asyncio.TaskGroup() as group:
        turning = group.create_task(turn())
        for number in range(2):
            await one.fails(f"up + {number}")
        turning.cancel()

    assert turns > 100


async def test_a_process_ends_although_a_query_hangs() -> None:
    """The server takes the connection and never answers; joining the thread would last ten seconds."""
    async with silent_server() as url:
        run = (sys.executable, "-W", "error", "-c", HANGING.format(url=url))
        done = await asyncio.to_thread(subprocess.run, run, timeout=9, check=False, capture_output=True)

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"TookTooLong", b"")


async def test_closing_ends_whoever_still_waits(server: Answering) -> None:
    server.hold()
    async with asyncio.TaskGroup() as group, bench(server.url, threads=1) as one:
        asked = [group.create_task(one.fails(query)) for query in ("a", "b", "a")]
        await server.until_asked(1)

    assert all(isinstance(each.result(), TemporaryFailure) for each in asked)


# Much at once


async def test_the_threads_are_few_and_the_rest_waits_its_turn(server: Answering) -> None:
    queries = [f"up + {number}" for number in range(30)]
    server.hold()
    async with bench(server.url) as one, asyncio.TaskGroup() as group:
        asked = one.begin(group, queries)
        await server.until_asked(8)
        assert (len(threads()), len(server.requests)) == (8, 8)
        server.release()

    assert all(task.result().samples for task in asked)
    assert sorted(each["query"] for each in server.parameters) == sorted(queries)


async def test_whoever_finds_no_free_thread_waits_only_so_long_and_sends_nothing(server: Answering) -> None:
    server.hold()
    async with bench(server.url, threads=1, waiting_seconds=0.05) as one, asyncio.TaskGroup() as group:
        [first] = one.begin(group, ["first"])
        await server.until_asked(1)

        failure = await one.fails("second")

        server.release()
        await first
        assert isinstance(failure, TemporaryFailure)
        assert failure.reason == (
            "Prometheus was not asked: so many go before this query that its turn did not come in 0.05 s."
        )
        assert (await one.ask("third")).samples
        assert [each["query"] for each in server.parameters] == ["first", "third"]
        assert one.meter.outcomes == {"answered": 2, "not_sent": 1}


async def test_the_same_question_asked_at_once_is_sent_once(server: Answering) -> None:
    server.hold()
    async with bench(server.url) as one, asyncio.TaskGroup() as group:
        asked = one.begin(group, ["up"] * 5)
        await server.until_asked(1)
        server.release()

    assert len({id(task.result()) for task in asked}) == 1
    assert len(server.requests) == 1
    assert one.meter.outcomes == {"shared": 4, "answered": 1}


async def test_a_question_of_another_instant_is_another(server: Answering) -> None:
    later = NOON + timedelta(seconds=15)
    async with bench(server.url) as one:
        await asyncio.gather(one.source.ask("up", NOON), one.source.ask("up", later))

    assert len(server.requests) == 2


async def test_a_failure_is_told_to_all_who_asked_and_not_kept(server: Answering) -> None:
    server.hold()
    server.status = 503
    async with bench(server.url) as one:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(one.fails()) for _ in range(3)]
            await server.until_asked(1)
            server.release()
        server.status = 200

        assert (await one.ask()).samples

    assert {task.result().reason for task in asked} == {"Prometheus failed at the query (HTTP 503)."}
    assert len(server.requests) == 2


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_whoever_stops_waiting_spoils_it_for_nobody(server: Answering, gone: int) -> None:
    server.hold()
    async with bench(server.url) as one, asyncio.TaskGroup() as group:
        asked = one.begin(group, ["up"] * 3)
        await server.until_asked(1)
        asked[gone].cancel()
        await asyncio.wait([asked[gone]])
        server.release()

    stayed = [task for task in asked if not task.cancelled()]
    assert [len(task.result().samples) for task in stayed] == [1, 1]
    assert len(server.requests) == 1


async def test_a_query_that_nobody_waits_for_any_more_is_not_sent(server: Answering) -> None:
    server.hold()
    async with bench(server.url, threads=1) as one, asyncio.TaskGroup() as group:
        [first, second, same] = one.begin(group, ["first", "second", "second"])
        await server.until_asked(1)
        for task in (second, same):
            task.cancel()
        await asyncio.wait([second, same])
        again = group.create_task(one.ask("second"))
        await asyncio.sleep(0)
        server.release()
        await first
        assert (await again).samples

    assert [each["query"] for each in server.parameters] == ["first", "second"]


async def test_what_is_answered_after_all_have_gone_is_kept(server: Answering) -> None:
    server.hold()
    async with bench(server.url) as one, asyncio.TaskGroup() as group:
        [asked] = one.begin(group, ["up"])
        await server.until_asked(1)
        asked.cancel()
        await asyncio.wait([asked])
        server.release()

        assert (await one.ask()).samples
    assert len(server.requests) == 1


# Kept answers


async def test_an_answer_is_given_again_for_a_minute(server: Answering) -> None:
    async with bench(server.url) as one:
        first = await one.ask()
        one.clock.advance(seconds=59.9)
        again = await one.ask()
        one.clock.advance(seconds=0.1)
        later = await one.ask()

    assert again is first
    assert later == first
    assert len(server.requests) == 2
    assert one.meter.outcomes == {"answered": 2, "kept": 1}


async def test_a_course_is_kept_apart_from_an_answer(server: Answering) -> None:
    async with bench(server.url) as one:
        await one.ask()
        server.body = success([{"metric": {}, "values": [[NOON.timestamp(), "1"]]}], kind="matrix")
        for _ in range(2):
            course = await one.source.course("up", since=NOON, until=NOON, step=timedelta(minutes=1))
            assert len(course.lines) == 1

    assert len(server.requests) == 2


async def test_what_was_not_asked_for_longest_is_forgotten_first(server: Answering) -> None:
    async with bench(server.url, most_kept=2) as one:
        for query in ("a", "b", "a", "c", "a", "b"):
            await one.ask(query)

    assert [each["query"] for each in server.parameters] == ["a", "b", "c", "b"]


async def test_answers_are_kept_only_so_far_as_they_are_small(server: Answering) -> None:
    async with bench(server.url, most_numbers_kept=3) as one:
        await one.ask("a")
        server.body = success([{"metric": {"n": str(n)}, "value": [1, "1"]} for n in range(3)])
        for query in ("b", "b", "a", "a"):
            await one.ask(query)
        server.body = success([{"metric": {"n": str(n)}, "value": [1, "1"]} for n in range(4)])
        for query in ("c", "c"):
            await one.ask(query)

    assert [each["query"] for each in server.parameters] == ["a", "b", "a", "c", "c"]


# The breaker


async def away(one: Bench, server: Answering, times: int) -> None:
    server.status = 503
    for number in range(times):
        await one.fails(f"away + {number}")


async def test_after_three_failures_in_a_row_nothing_is_asked_for_ten_seconds(server: Answering) -> None:
    async with bench(server.url) as one:
        await away(one, server, 3)
        assert one.meter.is_open

        failure = await one.fails()
        one.clock.advance(seconds=9.5)
        last = await one.fails()

        assert isinstance(failure, TemporaryFailure)
        assert failure.retry_after == timedelta(seconds=10)
        assert failure.reason == (
            "Prometheus did not answer 3 times in a row: it is left alone for another 10 s."
        )
        assert last.reason.endswith("another 1 s.")
        assert len(server.requests) == 3
        assert one.meter.outcomes == {"failed": 3, "held_back": 2}


async def test_what_is_kept_is_given_while_the_database_is_left_alone(server: Answering) -> None:
    async with bench(server.url) as one:
        before = await one.ask()
        await away(one, server, 3)

        assert await one.ask() is before


async def test_after_the_pause_one_query_tries_and_the_others_wait_for_it(server: Answering) -> None:
    async with bench(server.url) as one:
        await away(one, server, 3)
        one.clock.advance(seconds=10)
        server.status = 200
        server.hold()
        async with asyncio.TaskGroup() as group:
            asked = one.begin(group, [f"up + {number}" for number in range(5)])
            await server.until_asked(4)
            assert len(server.requests) == 4
            assert one.meter.is_open
            server.release()

        assert all(task.result().samples for task in asked)
        assert not one.meter.is_open
        assert len(server.requests) == 8


async def test_where_the_one_that_tries_fails_the_others_are_held_back(server: Answering) -> None:
    async with bench(server.url) as one:
        await away(one, server, 3)
        one.clock.advance(seconds=10)
        server.hold()
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(one.fails(f"up + {number}")) for number in range(5)]
            await server.until_asked(4)
            server.release()

        reasons = [task.result().reason for task in asked]
        assert reasons[0] == "Prometheus failed at the query (HTTP 503)."
        assert {each[-13:] for each in reasons[1:]} == {"another 10 s."}
        assert len(server.requests) == 4


async def test_where_nobody_waits_for_the_one_that_tries_the_next_one_does(server: Answering) -> None:
    async with bench(server.url, threads=1) as one, asyncio.TaskGroup() as group:
        server.hold()
        [busy] = one.begin(group, ["busy"])
        await server.until_asked(1)
        fail_three_times(one)
        one.clock.advance(seconds=10)
        trying, waiting = one.begin(group, ["trying", "waiting"])
        await asyncio.sleep(0)
        trying.cancel()
        await asyncio.wait([trying])
        server.release()
        assert (await busy).samples
        assert (await waiting).samples

    assert [each["query"] for each in server.parameters] == ["busy", "waiting"]


async def test_failures_of_what_was_sent_before_make_the_pause_no_longer(server: Answering) -> None:
    async with bench(server.url) as one:
        server.status = 503
        server.hold()
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(one.fails(f"up + {number}")) for number in range(8)]
            await server.until_asked(8)
            server.release()
        one.clock.advance(seconds=10)
        server.status = 200

        assert (await one.ask()).samples
    assert len([task for task in asked if task.done()]) == 8


async def test_only_failures_in_a_row_count_and_a_refusal_is_an_answer(server: Answering) -> None:
    async with bench(server.url) as one:
        for _ in range(3):
            await away(one, server, 2)
            server.status = 400
            assert isinstance(await one.fails(), PermanentFailure)

        assert not one.meter.is_open
    assert len(server.requests) == 9


async def test_time_outs_count_as_failures() -> None:
    async with silent_server() as url, bench(url, SHORT, read_seconds=1) as one:
        for number in range(3):
            assert isinstance(await one.fails(f"up + {number}"), TookTooLong)

        assert "left alone" in (await one.fails()).reason


async def test_a_clock_that_is_set_back_leaves_nothing_alone_for_longer(server: Answering) -> None:
    async with bench(server.url) as one:
        await one.ask("kept")
        await away(one, server, 3)
        server.status = 200
        one.clock._now = NOON - timedelta(hours=1)

        assert (await one.ask()).samples
        assert (await one.ask("kept")).samples
    assert len(server.requests) == 6


def fail_three_times(one: Bench) -> None:
    for _ in range(3):
        one.source._breaker.failed()


async def test_monitoring_reads_what_became_of_queries_and_whether_the_database_is_left_alone(
    server: Answering,
) -> None:
    meter = PrometheusMeter()
    source = Prometheus(server.url, clock=FakeClock(NOON), meter=meter)
    await source.ask("up", NOON)
    before = meter.expose(Figures()).decode()
    server.status = 503
    for number in range(3):
        with pytest.raises(TemporaryFailure):
            await source.ask(f"up + {number}", NOON)
    after = meter.expose(Figures()).decode().splitlines()
    await source.aclose()

    assert "opsbot_metric_breaker_open 0.0" in before.splitlines()
    assert {
        'opsbot_metric_queries_total{outcome="answered"} 1.0',
        'opsbot_metric_queries_total{outcome="failed"} 3.0',
        "opsbot_metric_breaker_open 1.0",
    } <= set(after)


HANGING = """
import asyncio
from datetime import UTC, datetime
from bot.adapters.clock import WallClock
from bot.adapters.meter import PrometheusMeter
from bot.adapters.prometheus import Limits, Prometheus
from bot.ports.failures import DeliveryFailure

async def main():
    limits = Limits(overall_seconds=0.1, connect_seconds=5, read_seconds=10)
    source = Prometheus("{url}", clock=WallClock(), meter=PrometheusMeter(), limits=limits)
    try:
        await source.ask("up", datetime(2026, 3, 16, tzinfo=UTC))
    except DeliveryFailure as failure:
        print(type(failure).__name__)
    await source.aclose()

asyncio.run(main())
"""
