"""The page over stand-ins alone: the test says what a bot would say, and looks at what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.page import MovedClock, page_app
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.manifest import App, Command, Shortcut
from tests.browser.screen import Screen
from tests.support.pagerduty import served_pagerduty
from tests.support.sandbox import FakeBotProcess
from tests.support.slack import SIGNING_SECRET, RecordingBot, serving, slack_stand_in

ALERTS = "C0ALERTS1"
"""The channel that the page opens first."""
APP = App(
    commands=(
        Command(command="/incident", description="Declare an incident", usage_hint="[p0|p1] [what is wrong]"),
        Command(command="/slo", description="How a service does", usage_hint="[service]"),
    ),
    shortcuts=(
        Shortcut(name="New incident", kind="global", callback_id="declare"),
        Shortcut(name="Declare incident", kind="message", callback_id="declare_message"),
    ),
    events=frozenset({"app_mention", "app_home_opened"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    """What stands behind the page: Slack's stand-in, and in place of the bot one that records."""

    url: str
    slack: SlackStandIn
    bot: RecordingBot
    http: aiohttp.ClientSession

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method of the Web API as the bot."""
        headers = {"Authorization": "Bearer xoxb-stand-in"}
        async with self.http.post(
            f"{self.slack.url}/api/{method}", json=arguments, headers=headers
        ) as answer:
            said: dict[str, Any] = await answer.json()
        assert said["ok"], said
        return said

    async def post(self, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Post a message of blocks as the bot."""
        return await self.call("chat.postMessage", channel=ALERTS, text="card", blocks=blocks, **more)

    async def say(self, user: str, channel: str, text: str) -> None:
        """A person writes a message, elsewhere than in this page."""
        body = {"user": user, "channel": channel, "text": text}
        async with self.http.post(f"{self.slack.url}/control/say", json=body) as answer:
            assert answer.ok, await answer.text()

    async def react(self, name: str) -> None:
        """React as the bot to the newest message of the channel that the page shows."""
        newest = (await self.call("conversations.history", channel=ALERTS, limit=1))["messages"][0]
        await self.call("reactions.add", channel=ALERTS, timestamp=newest["ts"], name=name)

    def told(self) -> dict[str, Any]:
        """The action of the last interaction."""
        action: dict[str, Any] = self.bot.received[-1].payload["actions"][0]
        return action


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The page, and what stands behind it."""

    screen: Screen
    behind: Backstage


@asynccontextmanager
async def backstage(folder: Path) -> AsyncIterator[Backstage]:
    """Stand-ins and the page's server, on loopback, while the block runs."""
    bot = RecordingBot()
    async with (
        aiohttp.ClientSession() as http,
        slack_stand_in(SlackStandIn(app=APP)) as slack,
        served_pagerduty() as pagerduty,
        serving(bot.app()) as bot_url,
        serving(
            page_app(
                slack=slack.url,
                pagerduty=pagerduty.url,
                bot=FakeBotProcess(),
                clock=MovedClock(folder / "clock"),
                http=http,
            )
        ) as url,
    ):
        slack.connect(bot_url, SIGNING_SECRET)
        yield Backstage(url=url, slack=slack, bot=bot, http=http)


def words(text: str) -> dict[str, Any]:
    """Block Kit's plain text."""
    return {"type": "plain_text", "text": text}


def entry(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """An input block, its label being its name."""
    element = {"type": kind, "action_id": name, **more}
    return {"type": "input", "block_id": name, "label": words(name), "element": element}


OPTIONS = [{"text": words(word), "value": word} for word in ("one", "two")]
