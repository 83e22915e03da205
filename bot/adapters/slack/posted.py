"""Finds a message that may have been posted already, by the delivery's key in its metadata."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Effect, Errand
from bot.domain.card import MessageRef
from bot.ports.failures import PermanentFailure, TemporaryFailure

EVENT_TYPE = "opsbot_delivery"

SEARCH_SECONDS = 4.0
"""Finding out is part of a send, which must stay well within its lease."""

_PAGES = 5
_PAGE = 200
_EARLIER = timedelta(seconds=60)
"""Slack's clock and ours may differ by so much."""

_HISTORY = Errand(method="conversations.history", effect=Effect.READS)
_REPLIES = Errand(method="conversations.replies", effect=Effect.READS)

_log = logging.getLogger(__name__)


def metadata(key: str) -> dict[str, Any]:
    """What marks the message of a delivery."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def find_posted(
    connection: SlackConnection, keys: Collection[str], *, channel: str, thread: str | None, since: datetime
) -> MessageRef | None:
    """The message with one of `keys`, in a channel or in a thread of it; None where there is none.

    None as well where Slack refuses to be asked: two messages are better than none. Raises
    TemporaryFailure where it does not answer in time.
    """
    try:
        async with asyncio.timeout(SEARCH_SECONDS):
            return await _search(connection, keys, channel, thread, since - _EARLIER)
    except PermanentFailure as failure:
        _log.warning("posting without looking whether it was posted already: %s", failure.reason)
        return None
    except TimeoutError as error:
        raise TemporaryFailure("Slack was too slow to say whether it was posted already.") from error


async def _search(
    connection: SlackConnection, keys: Collection[str], channel: str, thread: str | None, oldest: datetime
) -> MessageRef | None:
    cursor: str | None = None
    for _ in range(_PAGES):
        page = await connection.call(
            _REPLIES if thread else _HISTORY,
            channel=channel,
            ts=thread,
            oldest=f"{oldest.timestamp():.6f}",
            limit=_PAGE,
            include_all_metadata=True,
            cursor=cursor,
        )
        for said in page.get("messages", ()):
            if _key_of(said) in keys:
                return MessageRef(channel=channel, ts=said["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
    return None


def _key_of(said: Mapping[str, Any]) -> str | None:
    mark = said.get("metadata") or {}
    if mark.get("event_type") != EVENT_TYPE:
        return None
    key = (mark.get("event_payload") or {}).get("key")
    return str(key) if key is not None else None
