"""Text as Slack sends it: whom it mentions, and what follows a mention. `plain` makes it plain.

https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re

from bot.domain.actor import Actor
from bot.views.spoken import TEXT_LIMIT as TEXT_LIMIT  # noqa: PLC0414 - handlers read text from here
from bot.views.spoken import plain as plain  # noqa: PLC0414

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")


def escaped(text: str) -> str:
    """Plain text as Slack would send it: the inverse of `plain`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def people_in(text: str) -> tuple[Actor, ...]:
    """Who is mentioned in a text as Slack sends it, in order; by id where Slack tells no name."""
    found = _PERSON.finditer(text)
    return tuple(Actor(id=one[1], name=plain(one[2] or one[1]).removeprefix("@")) for one in found)


def after_mention(text: str, user_id: str | None) -> str:
    """What follows the first mention of `user_id` in a message's text; all of it where there is none.

    Without `user_id` the first mention of anybody counts.
    """
    who = re.escape(user_id) if user_id else "[A-Z0-9]+"
    mention = re.search(rf"<@{who}(?:\|[^<>]*)?>", text)
    return text[mention.end() :] if mention else text
