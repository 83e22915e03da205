"""A runbook that is worked through in an incident: its steps, each with its button, and who did which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from bot.domain.incident import Incident
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from bot.views.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    Style,
    button,
    context,
    header,
    message,
    section,
    text_length,
)
from bot.views.markup import Markup, inert, joined, link, moment, said
from bot.views.runbooks.buttons import CHECK, REOPEN, Pressed, encode
from bot.views.runbooks.page import SIZES, heading, step_words
from bot.views.status import name, public_name

_ROOM = MESSAGE_TEXT - 1500
_DONE_WORDS = 150


def worked_runbook(
    opened: OpenedRunbook, incident: Incident, *, redacted: bool = False, zone: tzinfo = UTC
) -> Message:
    """Its message as it is now. `redacted`: outsiders read there, and are told that there is one, no more."""
    if redacted:
        text = Markup(f"{inert(public_name(incident))}: a runbook is open in its own channel.")
        return message(text, [section(text)])
    text = Markup(f"{inert(opened.title)} in {inert(incident.label)}: {opened.progress}")
    how = Markup(
        f"{inert(incident.label)} · opened by {name(opened.opened_by)}, {moment(opened.opened_at, zone)} · "
        f"*{opened.progress}*"
    )
    return message(
        text, [header(opened.title), context(how), *_steps(opened, zone), context(_document(opened))]
    )


def _steps(opened: OpenedRunbook, zone: tzinfo) -> list[Block]:
    """Every step, with as much of its words and code as there is room for."""
    shown: list[Block] = []
    for words, code in SIZES:
        shown = list(_laid_out(opened, zone, words, code))
        if sum(map(text_length, shown)) <= _ROOM:
            break
    return shown


def _laid_out(opened: OpenedRunbook, zone: tzinfo, words: int, code: int) -> Iterator[Block]:
    before: str | None = None
    following = next((one.step.position for one in opened.steps if not one.is_done), None)
    for one in opened.steps:
        if one.is_done:
            text = Markup(f"{heading(one.step, before)}{_done(one, opened, zone)}")
        else:
            text = step_words(one.step, before=before, words=words, code=code)
        before = one.step.section
        yield section(text, accessory=_button(opened, one, following))


def _done(one: OpenStep, opened: OpenedRunbook, zone: tzinfo) -> Markup:
    who = f" · {name(one.done_by)}" if one.done_by else ""
    when = f", {moment(one.done_at, zone, day=opened.opened_at)}" if one.done_at else ""
    return Markup(f"✅ {one.step.position}. {said(one.step.title, _DONE_WORDS)}{who}{when}")


def _button(opened: OpenedRunbook, one: OpenStep, following: int | None) -> Block:
    position = one.step.position
    value = encode(Pressed(opened=opened.id, position=position))
    if one.is_done:
        return button("Reopen", REOPEN, value, spoken=f"Reopen step {position}")
    style: Style | None = "primary" if position == following else None
    return button("Done", CHECK, value, style=style, spoken=f"Step {position} is done")


def _document(opened: OpenedRunbook) -> Markup:
    parts = [link(opened.url, "The whole document")] if opened.url else []
    if opened.left:
        parts.append(Markup(f"{opened.left} more step{'s' if opened.left > 1 else ''} in the document"))
    parts.append(Markup(f"`/runbook show {inert(opened.runbook, 100)}`: as it reads now"))
    return joined(parts, " · ", 1500)
