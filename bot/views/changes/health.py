"""How a service did before it was changed, and since, by what was promised of it."""

from __future__ import annotations

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.health import HealthLine, Trend
from bot.domain.changes.looking import trend
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
    if after is None:
        assert before is not None
        return Markup(f"{_kept(before)} {inert(before.title, _TITLE)}: {inert(before.said, _SAID)}")
    was = inert(before.said, _SAID) if before else Markup(NOTHING)
    mark, word = _of(trend(before, after), after)
    told = f"{mark} {inert(after.title, _TITLE)}: {was} → {bold(inert(after.said, _SAID))}"
    return Markup(f"{told}{f' · {word}' if word else ''}")


def _of(became: Trend, after: HealthLine) -> tuple[str, str]:
    """What became of a number, as an emoji and a word."""
    match became:
        case Trend.WORSE:
            return "🟠", "worse"
        case Trend.BETTER:
            return "🟢", "better"
        case Trend.SAME:
            return _kept(after), "not kept before, either" if after.kept is False else ""
        case Trend.UNKNOWN:
            return "⚪", "not comparable" if after.value is not None else ""


def _kept(line: HealthLine) -> str:
    if line.value is None:
        return "⚪"
    return {True: "🟢", False: "🟠", None: "▫️"}[line.kept]
