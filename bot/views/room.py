"""What an incident's own channel shows at its top: the topic, and links."""

from __future__ import annotations

from bot.domain.text import clean
from bot.views.markup import Markup, inert

TOPIC_LIMIT = 250
BOOKMARK_LIMIT = 80


def topic_line(topic: str) -> Markup:
    """The topic: Slack makes mentions and links of what looks like them."""
    return inert(topic, TOPIC_LIMIT)


def bookmark_title(title: str) -> str:
    """A bookmark's title, which is shown as it is."""
    return clean(title, BOOKMARK_LIMIT)
