"""A sandbox that is started again in its folder goes on where it ended."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.views.incident import ACKNOWLEDGE
from tests.support.sandbox import Sandbox, sandbox

END_SECONDS = 3.0
PATIENCE_SECONDS = 30.0

State = dict[str, Any]


class Page:
    """What the page shows of a sandbox, and lets do."""

    def __init__(self, running: Sandbox, http: aiohttp.ClientSession) -> None:
        self._url, self._http = running.url, http

    async def state(self, name: str) -> State:
        async with self._http.get(f"{self._url}{name}/state") as answer:
            found: State = await answer.json()
            return found

    async def until(self, name: str, holds: Callable[[State], bool]) -> State:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = await self.state(name)
                if holds(found):
                    return found
                await asyncio.sleep(0.05)

    async def act(self, act: str, **body: Any) -> None:
        async with self._http.post(f"{self._url}{act}", json=body) as answer:
            said = await answer.text()
            assert answer.status == 200, said
            assert json.loads(said)["error"] is None, said  # the bot has taken it


def cards(slack: State) -> list[State]:
    """The messages that stand for the incident, each with its channel."""
    return [
        {"channel": channel["id"], **message}
        for channel in slack["channels"]
        for message in channel["messages"]
        if "checkout is down" in json.dumps(message.get("blocks", []))
    ]


def button(card: State) -> str | None:
    """What the card's button to acknowledge carries, where it has one."""
    actions = [block for block in card["blocks"] if block["type"] == "actions"]
    elements = [element for block in actions for element in block["elements"]]
    return next((str(each["value"]) for each in elements if each["action_id"] == ACKNOWLEDGE), None)


def paged(pagerduty: State) -> list[str]:
    return [incident["status"] for incident in pagerduty["incidents"]]


async def test_a_card_from_before_acknowledges_its_page_and_is_edited_further(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http:
        async with sandbox(tmp_path) as running:
            page = Page(running, http)
            await page.act(
                "slack/command",
                user="ana",
                channel="platform-alerts",
                command="/incident",
                text="p0 checkout is down",
            )
            await page.until("pagerduty", lambda state: paged(state) == ["triggered"])
            await page.until("slack", lambda state: any(map(button, cards(state))))
            before = cards(await page.state("slack"))
            assert await running.end(signal.SIGINT, within=END_SECONDS) == 0

        async with sandbox(tmp_path) as running:
            page = Page(running, http)
            again = cards(await page.state("slack"))
            assert [card["ts"] for card in again] == [card["ts"] for card in before]
            (card,) = [card for card in again if button(card)]
            assert paged(await page.state("pagerduty")) == ["triggered"]
            await page.act(
                "slack/click",
                user="ana",
                channel=card["channel"],
                ts=card["ts"],
                action_id=ACKNOWLEDGE,
                value=button(card),
            )
            await page.until("pagerduty", lambda state: paged(state) == ["acknowledged"])
            slack = await page.until("slack", lambda state: not any(map(button, cards(state))))
            after = cards(slack)
            assert [each["ts"] for each in after] == [each["ts"] for each in before]
            (edited,) = [each for each in after if each["ts"] == card["ts"]]
            assert edited["edits"] > card["edits"]
            assert "acknowledged" in json.dumps(edited["blocks"]).lower(), edited["blocks"]


async def test_one_folder_serves_one_sandbox(tmp_path: Path) -> None:
    async with sandbox(tmp_path):
        second = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "sandbox",
            f"--data={tmp_path}",
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        _, said = await second.communicate()
    assert second.returncode == 1
    assert said.decode() == f"opsbot: another sandbox is running in {tmp_path}\n"
