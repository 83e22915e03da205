"""Pins, reactions and bookmarks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.manifest import App
from tests.support.slack import slack_stand_in

ALERTS, GENERAL = "C0ALERTS1", "C0GENERAL"
LINK = {"title": "Runbook", "type": "link", "link": "https://example.com/runbook"}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(app=App())) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])


@pytest.fixture
async def card(client: AsyncWebClient) -> dict[str, Any]:
    posted = await client.chat_postMessage(channel=ALERTS, text="P0 checkout is down")
    return {"channel": ALERTS, "timestamp": str(posted["ts"])}


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_a_pin_is_listed_and_told_in_the_channel(
    slack: SlackStandIn, client: AsyncWebClient, card: dict[str, Any]
) -> None:
    await client.pins_add(**card)
    [item] = (await client.pins_list(channel=ALERTS))["items"]
    assert (item["type"], item["message"]["ts"]) == ("message", card["timestamp"])
    assert item["created_by"] == "U0OPSBOT1"
    assert item["message"]["pinned_to"] == [ALERTS]
    assert slack.messages_in(ALERTS)[-1].subtype == "pinned_item"


async def test_a_pin_is_set_and_taken_once(client: AsyncWebClient, card: dict[str, Any]) -> None:
    assert await refusal(client.pins_remove(**card)) == "no_pin"
    await client.pins_add(**card)
    assert await refusal(client.pins_add(**card)) == "already_pinned"
    await client.pins_remove(**card)
    assert (await client.pins_list(channel=ALERTS))["items"] == []


async def test_what_slack_says_itself_cannot_be_pinned(
    slack: SlackStandIn, client: AsyncWebClient, card: dict[str, Any]
) -> None:
    await client.pins_add(**card)
    note = slack.messages_in(ALERTS)[-1]
    assert await refusal(client.pins_add(channel=ALERTS, timestamp=note.ts)) == "not_pinnable"


async def test_a_channel_has_at_most_100_pins(slack: SlackStandIn, client: AsyncWebClient) -> None:
    for number in range(100):
        said = slack.say("ana", ALERTS, str(number))
        slack.workspace.pin(said, said.user)
    said = slack.say("ana", ALERTS, "one more")
    assert await refusal(client.pins_add(channel=ALERTS, timestamp=said.ts)) == "too_many_pins"


async def test_reactions_are_counted_by_name(
    slack: SlackStandIn, client: AsyncWebClient, card: dict[str, Any]
) -> None:
    await client.reactions_add(**card, name="eyes")
    slack.workspace.react(slack.messages[0], "U0ANA0001", "eyes")
    got = await client.reactions_get(**card)
    listed = await client.reactions_list(user="U0ANA0001")
    assert got["message"]["reactions"] == [{"name": "eyes", "users": ["U0OPSBOT1", "U0ANA0001"], "count": 2}]
    assert [item["message"]["ts"] for item in listed["items"]] == [card["timestamp"]]


async def test_a_reaction_is_put_and_taken_once(client: AsyncWebClient, card: dict[str, Any]) -> None:
    assert await refusal(client.reactions_remove(**card, name="eyes")) == "no_reaction"
    await client.reactions_add(**card, name="eyes")
    assert await refusal(client.reactions_add(**card, name="eyes")) == "already_reacted"
    await client.reactions_remove(**card, name="eyes")
    assert "reactions" not in (await client.reactions_get(**card))["message"]


async def test_a_reaction_has_an_emojis_name(client: AsyncWebClient, card: dict[str, Any]) -> None:
    assert await refusal(client.reactions_add(**card, name=":eyes:")) == "invalid_name"
    assert (await client.reactions_add(**card, name="thumbsup::skin-tone-3"))["ok"]


async def test_one_user_puts_23_reactions_under_a_message(
    client: AsyncWebClient, card: dict[str, Any]
) -> None:
    for number in range(23):
        await client.reactions_add(**card, name=f"e{number}")
    assert await refusal(client.reactions_add(**card, name="e23")) == "too_many_reactions"


@pytest.mark.parametrize("method", ["pins.add", "pins.remove", "reactions.add", "reactions.remove"])
@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({"channel": ALERTS}, "no_item_specified"),
        ({"channel": ALERTS, "timestamp": "yesterday"}, "bad_timestamp"),
        ({"channel": ALERTS, "timestamp": "1.000001"}, "message_not_found"),
        ({"channel": GENERAL, "timestamp": "1.000001"}, "not_in_channel"),
        ({"channel": "C0NOWHERE", "timestamp": "1.000001"}, "channel_not_found"),
        ({"channel": "C0LEADER1", "timestamp": "1.000001"}, "is_archived"),
    ],
)
async def test_an_item_that_is_out_of_reach_is_refused(
    slack: SlackStandIn, client: AsyncWebClient, method: str, item: dict[str, str], error: str
) -> None:
    slack.workspace.channels["C0LEADER1"].archived = True
    assert await refusal(client.api_call(method, params={"name": "eyes", **item})) == error


async def test_a_bookmark_is_kept_changed_and_removed(slack: SlackStandIn, client: AsyncWebClient) -> None:
    added = (await client.bookmarks_add(channel_id=ALERTS, emoji=":book:", **LINK))["bookmark"]
    await client.bookmarks_edit(channel_id=ALERTS, bookmark_id=added["id"], title="How to")
    [kept] = (await client.bookmarks_list(channel_id=ALERTS))["bookmarks"]
    assert (kept["title"], kept["link"], kept["emoji"]) == ("How to", LINK["link"], ":book:")
    await client.bookmarks_remove(channel_id=ALERTS, bookmark_id=added["id"])
    assert slack.workspace.channels[ALERTS].bookmarks == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"type": "file"}, "invalid_bookmark_type"),
        ({"link": "javascript:alert(1)"}, "invalid_link"),
        ({"link": ""}, "invalid_link"),
        ({"emoji": "book"}, "invalid_emoji"),
        ({"title": ""}, "invalid_arguments"),
        ({"channel_id": GENERAL}, "not_in_channel"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "C0LEADER1"}, "is_archived"),
    ],
)
async def test_some_bookmarks_are_refused(
    slack: SlackStandIn, client: AsyncWebClient, args: dict[str, str], error: str
) -> None:
    slack.workspace.channels["C0LEADER1"].archived = True
    call = client.api_call("bookmarks.add", params={"channel_id": ALERTS, **LINK, **args})
    assert await refusal(call) == error


async def test_a_channel_has_at_most_100_bookmarks(client: AsyncWebClient) -> None:
    for _ in range(100):
        await client.bookmarks_add(channel_id=ALERTS, **LINK)
    assert await refusal(client.bookmarks_add(channel_id=ALERTS, **LINK)) == "too_many_bookmarks"


async def test_a_bookmark_that_is_not_there_is_not_found(client: AsyncWebClient) -> None:
    gone = {"channel_id": ALERTS, "bookmark_id": "Bk0"}
    assert await refusal(client.bookmarks_remove(**gone)) == "not_found"
    assert await refusal(client.bookmarks_edit(**gone, title="x")) == "not_found"
