"""Text for Slack's mrkdwn: what comes from outside is made inert, what the bot means is written by it.

`Markup` is text that may be parsed by Slack; `str` is text that may not. Only this module turns the one
into the other. Every text object that carries markup is `verbatim`, so that Slack makes no links or
mentions of its own from plain words (`https://…`, `#general`, `@here`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NewType
from urllib.parse import quote

from bot.domain.guide import Mention
from bot.domain.text import TITLE_LIMIT, clean

Markup = NewType("Markup", str)
"""Text in Slack's mrkdwn that is safe to be parsed."""

ELLIPSIS = "…"
NOTHING = "–"  # noqa: RUF001 - a dash where a text is empty

_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI_CODE = re.compile(r":(?=[\w+'-]*[^\W\d][\w+'-]*:)")
_QUOTE = re.compile(r"^>")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")
_PARTIAL = re.compile(r"(?:<[^<>]*|&[a-z]{0,4})$")
_SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,20}")
_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"


def inert(text: str, limit: int = TITLE_LIMIT) -> Markup:
    """Text from outside that reads as it was written, and does nothing.

    `& < >` are escaped, so that no mention, link or date begins; what would format (`*bold*`, backticks,
    `:emoji:`, a quote) is replaced by characters that look alike.
    """
    return _escaped(_unformatted(clean(text, limit))) or Markup(NOTHING)


def said(text: str, limit: int = 2500) -> Markup:
    """A text of the bot's own services, with what people wrote in it: only its `code` is formatted."""
    lines = (clean(line, limit) for line in text.splitlines())
    return cut(Markup("\n".join(_said(line) for line in lines if line)) or Markup(NOTHING), limit)


def code(text: str, limit: int) -> Markup:
    """Text from outside in a code block."""
    return Markup(f"```{_escaped(clean(text, limit).replace('`', chr(0x2CB))) or NOTHING}```")


def bold(text: Markup) -> Markup:
    """The text in bold."""
    return Markup(f"*{text}*")


def link(url: str | None, text: str) -> Markup:
    """A link of the guide; only the text where there is no web address to go to."""
    if url is None or not _URL.match(url):
        return inert(text)
    return Markup(f"<{quote(url, safe=_URL_SAFE, errors='replace').replace('&', '&amp;')}|{inert(text, 75)}>")


def mention(who: Mention) -> Markup:
    """The mentions that notify these groups and people; empty where there is nobody."""
    groups = (f"<!subteam^{group}>" for group in who.groups if _SLACK_ID.fullmatch(group))
    people = (f"<@{person}>" for person in who.people if _SLACK_ID.fullmatch(person))
    return Markup(" ".join((*groups, *people)))


def moment(at: datetime, zone: tzinfo, *, day: datetime | None = None) -> Markup:
    """An instant in the reader's own time zone; only the time where it is on the local day of `day`.

    Where Slack cannot show it, it reads in `zone`, by name.
    """
    near = day is not None and _local_day(day, zone) == _local_day(at, zone)
    shown = "{time}" if near else "{date_short_pretty} at {time}"
    return Markup(f"<!date^{int(at.timestamp())}^{shown}|{plain_moment(at, zone, day=day)}>")


def since(at: datetime, zone: tzinfo, *, day: datetime | None = None) -> Markup:
    """The same, and how long ago that is while it is read."""
    return Markup(moment(at, zone, day=day).replace("|", " ({ago})|", 1))


def plain_moment(at: datetime, zone: tzinfo, *, day: datetime | None = None) -> str:
    """An instant in words, in `zone`: `03:17 EST`, or `2026-11-24 03:17 EST` on another day."""
    local = at.astimezone(zone)
    near = day is not None and _local_day(day, zone) == local.date()
    return f"{local:%H:%M} {local.tzname()}" if near else f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def joined(parts: Iterable[Markup], separator: str, limit: int) -> Markup:
    """The parts, as many of them as fit whole; then how many more there are."""
    listed = list(parts)
    shown: list[str] = []
    room = limit - 12
    for part in listed:
        room -= length(part) + len(separator)
        if room < 0:
            break
        shown.append(part)
    left = len(listed) - len(shown)
    return Markup(separator.join([*shown, *([f"+{left} more"] if left else [])]))


def cut(text: Markup, limit: int) -> Markup:
    """The text within `limit`, never ending within a token or an entity."""
    if length(text) <= limit:
        return text
    return Markup(_PARTIAL.sub("", shortened(text, limit - 1)).rstrip() + ELLIPSIS)


def shortened(text: str, limit: int) -> str:
    """The beginning of a text that is at most `limit` long, as Slack counts."""
    if length(text) <= limit:
        return text
    kept = text[:limit]
    while length(kept) > limit:
        kept = kept[: len(kept) - max(1, (length(kept) - limit) // 2)]
    return kept


def length(text: str) -> int:
    """A text's length in UTF-16 units, the strictest way in which Slack may count."""
    return len(text) + sum(character > "\uffff" for character in text)


def _said(line: str) -> str:
    if line.count("`") % 2:
        return _escaped(_unformatted(line))
    parts = _CODE_SPAN.split(line)
    return "".join(
        _escaped(part) if _CODE_SPAN.fullmatch(part) else _escaped(_unformatted(part)) for part in parts
    )


def _escaped(text: str) -> Markup:
    return Markup(text.translate(_ENTITIES))


def _unformatted(text: str) -> str:
    text = _QUOTE.sub("\u203a", text.translate(_LOOKALIKES))
    return _EMOJI_CODE.sub("\u2236", _EDGE_UNDERSCORE.sub("\u02cd", text))


def _local_day(at: datetime, zone: tzinfo) -> object:
    return at.astimezone(zone).date()
