"""Lists of runbooks: all, by the guide's sections; what a search has found; what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.domain.guide import Runbook
from bot.domain.runbooks.search import Found, Match
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.markup import Markup, bold, inert, joined, link
from bot.views.runbooks.buttons import book_buttons
from bot.views.runbooks.help import COMMAND

NO_FOLDER = Markup(
    "Only their names are known: set `runbooks.base` or `runbooks.folder` in the guide, and `/runbook` shows "
    "what they say."
)

_SECTION = 2900
_NAME = 150
_MOST_FOUND = 20
_WHY = {
    Match.NAME: "its name",
    Match.BEGINS: "its name",
    Match.SERVICE: "its service",
    Match.TAG: "a tag",
    Match.TITLE: "its title",
    Match.TEXT: "its text",
}


def runbook_list(books: Iterable[Runbook], *, is_there: bool) -> Message:
    """All of them. `is_there`: what they say can be read."""
    blocks: list[Block] = [header("Runbooks")]
    for title, group in groupby(books, key=lambda book: book.section):
        lines = joined((_line(book) for book in group), "\n", _SECTION - 200)
        blocks.append(section(Markup(f"{bold(inert(title, _NAME))}\n{lines}")))
    how = f"`{COMMAND} payment` shows the best that fits; `{COMMAND} search failover` looks into the texts."
    blocks.append(context(Markup(how) if is_there else NO_FOLDER))
    return message(Markup("Runbooks, by section"), blocks)


def search_result(
    words: str, found: Sequence[Found], unread: Sequence[Runbook], *, is_there: bool
) -> Message:
    """What holds the words, and why each is there."""
    asked = inert(words, 100)
    if not found:
        text = Markup(f"No runbook holds “{asked}”.")
    else:
        text = Markup(f"{len(found)} runbook{'s' if len(found) > 1 else ''} for “{asked}”")
    lines = [Markup(f"{_line(one.runbook)}: {_WHY[one.match]}") for one in found[:_MOST_FOUND]]
    blocks = [section(Markup(f"{bold(text)}\n{joined(lines, chr(10), _SECTION - 300)}" if lines else text))]
    blocks += book_buttons(one.runbook for one in found)
    if unread:
        names = joined((inert(book.title, _NAME) for book in unread), ", ", 1500)
        blocks.append(context(Markup(f"Not looked into, as they could not be read: {names}")))
    elif not is_there:
        blocks.append(context(NO_FOLDER))
    return message(text, blocks)


def not_found(words: str, nearest: Sequence[Runbook]) -> Message:
    """Nothing is called so, or holds it; the nearest that there are, each as a button."""
    text = Markup(f"No runbook is called “{inert(words, 100)}”, or holds that.")
    if nearest:
        text = Markup(f"{text} Did you mean one of these?")
    shown = context(Markup(f"`{COMMAND}` lists them all, `{COMMAND} search words` looks into the texts."))
    return message(text, [section(text), *book_buttons(nearest), shown])


def _line(book: Runbook) -> Markup:
    tags = f" · {inert(', '.join(book.tags), _NAME)}" if book.tags else ""
    return Markup(f"{link(book.url, book.title)}  `{inert(book.key, 100)}`{tags}")
