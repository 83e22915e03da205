"""A runbook's code, as it is to be typed: its lines are kept, and nothing of it does anything."""

from __future__ import annotations

from bot.views.markup import ELLIPSIS, Markup, shortened

_FENCE = "```"
_NO_FENCE = str.maketrans({"`": "\u02cb"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LONGEST_ENTITY = 5


def code_block(code: str, limit: int) -> Markup:
    """Code in a block of its own, cut visibly at `limit`. Backticks stay; three at once would end it."""
    text = code.replace(_FENCE, _FENCE.translate(_NO_FENCE))
    cut = shortened(text, limit)
    while len(escaped := cut.translate(_ENTITIES)) > limit:
        cut = cut[: len(cut) - max(1, (len(escaped) - limit) // _LONGEST_ENTITY)]
    more = f"\n{ELLIPSIS}" if len(cut) < len(text) else ""
    return Markup(f"{_FENCE}\n{escaped}{more}\n{_FENCE}")
