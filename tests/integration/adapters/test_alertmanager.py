"""The adapter beside the real Alertmanager and its stand-in, and beside what is none."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.alertmanager import Alertmanager, calls
from bot.adapters.clock import WallClock
from bot.adapters.no_silencer import NoSilencer
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.silencer import RemoteState, Silencer, SilenceWish
from bot.sandbox.alertmanager.routes import Timing
from bot.sandbox.alertmanager.times import MILLISECOND
from tests.support.alertmanager import real_alertmanager, recording_bot, served_alertmanager
from tests.support.pagerduty import served

TIMING = Timing(group_wait=100 * MILLISECOND, group_interval=200 * MILLISECOND)
MARK = "0b3c6a52-0000-4000-8000-000000000042"
ODD = 'a "b" \\c\\ ümläut \u202e,{}=~ 😀'

T = TypeVar("T")


def now() -> datetime:
    return WallClock().now()


def wish(*matchers: tuple[str, str], **changes: Any) -> SilenceWish:
    facts: dict[str, Any] = {
        "mark": MARK,
        "matchers": matchers or (("alertname", "HighErrorRate"), ("service", "payment")),
        "by": "Ana",
        "comment": "known, being repaired",
        "starts_at": now(),
        "ends_at": now() + timedelta(hours=1),
    }
    return SilenceWish(**{**facts, **changes})


async def every(source: AsyncIterator[T]) -> list[T]:
    return [one async for one in source]


async def post(url: str, *labels: Mapping[str, str]) -> None:
    alerts = [{"labels": dict(one), "annotations": {"summary": ODD}} for one in labels]
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/api/v2/alerts", json=alerts) as answer,
    ):
        assert answer.status == 200, await answer.text()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Alertmanager]:
    silencer = Alertmanager(url, clock=WallClock())
    try:
        yield silencer
    finally:
        await silencer.aclose()


@dataclass(frozen=True, slots=True)
class Side:
    """An Alertmanager, and the adapter that calls it."""

    url: str
    silencer: Alertmanager

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something holds in the real one, whose time is real."""
        async with asyncio.timeout(20):
            while not await holds():  # noqa: ASYNC110 - another process, which tells nobody
                await asyncio.sleep(0.05)


@pytest.fixture(params=["stand-in", "real"])
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    async with recording_bot() as bot:
        if request.param == "real":
            async with (
                real_alertmanager(tmp_path, webhook_url=bot.url, timing=TIMING) as url,
                opened(url) as silencer,
            ):
                yield Side(url, silencer)
        else:
            async with (
                served_alertmanager(webhook_url=bot.url, timing=TIMING, tick_seconds=0.02) as one,
                opened(one.url) as silencer,
            ):
                yield Side(one.url, silencer)


# What it does


async def test_a_silence_is_set_with_its_author_comment_and_end(side: Side) -> None:
    wanted = wish()

    made = await side.silencer.set(wanted, uncertain=False)

    [shown] = await every(side.silencer.silences())
    assert (shown.id, shown.state, shown.by) == (made, RemoteState.ACTIVE, "Ana")
    assert (shown.comment, shown.mark) == ("known, being repaired", MARK)
    assert shown.ends_at == wanted.ends_at


async def test_what_matches_is_silenced_and_nothing_else(side: Side) -> None:
    payment = {"alertname": "HighErrorRate", "service": "payment", "instance": "a"}
    await post(side.url, payment, {**payment, "service": "identity"}, {**payment, "alertname": "Other"})
    made = await side.silencer.set(wish(), uncertain=False)

    async def is_silenced() -> bool:
        return any(one.silenced_by for one in await every(side.silencer.alerts()))

    await side.until(is_silenced)
    alerts = await every(side.silencer.alerts())

    assert len(alerts) == 3
    assert [one.silenced_by for one in alerts if one.alert.labels == payment] == [(made,)]
    assert sum(one.is_told for one in alerts) == 2
    assert {one.receivers for one in alerts} == {("opsbot",)}


async def test_values_with_quotes_and_any_letters_match_exactly(side: Side) -> None:
    await post(side.url, {"alertname": "Odd", "service": ODD}, {"alertname": "Odd", "service": "a"})
    made = await side.silencer.set(wish(("alertname", "Odd"), ("service", ODD)), uncertain=False)

    async def is_silenced() -> bool:
        return any(one.silenced_by for one in await every(side.silencer.alerts()))

    await side.until(is_silenced)

    [odd] = await every(side.silencer.alerts({"service": ODD, "alertname": "Odd"}))
    assert odd.silenced_by == (made,)
    assert odd.alert.labels["service"] == ODD
    [plain] = await every(side.silencer.alerts({"service": "a"}))
    assert plain.is_told


async def test_a_silence_whose_making_is_in_doubt_is_found_again(side: Side) -> None:
    made = await side.silencer.set(wish(), uncertain=False)

    assert await side.silencer.set(wish(), uncertain=True) == made
    assert len(await every(side.silencer.silences())) == 1


async def test_in_doubt_it_is_made_where_there_is_none_or_only_one_that_is_over(side: Side) -> None:
    made = await side.silencer.set(wish(), uncertain=True)
    await side.silencer.end(made, MARK)

    again = await side.silencer.set(wish(), uncertain=True)

    states = {one.id: one.state for one in await every(side.silencer.silences())}
    assert states == {made: RemoteState.EXPIRED, again: RemoteState.ACTIVE}


async def test_a_silence_is_ended_once_however_often_that_is_asked(side: Side) -> None:
    made = await side.silencer.set(wish(), uncertain=False)

    await side.silencer.end(made, MARK)
    await side.silencer.end(made, MARK)

    [shown] = await every(side.silencer.silences())
    assert shown.state is RemoteState.EXPIRED


async def test_a_silence_whose_id_nobody_knows_is_ended_by_its_mark(side: Side) -> None:
    await side.silencer.set(wish(), uncertain=False)
    other = await side.silencer.set(wish(mark="another"), uncertain=False)

    await side.silencer.end(None, MARK)
    await side.silencer.end(None, "of none")

    active = [one.id for one in await every(side.silencer.silences()) if one.state is RemoteState.ACTIVE]
    assert active == [other]


async def test_ending_one_that_is_not_there_is_no_trouble(side: Side) -> None:
    await side.silencer.end("2b6ff9d4-0000-4000-8000-000000000000", MARK)


async def test_an_end_in_the_past_is_refused_in_alertmanagers_words(side: Side) -> None:
    long_ago = now() - timedelta(days=1)

    with pytest.raises(PermanentFailure, match="end time can't be in the past"):
        await side.silencer.set(
            wish(starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)), uncertain=False
        )


async def test_a_silence_of_everything_is_never_asked_for(side: Side) -> None:
    with pytest.raises(ValueError, match="never wanted"):
        await side.silencer.set(wish(("alertname", "")), uncertain=False)


async def test_groups_are_shown_with_whom_they_are_told_to(side: Side) -> None:
    labels = {"alertname": "HighErrorRate", "service": "payment"}
    await post(side.url, {**labels, "instance": "a"}, {**labels, "instance": "b"}, {"alertname": "Other"})

    async def are_there() -> bool:
        return len(await every(side.silencer.groups())) == 2

    await side.until(are_there)
    groups = {len(one.fingerprints): one for one in await every(side.silencer.groups())}

    assert groups[2].labels == labels
    assert {one.receiver for one in groups.values()} == {"opsbot"}
    known = {one.alert.fingerprint for one in await every(side.silencer.alerts(labels))}
    assert groups[2].fingerprints == known


async def test_it_says_since_when_it_runs(side: Side) -> None:
    assert abs(await side.silencer.up_since() - now()) < timedelta(seconds=30)


# Trouble


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Something at whose address every call gets the same answer."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    async with served(app) as url:
        yield url


def always(status: int, body: Any = None, **headers: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(
            status=status, text=body if isinstance(body, str) else json.dumps(body), headers=headers
        )

    return answer


async def failure(url: str, act: Callable[[Silencer], Awaitable[object]]) -> DeliveryFailure:
    async with opened(url) as silencer:
        with pytest.raises(DeliveryFailure) as raised:
            await act(silencer)
    return raised.value


async def setting(silencer: Silencer) -> None:
    await silencer.set(wish(), uncertain=False)


async def listing(silencer: Silencer) -> None:
    await every(silencer.alerts())


async def ending(silencer: Silencer) -> None:
    await silencer.end("id", MARK)


async def test_a_refused_connection_leaves_nothing_in_doubt(unused_tcp_port: int) -> None:
    for act in (setting, listing, ending):
        failed = await failure(f"http://127.0.0.1:{unused_tcp_port}", act)
        assert isinstance(failed, TemporaryFailure)
        assert "connection refused" in failed.reason


async def test_a_broken_alertmanager_may_have_made_the_silence() -> None:
    async with answering(always(503, "no quorum")) as url:
        assert isinstance(await failure(url, setting), UnknownOutcome)
        assert isinstance(await failure(url, ending), TemporaryFailure)
        assert isinstance(await failure(url, listing), TemporaryFailure)


async def test_an_answer_that_does_not_come_is_waited_for_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(
        "bot.adapters.alertmanager.silencer._SET",
        calls.Errand(what="setting the silence", method="POST", path="silences", adds=True, seconds=0.05),
    )
    async with answering(hang) as url:
        failed = await failure(url, setting)
    assert isinstance(failed, UnknownOutcome)
    assert "did not answer in time" in failed.reason


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (
            400,
            '"silence invalid: \\u202ebad\\nmatcher"',
            PermanentFailure,
            "400: silence invalid: bad matcher",
        ),
        (422, {"code": 602, "message": "comment in body is required"}, PermanentFailure, "comment in body"),
        (404, "404 page not found", PermanentFailure, "HTTP 404"),
        (401, "", PermanentFailure, "does not accept the credentials of ALERTMANAGER_URL"),
        (429, "", TemporaryFailure, "takes no more calls"),
        (200, "<html>", UnknownOutcome, "cannot be read"),
        (200, {"status": "ok"}, UnknownOutcome, "does not say which silence"),
    ],
)
async def test_what_an_answer_means(status: int, body: Any, kind: type[DeliveryFailure], says: str) -> None:
    async with answering(always(status, body)) as url:
        failed = await failure(url, setting)
    assert isinstance(failed, kind)
    assert says in failed.reason


async def test_redirects_are_not_followed() -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with answering(answer) as url:
        failed = await failure(url, setting)

    assert isinstance(failed, PermanentFailure)
    assert "redirects are not followed" in failed.reason
    assert asked == ["/api/v2/silences"]


async def test_the_addresss_path_is_kept_and_its_credentials_are_told_to_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Authorization")))
        return web.Response(status=500)

    async with answering(answer) as url:
        address = url.replace("http://", "http://ana:pa%24%24word@") + "/alertmanager/"
        failed = await failure(address, setting)

    credentials = base64.b64encode(b"ana:pa$$word").decode()
    assert asked == [("/alertmanager/api/v2/silences", f"Basic {credentials}")]
    for told in (failed.reason, caplog.text, repr(failed)):
        assert "word" not in told


@pytest.mark.parametrize(
    "body", ['[{"a": 1}', "{}", "[1]", '[{"a": 1} {"b": 2}]', "[]x", '[{"status": 1}]', ""]
)
async def test_a_list_that_is_not_whole_is_no_list(body: str) -> None:
    async with answering(always(200, body)) as url:
        failed = await failure(url, listing)
    assert isinstance(failed, TemporaryFailure)


async def test_a_list_that_breaks_off_is_no_list() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"[]")
        assert request.transport is not None
        request.transport.close()
        return response

    async with answering(answer) as url:
        failed = await failure(url, listing)
    assert isinstance(failed, TemporaryFailure)


async def test_an_address_without_a_form_is_refused_without_telling_it() -> None:
    with pytest.raises(ValueError, match=r"^ALERTMANAGER_URL has no valid form\.$"):
        Alertmanager("http://ana:password@host:port/", clock=WallClock())


async def test_without_an_address_everything_is_refused_and_says_what_to_set() -> None:
    silencer = NoSilencer()

    assert not silencer.is_there
    with pytest.raises(PermanentFailure, match="set ALERTMANAGER_URL"):
        await setting(silencer)
    with pytest.raises(PermanentFailure, match="set ALERTMANAGER_URL"):
        silencer.silences()
