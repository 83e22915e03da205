"""The lines of a Home tab about changes: the window, and what is changed today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.domain.home import HomeChange, HomeChanges, HomeTab
from bot.views.changes.states import change_emoji, change_word
from bot.views.markup import Markup, bold, cut, inert, link, moment
from bot.views.status import NAME_LIMIT

_TITLE = 120
_LINE = 500


def change_lines(changes: HomeChanges, tab: HomeTab, zone: tzinfo) -> Iterator[Markup]:
    """The window first, then today's changes; of those that are too many the last line says how many."""
    yield _window(changes, tab, zone)
    left = changes.in_all - len(changes.today)
    for number, change in enumerate(changes.today, start=1):
        more = f" · and {left} more: `/change calendar`" if left > 0 and number == len(changes.today) else ""
        yield Markup(f"{_line(change, tab, zone)}{more}")


def _window(changes: HomeChanges, tab: HomeTab, zone: tzinfo) -> Markup:
    kind = bold(inert(changes.kind, NAME_LIMIT))
    if changes.freeze is not None and changes.frozen_until is not None:
        until = moment(changes.frozen_until, zone, day=tab.at)
        opens = f"; {kind} opens {moment(changes.opens, zone, day=tab.at)}" if changes.opens else ""
        return cut(Markup(f"🧊 Frozen until {until}: {inert(changes.freeze, _TITLE)}{opens}"), _LINE)
    if changes.until is not None:
        return Markup(f"🟢 {kind} may start until {moment(changes.until, zone, day=tab.at)}")
    if changes.anytime:
        return Markup(f"🟢 {kind} may start at any time")
    if changes.opens is None:
        return Markup(f"▫️ {kind}: no window is planned")
    return Markup(f"▫️ {kind} may start next from {moment(changes.opens, zone, day=tab.at)}")


def _line(change: HomeChange, tab: HomeTab, zone: tzinfo) -> Markup:
    named = link(change.url, change.label)
    parts = [bold(named), inert(change.title, _TITLE), inert(change.service, NAME_LIMIT)]
    parts += [moment(change.at, zone, day=tab.at), inert(change_word(change.state).lower())]
    return cut(Markup(f"{change_emoji(change.state)} {' · '.join(parts)}"), _LINE)
