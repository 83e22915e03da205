"""The change gate as pipelines ask it: over HTTP, and by `opsbot gate`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app.gate import NEWS
from tests.support.change_stories import a_guide_with_roles, asks
from tests.support.clock import MONDAY_NOON
from tests.support.commands import Ran, opsbot
from tests.support.harness import GATE_TOKEN, World
from tests.support.silence import silent_server
from tests.support.slack import serving
from tests.support.worlds import OpenWorld

TUESDAY = MONDAY_NOON + timedelta(hours=26, minutes=10)
"""14:10 in New York: the standard window is open."""
AT_ONCE_SECONDS = 2.0


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A bot that asks Prometheus, on a Tuesday at 14:10, with an approved and tested change of identity."""
    world = await a_world(prometheus=True, start=TUESDAY, guide=a_guide_with_roles())
    await has_change(world)
    await world.notes_budgets()
    return world


async def has_change(world: World) -> None:
    """Ana asks for a change of identity from now on, Lee approves it, and Ana takes it to testing."""
    await asks(world.ana, service="identity", starts=int(world.clock.now().timestamp()))
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change next CH1")
    assert world.change_card().says("Being tested"), world.change_card().text


async def asked(world: World, query: str = "service=identity") -> dict[str, Any]:
    """What a pipeline is told over HTTP."""
    headers = {"Authorization": f"Bearer {GATE_TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{world.url}/api/gate?{query}") as answer,
    ):
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told


async def run(url: str, *arguments: str, **variables: str) -> Ran:
    """`opsbot gate`, with nothing of the bot's in the environment but its token."""
    return await opsbot(
        "gate", *arguments, "--url", url, variables={"OPSBOT_GATE_TOKEN": GATE_TOKEN, **variables}
    )


# --- what it knows, and how fast ---


async def test_it_goes_by_what_prometheus_said_last_and_says_how_long_ago(measured: World) -> None:
    assert (await asked(measured))["verdict"] == "allow"
    await measured.forward(minutes=9)
    told = await asked(measured)
    assert told["verdict"] == "allow"
    [heard] = [one for one in told["news"] if one["of"] == "Prometheus"]
    assert 9 * 60 <= heard["age_seconds"] <= 10 * 60
    await measured.forward(minutes=2)
    assert (await asked(measured))["verdict"] == "unknown"
    await measured.notes_budgets()
    assert (await asked(measured))["verdict"] == "allow"


async def test_a_service_that_burns_is_denied_and_the_reason_is_told(measured: World) -> None:
    measured.prometheus.set_service("identity", error_ratio=0.2)
    await measured.forward(minutes=59)
    await measured.notes_budgets()
    told = await asked(measured)
    assert told["verdict"] == "deny"
    assert told["reasons"][0]["text"].startswith("Identity Service: the error budget is overdrawn by ")
    assert "burns" in told["reasons"][0]["text"]


async def test_an_incident_closes_the_gate_until_it_is_resolved(measured: World) -> None:
    await measured.kim.types("/incident p1 service:identity logins fail")
    told = await asked(measured)
    assert (told["verdict"], told["reasons"][0]["text"]) == ("deny", "#1 P1 “logins fail” is open")
    await measured.kim.types("/incident resolve 1")
    assert (await asked(measured))["verdict"] == "allow"


async def test_a_security_incident_is_not_told_to_pipelines(measured: World) -> None:
    await measured.kim.types("/incident p0 security: service:identity token leaked")
    told = json.dumps(await asked(measured))
    assert "leaked" not in told
    assert "#1" not in told


async def test_it_answers_at_once_while_prometheus_and_pagerduty_hang(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, start=TUESDAY, guide=a_guide_with_roles())
    await has_change(world)
    await world.notes_budgets()
    await world.kim.types("/incident p2 service:content thumbnails are slow")
    await world.settle()
    assert await world.polls() == 1
    heard = world.clock.now()
    await world.stop()
    async with silent_server() as prometheus, silent_server() as pagerduty:
        world.prometheus_url, world.pagerduty_url = prometheus.url, pagerduty.url
        await world.start()
        world.clock.advance(minutes=3)
        async with hanging(look(world), world.bot.sync.poll):
            await asyncio.gather(prometheus.until_called(1), pagerduty.until_called(1))
            began = time.monotonic()
            told = await asked(world)
            assert time.monotonic() - began < AT_ONCE_SECONDS
        await world.stop()
    assert told["verdict"] == "allow"
    ages = {one["of"]: one["age_seconds"] for one in told["news"]}
    assert ages["PagerDuty"] == round((world.clock.now() - heard).total_seconds())
    assert ages["Prometheus"] >= 180


def look(world: World) -> Callable[[], Awaitable[object]]:
    [job] = [job for job in world.bot.jobs if job.name == NEWS]
    return job.do


@asynccontextmanager
async def hanging(*work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """While it waits for others."""

    async def do(one: Callable[[], Awaitable[object]]) -> None:
        await one()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(do(one)) for one in work]
        yield
        assert [task.get_name() for task in tasks if task.done()] == []
        for task in tasks:
            task.cancel()


# --- opsbot gate ---


async def test_the_exit_code_says_the_verdict_and_the_lines_say_why(measured: World) -> None:
    allowed = await run(measured.url, "identity")
    assert (allowed.code, allowed.err) == (0, "")
    first, *reasons = allowed.out.splitlines()
    assert first == "ALLOW Identity Service · standard · CH1"
    assert "  ok   CH1 is approved by lee" in reasons
    assert any(line.startswith("  Prometheus was heard ") for line in reasons)

    denied = await run(measured.url, "content", "--type", "standard")
    assert denied.code == 1
    assert "  no   There is no approved change of Content Service (standard)" in denied.out.splitlines()

    await measured.forward(minutes=11)
    unknown = await run(measured.url, "--change", "CH1")
    assert unknown.code == 2
    assert unknown.out.startswith("UNKNOWN Identity Service")


async def test_json_is_printed_as_it_came(measured: World) -> None:
    printed = await run(measured.url, "identity", "--json")
    assert json.loads(printed.out) == await asked(measured)


async def test_it_says_when_it_opens(measured: World) -> None:
    await measured.forward(hours=2)
    await measured.notes_budgets()
    closed = await run(measured.url, "identity")
    assert closed.code == 1
    assert "  opens 2026-03-19T18:00:00Z, as far as windows and freezes are concerned" in closed.out


async def test_the_token_may_be_in_a_file(measured: World, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{GATE_TOKEN}\n")
    variables = {"OPSBOT_GATE_TOKEN_FILE": str(file)}
    ran = await opsbot("gate", "identity", "--url", measured.url, variables=variables)
    assert ran.code == 0


async def test_without_an_address_it_asks_the_bot_of_its_environment(measured: World) -> None:
    port = measured.url.rpartition(":")[2]
    variables = {"OPSBOT_GATE_TOKEN": GATE_TOKEN, "OPSBOT_HOST": "0.0.0.0", "OPSBOT_PORT": port}
    assert (await opsbot("gate", "identity", variables=variables)).code == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (("paymnt",), {}, "answers 400: The guide has no service `paymnt`. Nearest: `payment`"),
        ((), {}, "of what? opsbot gate payment"),
        (("identity",), {"OPSBOT_GATE_TOKEN": "another"}, "does not know OPSBOT_GATE_TOKEN"),
        (("identity",), {"OPSBOT_GATE_TOKEN": ""}, "OPSBOT_GATE_TOKEN is not set"),
        (("identity",), {"OPSBOT_GATE_TOKEN": "two words"}, "OPSBOT_GATE_TOKEN: cannot be sent"),
        (("identity",), {"OPSBOT_GATE_TOKEN_FILE": "/nowhere", "OPSBOT_GATE_TOKEN": ""}, "cannot be read"),
        (("identity",), {"OPSBOT_PORT": "soon"}, "OPSBOT_PORT: is no port"),
    ],
)
async def test_what_cannot_be_asked_is_a_2_that_says_what_is_right(
    measured: World, arguments: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    ran = await run(measured.url, *arguments, **variables)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "cannot be reached"),
        ("http://opsbot.example.com", "would show the token to everybody between"),
        ("ftp://opsbot.example.com", "--url is no address"),
        ("opsbot.example.com", "--url is no address"),
        ("https://me:pass@opsbot.example.com", "--url has more than an address"),
        ("https://[half", "--url is no address"),
    ],
)
async def test_an_address_that_is_none_is_refused_before_the_token_is_sent(url: str, said: str) -> None:
    ran = await run(url, "identity")
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web.Response(text="<html>hello"), "did not answer as the gate of a bot does"),
        (web.json_response({"verdict": 7}), "did not answer as the gate of a bot does"),
        (web.json_response([]), "did not answer as the gate of a bot does"),
        (web.Response(text="[" * 200_000), "did not answer as the gate of a bot does"),
        (web.Response(status=503, text="[" * 200_000), "answers 503"),
        (web.Response(status=302, headers={"Location": "https://elsewhere/"}), "sends elsewhere"),
        (web.Response(status=502, text="bad gateway"), "answers 502"),
        (
            web.json_response({"error": "the gate is off: set OPSBOT_GATE_TOKEN"}, status=404),
            "the gate is off",
        ),
    ],
)
async def test_whoever_answers_otherwise_is_no_yes(answer: web.Response, said: str) -> None:
    async with answering(answer) as url:
        ran = await run(url, "identity")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


async def test_whoever_does_not_speak_http_is_no_yes() -> None:
    async def garbage(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(garbage, "127.0.0.1", 0) as server:
        ran = await run(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "identity")
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be reached" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("verdict", ["unknown", "ALLOW", "yes", ""])
async def test_a_verdict_that_is_not_a_clear_yes_is_none(verdict: str) -> None:
    hostile = {"verdict": verdict, "reasons": [7, {"text": "a\x1b[2J\nb"}], "news": None, "title": ["x"]}
    async with answering(web.json_response(hostile)) as url:
        ran = await run(url, "identity")
    assert ran.code == 2
    assert "\x1b" not in ran.out


async def test_a_bot_whose_database_is_silent_is_an_unknown() -> None:
    said = {"verdict": "unknown", "reasons": [{"weight": "unknown", "text": "nobody knows"}]}
    async with answering(web.json_response(said, status=503)) as url:
        ran = await run(url, "identity")
    assert (ran.code, ran.out) == (2, "UNKNOWN\n  ?    nobody knows\n")


@asynccontextmanager
async def answering(answer: web.Response) -> AsyncIterator[str]:
    async def take(_request: web.Request) -> web.Response:
        return answer

    app = web.Application()
    app.router.add_get("/api/gate", take)
    async with serving(app) as url:
        yield url
