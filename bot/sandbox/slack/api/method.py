"""What a Web API method is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import Args, World

Answer = dict[str, Any]
Item = TypeVar("Item")

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
HUNDREDS = 300
"""What Slack calls a special rate: hundreds of calls a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method: what it does, the scopes of which the token needs one, and how often it may be called.

    `a_minute` is its tier; `by_channel` paces it by channel instead.
    `app_level` methods take the app's token, all others the bot's. Of a `form_only` method Slack does not
    read a JSON body.
    """

    run: Callable[[World, Args], Answer]
    scopes: tuple[str, ...] = ()
    a_minute: int | None = None
    by_channel: bool = False
    app_level: bool = False
    form_only: bool = False


def page(items: Sequence[Item], args: Args, *, default: int = 100) -> tuple[Sequence[Item], str]:
    """The page that `limit` and `cursor` ask for, and the cursor of the next one, or an empty string."""
    start = _position(args.get("cursor"))
    end = start + args.limit(default)
    following = base64.b64encode(f"at:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).removeprefix(b"at:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
