from __future__ import annotations

import os
import re
import signal
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import psutil
import pytest

from bot.domain.guide import Mention
from bot.domain.runbooks.markdown import read_page
from bot.guide.load import check_guide, load_guide
from bot.guide.shipped import shipped
from bot.sandbox.alertmanager.catalogue import CATALOGUE
from bot.sandbox.files import ALERTS, Files, write_files
from bot.sandbox.slack.seed import GROUPS, PEOPLE
from bot.sandbox.wiring import CALENDAR_TOKEN, GATE_TOKEN, Wiring
from tests.support.commands import opsbot
from tests.support.sandbox import sandbox

END_SECONDS = 3.0
PAGE = "http://127.0.0.1:8300"
DEPLOYER_URL = "http://127.0.0.1:8301"


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
            webhook = (await answer.json())["webhook"]["url"]
            assert webhook.endswith("/webhooks/pagerduty")
        bot = webhook.removesuffix("/webhooks/pagerduty")
        ran = await opsbot("gate", "payment", "--url", bot, variables={"OPSBOT_GATE_TOKEN": GATE_TOKEN})
        assert (ran.code, ran.out.splitlines()[0]) == (1, "DENY Payment Service · standard")
        async with http.get(f"{bot}/calendar/{CALENDAR_TOKEN}/changes.ics") as answer:
            assert answer.content_type == "text/calendar"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_ends_at_once_and_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    async with sandbox(tmp_path) as running, aiohttp.ClientSession() as http:
        children = running.children()
        assert len(children) == 6
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


async def test_its_guides_links_lead_to_the_page(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as running, aiohttp.ClientSession() as http:
        guide = load_guide(tmp_path / "operations-guide.yaml")
        for url, title in [(board.url, board.title) for board in guide.dashboards.values()]:
            assert url.startswith(running.url)
            async with http.get(url) as answer:
                assert f"<h1>{title}</h1>" in await answer.text()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The sandbox's guide, as it is written at the start."""
    files = Files(tmp_path)
    write_files(files, PAGE, DEPLOYER_URL)
    return files.guide


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_its_guide_is_the_shipped_one_without_a_mistake(own: Path) -> None:
    guide, original = load_guide(own), load_guide(None)
    assert {key: replace(one, room=False) for key, one in guide.severities.items()} == original.severities
    assert {key: replace(one, rollback=None) for key, one in guide.services.items()} == original.services
    assert [finding for finding in check_guide(own) if finding.level == "error"] == []
    assert comments(own.read_text()) == comments(shipped().decode())


def test_in_its_guide_there_is_an_alert_for_each_thing_that_can_become_of_one(own: Path) -> None:
    guide = load_guide(own)
    by_name = {
        rule.name: next(route for route in guide.alerts if route.takes(rule.labels)) for rule in CATALOGUE
    }
    assert by_name["payment-errors"].page
    assert by_name["identity-errors"].escalate_after == timedelta(minutes=15)
    assert by_name["payment-crash-loop"].incident_after == timedelta(minutes=5)
    assert by_name["identity-suspicious-login"].channel == "security-incidents"
    assert guide.alerts[len(ALERTS) :] == load_guide(None).alerts


def test_in_its_guide_a_change_of_payment_is_taken_back_by_the_deployers_stand_in(own: Path) -> None:
    guide = load_guide(own)
    assert {key: one.rollback for key, one in guide.services.items() if one.rollback} == {
        "payment": "deployer"
    }
    assert guide.changes.webhooks["deployer"].url == f"{DEPLOYER_URL}/hooks/rollback"


def test_in_its_guide_a_p1_gets_a_channel_of_its_own_to_try(own: Path) -> None:
    severities = load_guide(own).severities
    assert [policy.severity.value for policy in severities.values() if policy.room] == ["P1"]


def test_every_tier_and_team_of_its_guide_mentions_a_group_of_slacks(own: Path) -> None:
    guide = load_guide(own)
    mentions = [tier.mention for tier in guide.tiers.values()]
    mentions += [team.mention for team in guide.teams.values()]
    assert all(mention.groups for mention in mentions)
    assert {group for mention in mentions for group in mention.groups} <= {group for group, *_ in GROUPS}


def test_in_its_guide_others_than_ana_let_changes_through_and_everybody_has_the_other_roles(
    own: Path,
) -> None:
    roles, ids = load_guide(own).roles, {name: user for user, name, _, _ in PEOPLE}
    assert roles.leads.people == (ids["lee"], ids["dia"])
    assert roles.approvers.people == (ids["lee"], ids["dia"], ids["sam"])
    assert replace(roles, leads=Mention(), approvers=Mention()) == load_guide(None).roles
    assert [one.text for one in check_guide(own) if "guest" in one.text or "approvals" in one.text] == []


def test_no_link_of_its_guide_leads_out_of_the_sandbox(own: Path) -> None:
    found = re.findall(r"^[^#\n]*?(https?://[^\s]+)", own.read_text(), re.MULTILINE)
    inside = (f"{PAGE}/elsewhere/", DEPLOYER_URL)
    assert [url for url in found if not url.startswith(inside)] == []
    assert f"{PAGE}/elsewhere/dashboards/service-health" in found
    assert f"{PAGE}/elsewhere/dashboards/business-metrics" in found


def test_every_runbook_of_its_guide_is_there_and_has_steps(own: Path) -> None:
    guide = load_guide(own)
    assert guide.runbook_folder is not None
    for book in guide.runbooks.values():
        page = read_page((guide.runbook_folder / book.file).read_text(encoding="utf-8"))
        assert (page.title, bool(page.intro or page.steps), page.left) == (book.title, True, 0)
        assert len(page.steps) >= 5, book.title
    assert [one.text for one in check_guide(own) if "runbook" in one.text] == [
        '"content" has no runbook: fill it in; until then "incident-response" stands in'
    ]
