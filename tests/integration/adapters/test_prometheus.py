"""The adapter beside Prometheus' stand-in, and beside what is none."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import math
import socket
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.no_metrics import NoMetrics
from bot.adapters.prometheus import Limits, Prometheus
from bot.domain.slo.samples import Answer, Point, Sample
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.metrics import TookTooLong
from bot.sandbox.prometheus import PrometheusStandIn
from bot.sandbox.served import listening
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.metrics import ONE, Answering, CountingMeter, answering, success
from tests.support.prometheus import ServedPrometheus, real_prometheus, series_of, served_prometheus

NOON = MONDAY_NOON
TOKEN = "very-secret-token"
QUICK = Limits(
    query_seconds=0.1, connect_seconds=0.1, read_seconds=0.2, overall_seconds=0.4, waiting_seconds=0.1
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def meter() -> CountingMeter:
    return CountingMeter()


@asynccontextmanager
async def opened(url: str, **changes: Any) -> AsyncIterator[Prometheus]:
    options = {"clock": FakeClock(NOON), "meter": CountingMeter(), "token": TOKEN, **changes}
    source = Prometheus(url, **options)
    try:
        yield source
    finally:
        await source.aclose()


@pytest.fixture
async def prometheus() -> AsyncIterator[ServedPrometheus]:
    async with served_prometheus(clock=lambda: round(NOON.timestamp() * 1000)) as one:
        yield one


@pytest.fixture
async def source(
    prometheus: ServedPrometheus, clock: FakeClock, meter: CountingMeter
) -> AsyncIterator[Prometheus]:
    async with opened(prometheus.url, clock=clock, meter=meter) as one:
        yield one


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    async with answering() as one:
        yield one


async def failure_of(source: Prometheus, query: str = "up", at: datetime = NOON) -> DeliveryFailure:
    with pytest.raises(DeliveryFailure) as caught:
        await source.ask(query, at)
    return caught.value


async def told(server: Answering, **changes: Any) -> DeliveryFailure:
    """What somebody is told who asks this server."""
    async with opened(server.url, **changes) as source:
        return await failure_of(source)


def shown(error: BaseException) -> str:
    """Everything that a log could show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error)


# What it answers


async def test_a_query_gives_a_number_for_each_of_its_series(source: Prometheus) -> None:
    answer = await source.ask('up{job!="node"}', NOON)

    assert {(sample.labels["job"], sample.value) for sample in answer.samples} == {
        ("api-gateway", 1.0),
        ("identity", 1.0),
        ("payment", 1.0),
        ("content", 1.0),
    }


async def test_what_there_is_nothing_of_gives_no_numbers(source: Prometheus) -> None:
    assert (await source.ask("nothing_of_the_kind", NOON)).samples == ()


async def test_the_instant_is_the_one_that_was_asked_for(source: Prometheus) -> None:
    early = NOON - timedelta(days=3, milliseconds=250)

    [sample] = (await source.ask("time()", early)).samples

    assert sample == Sample(labels={}, value=early.timestamp())


async def test_the_databases_warnings_and_remarks_are_kept(server: Answering) -> None:
    server.body = success([], warnings=["2 of 3 stores\nanswered"], infos=["might not be a counter"])
    async with opened(server.url) as source:
        answer = await source.ask("up", NOON)

    assert answer == Answer(samples=(), warnings=("2 of 3 stores answered", "might not be a counter"))


async def test_warnings_without_end_are_cut(server: Answering) -> None:
    server.body = success([], warnings=["long " * 1000] * 100)
    async with opened(server.url) as source:
        answer = await source.ask("up", NOON)

    assert [len(one) for one in answer.warnings] == [300] * 10


@pytest.mark.parametrize(
    ("query", "value"),
    [("1 / 0", math.inf), ("-1 / 0", -math.inf), ("0.00001", 0.00001), ("0 / 0", math.nan)],
)
async def test_a_value_is_any_number(source: Prometheus, query: str, value: float) -> None:
    [sample] = (await source.ask(query, NOON)).samples

    assert sample.value == pytest.approx(value, nan_ok=True)


async def test_a_course_has_a_number_for_each_step_and_both_ends(source: Prometheus) -> None:
    course = await source.course(
        "time()",
        since=NOON - timedelta(minutes=2, milliseconds=500),
        until=NOON,
        step=timedelta(seconds=60.25),
    )

    [line] = course.lines
    starts = NOON - timedelta(minutes=2, milliseconds=500)
    at = [starts + number * timedelta(seconds=60.25) for number in range(3)]
    assert line.points == tuple(Point(at=each, value=each.timestamp()) for each in at)
    assert at[-1] == NOON
    assert course.warnings == ("generated data",)


async def test_a_course_leaves_out_what_is_no_number(source: Prometheus) -> None:
    since = NOON - timedelta(minutes=2)
    query = f"0 / (time() > bool {since.timestamp():.0f})"

    [line] = (await source.course(query, since=since, until=NOON, step=timedelta(minutes=1))).lines

    assert [point.at for point in line.points] == [NOON - timedelta(minutes=1), NOON]


async def test_an_answer_that_comes_compressed_is_read(server: Answering) -> None:
    server.body, server.headers = gzip.compress(ONE.encode()), {"Content-Encoding": "gzip"}
    async with opened(server.url) as source:
        [sample] = (await source.ask("up", NOON)).samples

    assert sample == Sample(labels={"job": "payment"}, value=1.0)


# The real one


@pytest.fixture(params=["stand-in", "real"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Prometheus]:
    """The adapter of the stand-in, and of the real program with an hour of the stand-in's samples."""
    hour = round(timedelta(hours=1).total_seconds() * 1000)
    stand_in = PrometheusStandIn(clock=lambda: round(NOON.timestamp() * 1000), retention=hour)
    if request.param == "real":
        async with real_prometheus(tmp_path, series_of(stand_in)) as url, opened(url) as source:
            yield source
    else:
        async with listening(stand_in.app(), 0, grace=0.1) as url, opened(url) as source:
            yield source


async def test_numbers_are_the_same_as_from_the_real_one(either: Prometheus) -> None:
    last = NOON - timedelta(minutes=1)
    [sample] = (await either.ask('sum(up{job="payment"})', last)).samples
    [nothing] = (await either.ask("0 / 0", last)).samples
    course = await either.course(
        "vector(1)", since=NOON - timedelta(minutes=3), until=last, step=timedelta(minutes=1)
    )

    assert sample == Sample(labels={}, value=1.0)
    assert math.isnan(nothing.value)
    [line] = course.lines
    assert [point.at for point in line.points] == [NOON - timedelta(minutes=n) for n in (3, 2, 1)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("up{", "Prometheus refuses the query (400: bad_data: invalid parameter "),
        ("up * on() up", "Prometheus refuses the query (422: execution: "),
        ("up[5m]", "Prometheus answers the query with a matrix: expected a vector."),
    ],
)
async def test_refusals_are_the_same_as_from_the_real_one(either: Prometheus, query: str, words: str) -> None:
    failure = await failure_of(either, query, NOON - timedelta(minutes=1))

    assert isinstance(failure, PermanentFailure)
    assert failure.reason.startswith(words)


async def test_more_points_than_a_course_may_have_are_refused_as_by_the_real_one(either: Prometheus) -> None:
    with pytest.raises(
        PermanentFailure, match=r"400: bad_data: .*exceeded maximum resolution of 11,000 points"
    ):
        await either.course("up", since=NOON - timedelta(days=1), until=NOON, step=timedelta(seconds=1))


# What it sends


async def test_the_token_is_sent_and_the_time_that_a_query_may_take(server: Answering) -> None:
    async with opened(f"{server.url}/prometheus/") as source:
        await source.ask("up", NOON)

    [request] = server.requests
    assert (request.method, request.path) == ("GET", "/prometheus/api/v1/query")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert server.parameters == [{"query": "up", "time": "1773676800.000", "timeout": "5000ms"}]


async def test_without_a_token_none_is_sent(server: Answering) -> None:
    async with opened(server.url, token=None) as source:
        await source.ask("up", NOON)

    assert "Authorization" not in server.requests[0].headers


async def test_a_query_that_is_too_long_for_an_address_is_sent_in_a_body(
    source: Prometheus, server: Answering
) -> None:
    query = f'up{{job!="node",instance!="{"x" * 20_000}"}}'
    async with opened(server.url) as other:
        await other.ask(query, NOON)

    assert (server.requests[0].method, server.requests[0].query_string) == ("POST", "")
    assert server.parameters[0]["query"] == query
    assert len((await source.ask(query, NOON)).samples) == 4


async def test_nothing_of_the_surroundings_changes_a_request(
    server: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with opened(server.url) as source:
        await source.ask("up", NOON)

    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


async def test_one_connection_serves_one_query_after_another(server: Answering) -> None:
    ports = []
    async with opened(server.url, limits=Limits(threads=1)) as source:
        for number in range(3):
            await source.ask(f"up + {number}", NOON)
            ports.append(server.requests[-1].transport)

    assert len(set(map(id, ports))) == 1


# What goes wrong


@pytest.mark.parametrize(("status", "kind"), [(400, "bad_data"), (422, "execution")])
async def test_a_query_that_is_refused_is_not_to_be_asked_again(
    server: Answering, status: int, kind: str
) -> None:
    server.status = status
    server.body = json.dumps({"status": "error", "errorType": kind, "error": "multiple matches\nfor labels"})

    failure = await told(server)

    assert isinstance(failure, PermanentFailure)
    assert failure.reason == f"Prometheus refuses the query ({status}: {kind}: multiple matches for labels)."


@pytest.mark.parametrize("status", [401, 403])
async def test_who_is_not_let_in_is_told_of_the_token(server: Answering, status: int) -> None:
    server.status = status

    failure, without = await told(server), await told(server, token=None)

    assert isinstance(failure, PermanentFailure)
    assert failure.reason == f"Prometheus does not let the bot in (HTTP {status}): check PROMETHEUS_TOKEN."
    assert without.reason.endswith("set PROMETHEUS_TOKEN.")


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, "404 page not found"), (200, "<html>Please log in</html>"), (200, "{}"), (200, "[" * 100_000)],
)
async def test_an_address_that_is_not_prometheus_is_said_to_be_none(
    server: Answering, status: int, body: str
) -> None:
    server.status, server.body = status, body

    failure = await told(server)

    assert isinstance(failure, PermanentFailure)
    assert failure.reason.startswith("What answers at PROMETHEUS_URL is no Prometheus: set the address")
    assert "<" not in failure.reason


async def test_a_redirect_is_not_followed(server: Answering) -> None:
    async with answering() as elsewhere:
        server.status, server.headers = 307, {"Location": f"{elsewhere.url}/login"}

        failure = await told(server)

        assert isinstance(failure, PermanentFailure)
        assert "PROMETHEUS_URL redirects" in failure.reason
        assert (len(server.requests), elsewhere.requests) == (1, [])


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failure_of_the_server_may_pass(server: Answering, status: int) -> None:
    server.status, server.headers, server.body = status, {"Retry-After": "7"}, "<h1>Bad gateway</h1>"

    failure = await told(server)

    assert type(failure) is TemporaryFailure
    assert failure.reason == f"Prometheus failed at the query (HTTP {status})."
    assert failure.retry_after == timedelta(seconds=7)
    assert len(server.requests) == 1


async def test_a_rate_limit_says_when_to_come_again(prometheus: ServedPrometheus, source: Prometheus) -> None:
    prometheus.stand_in.faults.add("ratelimited", retry_after=3)

    failure = await failure_of(source)

    assert isinstance(failure, TemporaryFailure)
    assert failure.retry_after == timedelta(seconds=3)


async def test_a_query_that_the_database_gives_up_took_too_long(
    prometheus: ServedPrometheus, source: Prometheus
) -> None:
    prometheus.stand_in.faults.add("error", error="timeout")

    failure = await failure_of(source)

    assert isinstance(failure, TookTooLong)
    assert "gave the query up because it took too long (503: timeout: " in failure.reason


async def test_a_database_that_is_not_there_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        async with opened(url) as source:
            failure = await failure_of(source)

    assert type(failure) is TemporaryFailure
    assert failure.reason == "Prometheus cannot be reached: connection refused, or name not found."


async def test_a_plain_server_behind_https_is_not_trusted(server: Answering) -> None:
    async with opened(server.url.replace("http:", "https:")) as source:
        failure = await failure_of(source)

    assert failure.reason == "Prometheus cannot be reached: no trusted TLS connection."


@pytest.mark.parametrize("kind", ["down", "cut"])
async def test_a_connection_that_breaks_is_tried_only_once(
    prometheus: ServedPrometheus, source: Prometheus, kind: str
) -> None:
    prometheus.stand_in.faults.add(kind, count=1)

    failure = await failure_of(source)

    assert type(failure) is TemporaryFailure
    assert failure.reason == "The connection to Prometheus broke before its answer was complete."


async def test_an_answer_cut_short_is_none() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with raw_server(head + ONE.encode()) as url, opened(url) as source:
        failure = await failure_of(source)

    assert failure.reason == "The connection to Prometheus broke before its answer was complete."


async def test_what_is_no_http_is_a_broken_connection() -> None:
    async with raw_server(b"SSH-2.0-OpenSSH_9.2\r\n") as url, opened(url) as source:
        failure = await failure_of(source)

    assert isinstance(failure, TemporaryFailure)


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("up", "string"),
        ([{"metric": {}, "values": [[1, "1"]]}], "matrix"),
        ([{"metric": {}, "value": [1]}], "vector"),
        ([{"metric": {}, "value": [1, 1]}], "vector"),
        ([{"metric": {}, "value": [1, "one"]}], "vector"),
        ([{"metric": None, "value": [1, "1"]}], "vector"),
        ([{"value": [1, "1"]}], "vector"),
        ([7], "vector"),
        (None, "vector"),
        ({}, "scalar"),
        ([{"metric": {}, "histogram": [1, {"count": "2", "sum": "3"}]}], "vector"),
    ],
)
async def test_an_answer_of_another_form_is_refused_in_words(
    server: Answering, result: Any, kind: str
) -> None:
    server.body = success(result, kind=kind)

    failure = await told(server)

    assert isinstance(failure, PermanentFailure)
    assert failure.reason.startswith("Prometheus")


async def test_an_answer_of_many_megabytes_is_not_read_to_its_end(server: Answering) -> None:
    server.body = success([], warnings=["x" * 1024] * 5000)

    failure = await told(server)

    assert isinstance(failure, PermanentFailure)
    assert failure.reason.startswith("Prometheus' answer is larger than 4 MiB, which are read at most.")


async def test_what_unpacks_to_many_megabytes_is_not_read_to_its_end(server: Answering) -> None:
    server.body = gzip.compress(b"[" + b" " * 50 * 1024**2 + b"]")
    server.headers = {"Content-Encoding": "gzip"}

    assert "larger than 4 MiB" in (await told(server)).reason


async def test_thousands_of_series_are_refused(server: Answering) -> None:
    server.body = success([{"metric": {"n": str(n)}, "value": [1, "1"]} for n in range(2000)])

    failure = await told(server)

    assert isinstance(failure, PermanentFailure)
    assert "2,000 series: 1,000 are read at most" in failure.reason


async def test_without_a_database_that_is_said() -> None:
    none = NoMetrics()

    assert not none.is_there
    with pytest.raises(PermanentFailure, match="set PROMETHEUS_URL"):
        await none.ask("up", NOON)
    with pytest.raises(PermanentFailure, match="set PROMETHEUS_URL"):
        await none.course("up", since=NOON, until=NOON, step=timedelta(minutes=1))


async def test_nothing_of_it_is_imported_where_it_is_not_used() -> None:
    names = ("requests", "prometheus_api_client")
    code = f"import bot.app, sys; print([name for name in {names} if name in sys.modules])"
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == "[]"


# Secrets


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 503])
async def test_the_token_is_in_no_error_even_where_the_server_repeats_it(
    server: Answering, status: int
) -> None:
    echo = f"not accepted: Bearer {TOKEN}"
    server.status = status
    server.body = json.dumps({"status": "error", "errorType": "bad_data", "error": echo})

    assert TOKEN not in shown(await told(server))


async def test_the_token_is_neither_logged_nor_in_a_repr(
    server: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.body = success([], warnings=[f"Bearer {TOKEN}"])
    async with opened(server.url) as source:
        answer = await source.ask("up", NOON)
        assert TOKEN not in repr(source) + repr(answer)

    assert TOKEN not in caplog.text


async def test_a_token_that_fits_no_header_is_not_shown(server: Answering) -> None:
    failure = await told(server, token=f"{TOKEN}\nX-Evil: 1")

    assert isinstance(failure, PermanentFailure)
    assert TOKEN not in shown(failure)
    assert server.requests == []


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    """Something that sends these bytes to whoever comes, and hangs up."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
