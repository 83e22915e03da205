"""The changes of production that an incident, or an alert, may come of: on its card."""

from __future__ import annotations

from bot.domain.card import LinkedChange
from bot.views.blocks import FIELD_TEXT
from bot.views.markup import Markup, inert, joined, link

_NAME = 80
_ON_CARD = 3


def changes_on_card(changes: tuple[LinkedChange, ...]) -> Markup:
    """`CH12 New checkout (Payment Service), started 4 min before`, with links to their cards."""
    listed = [_in_short(one) for one in changes[:_ON_CARD]]
    left = len(changes) - len(listed)
    more = [Markup(f"+{left} more")] if left > 0 else []
    return joined([*listed, *more], "\n", FIELD_TEXT - 100)


def _in_short(change: LinkedChange) -> Markup:
    of = f" ({inert(change.service, _NAME)})" if change.service else ""
    when = "over" if change.ended else "started"
    how_long = f"{change.minutes} min" if change.minutes else "less than a minute"
    return Markup(
        f"{link(change.url, change.label)} {inert(change.title, _NAME)}{of}, {when} {how_long} before"
    )
