"""What is planned: when, how, how it is validated, and how it is taken back; short, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change, Plan, Risk
from bot.domain.text import clean, duration
from bot.views.blocks import SECTION_TEXT, Block, section
from bot.views.markup import ELLIPSIS, Markup, bold, inert, length, moment

RISKS = {Risk.LOW: "low risk", Risk.MEDIUM: "medium risk", Risk.HIGH: "🟠 high risk"}

_LINES = 4
_LINE = 140
_PIECE = 500
"""Characters of a line that stay in one piece: escaped, five of each at the most."""


def when(plan: Plan, now: datetime, zone: tzinfo) -> Markup:
    """`Tue 14:00 for 30 min`."""
    return Markup(f"{moment(plan.starts, zone, day=now)} for {duration(plan.length)}")


def planned(card: ChangeCard, zone: tzinfo) -> Markup:
    """When, whether that is in a window, and how risky it is."""
    plan = card.change.plan
    parts = [f"🗓️ {bold(when(plan, card.now, zone))}"]
    if card.in_window is not None:
        parts.append("in its window" if card.in_window else f"⚠️ {bold(Markup('outside its window'))}")
    parts.append(RISKS[plan.risk])
    return Markup(" · ".join(parts))


def texts(change: Change) -> tuple[tuple[str, str], ...]:
    """What was written, each with its title."""
    plan = change.plan
    return (("Plan", plan.steps), ("Validation", plan.validation), ("Rollback", plan.rollback))


def short_texts(parts: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """The beginning of each, by line."""
    lines = [Markup(f"{bold(Markup(title))}  {_short(text)}") for title, text in parts]
    yield section(Markup("\n".join(lines)))


def whole_texts(parts: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """All of each, with its lines, in as many paragraphs as that takes."""
    for title, text in parts:
        yield from _paragraphs([bold(Markup(title)), *_lines(text)])


def _short(text: str) -> Markup:
    lines = [clean(line, _LINE) for line in text.splitlines() if line.strip()]
    shown = [inert(line, _LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown[-1] = Markup(f"{shown[-1]} {ELLIPSIS}")
    return Markup("\n".join(shown) or ELLIPSIS)


def _lines(text: str) -> Iterator[Markup]:
    for line in text.splitlines():
        plain = clean(line, len(line) + 1)
        for start in range(0, len(plain), _PIECE):
            yield inert(plain[start : start + _PIECE], _PIECE)


def _paragraphs(lines: Iterable[Markup]) -> Iterator[Block]:
    kept: list[Markup] = []
    room = SECTION_TEXT
    for line in lines:
        if length(line) + 1 > room and kept:
            yield section(Markup("\n".join(kept)))
            kept, room = [], SECTION_TEXT
        kept.append(line)
        room -= length(line) + 1
    if kept:
        yield section(Markup("\n".join(kept)))
