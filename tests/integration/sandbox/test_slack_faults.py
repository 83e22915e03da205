from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FaultKind, SlackStandIn
from tests.support.slack import slack_stand_in

ALERTS, LEADERSHIP = "C0ALERTS1", "C0LEADER1"


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def slack(seconds: Seconds) -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(rates=True, monotonic=seconds)) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])


async def retry_after(call: Any) -> int:
    with pytest.raises(SlackApiError) as refused:
        await call
    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    return int(refused.value.response.headers["Retry-After"])


async def test_a_channel_takes_a_burst_and_then_one_post_a_second(
    client: AsyncWebClient, seconds: Seconds
) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel=ALERTS, text="burst")
    assert await retry_after(client.chat_postMessage(channel=ALERTS, text="one too many")) == 1
    seconds.now += 1
    await client.chat_postMessage(channel=ALERTS, text="in time")


async def test_a_refused_method_stays_refused_until_retry_after_has_passed(
    client: AsyncWebClient, seconds: Seconds
) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel=ALERTS, text="burst")
    await retry_after(client.chat_postMessage(channel=ALERTS, text="one too many"))
    seconds.now += 0.5
    await retry_after(client.chat_postMessage(channel=LEADERSHIP, text="elsewhere"))
    await client.auth_test()
    seconds.now += 0.5
    await client.chat_postMessage(channel=LEADERSHIP, text="elsewhere")


async def test_a_tier_counts_by_minute(client: AsyncWebClient, seconds: Seconds) -> None:
    for _ in range(20):
        await client.users_list()
    assert await retry_after(client.users_list()) == 3
    seconds.now += 3
    await client.users_list()


async def test_the_next_calls_are_limited(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.add(FaultKind.RATELIMITED, "chat.postMessage", count=2, retry_after=30)
    assert await retry_after(client.chat_postMessage(channel=ALERTS, text="1")) == 30
    assert await retry_after(client.chat_postMessage(channel=ALERTS, text="2")) == 30
    await client.chat_postMessage(channel=ALERTS, text="3")
    assert [message.text for message in slack.messages] == ["3"]
    assert [call.error for call in slack.calls.of("chat.postMessage")] == ["ratelimited", "ratelimited", None]


async def test_a_broken_proxy_answers_without_json(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.add("status", "auth.test", status=503, count=1)
    with pytest.raises(SlackApiError) as refused:
        await client.auth_test()
    assert refused.value.response.status_code == 503


async def test_any_refusal_can_be_had(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.add("error", error="token_revoked", count=1)
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


async def test_a_cut_call_is_done_without_an_answer(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.add("cut", "chat.postMessage", count=1)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ALERTS, text="did it arrive?")
    assert [message.text for message in slack.messages] == ["did it arrive?"]


async def test_while_slack_is_down_nothing_is_done(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.add("down")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=ALERTS, text="hello?")
    slack.faults.clear()
    await client.chat_postMessage(channel=ALERTS, text="back again")
    assert [message.text for message in slack.messages] == ["back again"]


def test_delays_add_up_to_the_latency_and_to_another_fault() -> None:
    slack = SlackStandIn()
    slack.faults.latency_ms = 100
    slack.faults.add("delay", delay_ms=50, count=1)
    cut = slack.faults.add("cut", "chat.update")
    assert slack.faults.take("chat.update") == (150, cut)
    assert slack.faults.take("auth.test") == (100, None)


async def test_a_reset_begins_anew(slack: SlackStandIn, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=ALERTS, text="before")
    slack.faults.add("down")
    slack.reset()
    await client.chat_postMessage(channel=ALERTS, text="after")
    assert [message.text for message in slack.messages] == ["after"]
    assert slack.calls.counts == {"chat.postMessage": 1}
