"""What Slack tells a bot, and how it refuses one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import App, SlackStandIn
from tests.support.slack import SIGNING_SECRET, RecordingBot, SteppedClock, serving, slack_stand_in

ANA, LEE, DIA, SAM, GUS, BOT = (
    "U0ANA0001",
    "U0LEE0001",
    "U0DIA0001",
    "U0SAM0001",
    "U0GUS0001",
    "U0OPSBOT1",
)
GENERAL, ALERTS, SECURE = "C0GENERAL", "C0ALERTS1", "C0SECURE1"


@asynccontextmanager
async def installed(
    app: App, bot: RecordingBot, clock: SteppedClock | None = None
) -> AsyncIterator[SlackStandIn]:
    """A stand-in with this app in it, which is served by `bot`."""
    served = SlackStandIn(app=app, clock=clock or SteppedClock(), redelivery_seconds=(0.0, 0.0, 0.0))
    async with serving(bot.app()) as url, slack_stand_in(served) as slack:
        slack.connect(url, SIGNING_SECRET)
        yield slack


def client_of(slack: SlackStandIn) -> AsyncWebClient:
    """A client with the bot's token."""
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/")


async def refusal(call: Awaitable[Any]) -> str:
    """Slack's name for why it refuses a call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def told(slack: SlackStandIn, bot: RecordingBot) -> list[dict[str, Any]]:
    """The events that the bot was told since it was asked last, in the order in which they happened."""
    await slack.settled()
    payloads = [received.payload for received in bot.received if received.body.startswith("{")]
    bot.received.clear()
    return sorted((payload["event"] for payload in payloads), key=lambda event: str(event["event_ts"]))


def kinds(events: list[dict[str, Any]]) -> list[str]:
    """What each event is: its subtype, or else its type."""
    return [str(event.get("subtype") or event["type"]) for event in events]
