"""Text as Slack sends it, made plain: escapes, mentions, links and typographic quotes.

https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re

from bot.domain.text import clean

TEXT_LIMIT = 8000
"""Characters of a line that are read."""

_TOKEN = re.compile(r"<([^<>]*)>")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"})  # noqa: RUF001 - typed so


def plain(text: str) -> str:
    """What the person typed, on one line.

    Slack puts what it understood between `<` and `>`, and sends those that were typed as entities.
    """
    readable = _TOKEN.sub(lambda token: _words(token[1]), text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        readable = readable.replace(entity, character)
    return clean(readable.translate(_QUOTES), TEXT_LIMIT)


def _words(token: str) -> str:
    target, _, label = token.partition("|")
    match target[:1]:
        case "@" | "#":
            return target[:1] + (label.removeprefix(target[:1]) or target[1:])
        case "!":
            return label or "@" + target[1:].partition("^")[0]
        case _:
            return _link(target, label)


def _link(target: str, label: str) -> str:
    if not label:
        return target
    typed = target.removeprefix("mailto:").removeprefix("http://").removeprefix("https://").rstrip("/")
    return label if label.rstrip("/") in {typed, target.rstrip("/")} else f"{label} ({target})"
