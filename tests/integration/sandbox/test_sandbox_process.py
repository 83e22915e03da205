from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import aiohttp
import psutil
import pytest

from bot.guide.load import check_guide, load_guide
from bot.guide.shipped import write_copy
from bot.sandbox.files import MENTIONS, Files
from bot.sandbox.wiring import Wiring
from tests.support.sandbox import sandbox

END_SECONDS = 3.0


async def test_its_page_answers_while_the_bot_and_the_stand_ins_run(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as running, aiohttp.ClientSession() as http:
        assert running.printed.startswith("Starting the sandbox")
        async with http.get(running.url) as answer:
            assert "opsbot sandbox" in await answer.text()
        async with http.get(f"{running.url}bot") as answer:
            assert (await answer.json())["state"] == "running"
        async with http.get(f"{running.url}slack/state") as answer:
            assert (await answer.json())["bot"]["user"] == "U0OPSBOT1"
        async with http.get(f"{running.url}pagerduty/state") as answer:
            assert (await answer.json())["webhook"]["url"].endswith("/webhooks/pagerduty")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_ends_at_once_and_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    async with sandbox(tmp_path) as running, aiohttp.ClientSession() as http:
        children = running.children()
        assert len(children) == 5
        async with http.get(f"{running.url}feed") as feed:  # a page that is open does not hold it up
            await feed.content.readline()
            assert await running.end(number, within=END_SECONDS) == 0
        assert [child for child in children if child.is_running()] == []


async def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as running:
        children = running.children()
        assert await running.end(signal.SIGKILL, within=END_SECONDS) == -signal.SIGKILL
        _, alive = psutil.wait_procs(children, timeout=END_SECONDS)
        assert alive == []


async def test_a_killed_bot_is_seen_to_be_down_and_starts_again(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as running, aiohttp.ClientSession() as http:
        async with http.post(f"{running.url}bot/kill") as answer:
            down = await answer.json()
        async with http.post(f"{running.url}bot/start") as answer:
            again = await answer.json()
    assert (down["state"], down["exit_code"]) == ("down", -signal.SIGKILL)
    assert again["state"] == "running"


async def test_it_takes_a_free_port_where_its_own_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with sandbox(tmp_path, f"--port={port}") as running:
            assert f":{port}/" not in running.url


def test_nothing_of_the_surroundings_leads_out_of_the_sandbox(tmp_path: Path) -> None:
    outside = {
        "SLACK_APP_TOKEN": "xapp-real",
        "PAGERDUTY_ROUTING_KEY_DIRECTOR_FILE": "/run/secrets/real",
        "DATABASE_URL": "postgresql+asyncpg://real",
        "https_proxy": "http://proxy.example.com",
        "OPSBOT_HEARTBEAT_URL": "https://heartbeat.example.com",
        "PATH": os.environ["PATH"],
    }
    variables = Wiring(Files(tmp_path), outside).bot().environment
    assert [value for value in variables.values() if "real" in value or "example.com/" in value] == []
    assert variables.keys().isdisjoint({"SLACK_APP_TOKEN", "https_proxy", "OPSBOT_HEARTBEAT_URL"})
    assert variables["PATH"] == outside["PATH"]


def test_its_guide_is_the_shipped_one_with_the_tiers_mentioning_slacks_groups(tmp_path: Path) -> None:
    write_copy(tmp_path / "guide.yaml", mentions={tier: [group] for tier, group in MENTIONS.items()})
    own, shipped = load_guide(tmp_path / "guide.yaml"), load_guide(None)
    assert {key: tier.mention.groups for key, tier in own.tiers.items()} == {
        tier: (group,) for tier, group in MENTIONS.items()
    }
    assert own.severities == shipped.severities
    assert own.services == shipped.services
    assert [finding for finding in check_guide(tmp_path / "guide.yaml") if finding.level == "error"] == []
