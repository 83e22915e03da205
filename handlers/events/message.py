"""What messages have in common, however they reach the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_from_a_person(event: Mapping[str, Any]) -> bool:
    """Whether a person wrote it, and not a bot: not even this one."""
    is_bot = event.get("bot_id") is not None or event.get("subtype") == "bot_message"
    return not is_bot and isinstance(event.get("user"), str) and isinstance(event.get("channel"), str)


def bot_of(body: Mapping[str, Any]) -> str | None:
    """The user id under which the bot is installed, as the event tells it."""
    match body.get("authorizations"):
        case [{"user_id": str(user_id)}, *_]:
            return user_id
        case _:
            return None
