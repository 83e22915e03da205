"""Slack's lists, which come page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Errand

_PAGE = 1000
_MOST_PAGES = 100


async def every_page(
    connection: SlackConnection, errand: Errand, field: str, **arguments: Any
) -> list[Mapping[str, Any]]:
    """What all pages of a list hold under `field`. Raises DeliveryFailure's subclasses."""
    rows: list[Mapping[str, Any]] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await connection.call(errand, limit=_PAGE, cursor=cursor, **arguments)
        rows += page.get(field) or ()
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return rows
