"""What a runbook says, step by step, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import Page, Step
from bot.domain.text import duration
from bot.views.blocks import MESSAGE_TEXT, Block, Message, context, header, message, section, text_length
from bot.views.markup import Markup, bold, inert, joined, link, said
from bot.views.runbooks.buttons import book_buttons
from bot.views.runbooks.code import code_block

SIZES = ((800, 1200), (600, 600), (400, 300), (300, 150), (180, 0))
"""Characters of a step's words and of its code: the largest with which all steps have room."""

_ROOM = MESSAGE_TEXT - 1500
_PARAGRAPH = 2900
_OTHERS = 5


def page_message(
    runbook: Runbook,
    page: Page | None,
    *,
    why: str | None = None,
    age: timedelta | None = None,
    others: Sequence[Runbook] = (),
) -> Message:
    """The runbook for whoever asks; `why` it cannot be read, where `page` is None."""
    blocks: list[Block] = [header(runbook.title)]
    if page is None:
        blocks.append(section(Markup(f"It cannot be read: {said(why or 'nobody knows why.', 500)}")))
    else:
        blocks += _told(page)
    blocks.append(context(about(runbook, page, age)))
    if others:
        names = joined((inert(book.title) for book in others), ", ", 1000)
        blocks += [context(Markup(f"Others that fit: {names}")), *book_buttons(others)]
    count = len(page.steps) if page else 0
    what = f", {count} step{'s' if count != 1 else ''}" if page else ": it cannot be read"
    return message(Markup(f"{inert(runbook.title)}{what}"), blocks)


def about(runbook: Runbook, page: Page | None, age: timedelta | None) -> Markup:
    """Where it is, how old the text is, and what is not shown of it."""
    parts = [link(runbook.url, "The whole document") if runbook.url else inert(runbook.file)]
    if age is not None:
        parts.append(Markup(f"read {inert(duration(age))} ago: it cannot be read anew"))
    if page is not None and page.left:
        parts.append(Markup(f"{page.left} more step{'s' if page.left > 1 else ''} in the document"))
    parts.append(Markup(f"`/runbook show {inert(runbook.key, 100)}`"))
    return joined(parts, " · ", 1500)


def heading(step: Step, before: str | None) -> Markup:
    """A step's section where a new one begins with it, above the step."""
    new = bool(step.section) and step.section != before
    return Markup(f"{bold(inert(step.section or '', 150))}\n" if new else "")


def step_words(step: Step, *, before: str | None, words: int, code: int) -> Markup:
    """A step's section where a new one begins, its number, what it says, and its code."""
    text = said(step.text, words)
    shown = f"\n{code_block(step.code, code)}" if step.code and code else ""
    left_out = "\n(its code is in the document)" if step.code and not code else ""
    return Markup(f"{heading(step, before)}{step.position}. {text}{shown}{left_out}")


def fitting(steps: Sequence[Step], room: int = _ROOM) -> tuple[int, int]:
    """How much of each step's words and code fits into one message."""
    for words, code in SIZES:
        if sum(text_length(section(one)) for one in _words(steps, words, code)) <= room:
            return words, code
    return SIZES[-1]


def _told(page: Page) -> list[Block]:
    blocks = [section(said(page.intro, 700))] if page.intro else []
    if not page.steps:
        none = "It has no steps: the items of numbered lists (`1.`) and of task lists (`- [ ]`) are steps."
        return [*blocks, context(Markup(none))]
    words, code = fitting(page.steps)
    return [*blocks, *_paragraphs(_words(page.steps, words, code))]


def _words(steps: Sequence[Step], words: int, code: int) -> list[Markup]:
    before: str | None = None
    shown = []
    for step in steps:
        shown.append(step_words(step, before=before, words=words, code=code))
        before = step.section
    return shown


def _paragraphs(parts: Sequence[Markup]) -> Iterator[Block]:
    """Steps that stand in one block, as many as it takes."""
    lines: list[str] = []
    room = _PARAGRAPH
    for part in parts:
        if lines and len(part) + 1 > room:
            yield section(Markup("\n".join(lines)))
            lines, room = [], _PARAGRAPH
        lines.append(part)
        room -= len(part) + 1
    if lines:
        yield section(Markup("\n".join(lines)))
