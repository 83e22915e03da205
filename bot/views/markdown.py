"""Text for Markdown files: what comes from outside is made inert."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.text import clean

_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|^[#+-])")
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINE_LIMIT = 2000


def plain(text: str) -> str:
    """Text from outside, on one line, that reads as it was written and formats nothing."""
    return _EDGE_UNDERSCORE.sub(r"\\_", _SPECIAL.sub(r"\\\1", clean(text, _LINE_LIMIT)))


def bullets(lines: Iterable[str], otherwise: str) -> str:
    """A list, a line each; `otherwise`, in italics, where there is none."""
    listed = "\n".join(f"- {line}" for line in lines)
    return listed or f"*{otherwise}*"
