"""How a service did before it was changed, and since, by what was promised of it."""

from __future__ import annotations

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.health import HealthLine
from bot.views.markup import NOTHING, Markup, bold, inert

_TITLE = 60
_SAID = 60
_MOST = 10
_WHY = 300


def health_lines(card: ChangeCard) -> Markup | None:
    """A line for each number, before and since; None where nothing was looked at."""
    change = card.change
    before = {one.key: one for one in change.before}
    after = {one.key: one for one in change.after}
    keys = list(dict.fromkeys((*before, *after)))[:_MOST]
    lines = [_line(before.get(key), after.get(key)) for key in keys]
    if change.health_trouble:
        lines.append(Markup(f"⚪ {inert(change.health_trouble, _WHY)}"))
    if not lines:
        return None
    title = "Health before → since" if after else "Health before"
    return Markup("\n".join([bold(Markup(title)), *lines]))


def _line(before: HealthLine | None, after: HealthLine | None) -> Markup:
    now = after or before
    assert now is not None
    was = inert(before.said, _SAID) if before else Markup(NOTHING)
    told = Markup(f"{was} → {bold(inert(after.said, _SAID))}") if after else was
    return Markup(f"{_mark(now)} {inert(now.title, _TITLE)}: {told}")


def _mark(line: HealthLine) -> str:
    if line.kept is None:
        return "▫️" if line.value is not None else "⚪"
    return "🟢" if line.kept else "🟠"
