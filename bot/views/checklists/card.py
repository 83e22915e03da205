"""A run's card: the one message that shows it, read in two seconds at nine in the morning on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from bot.domain.actor import OPSBOT, Actor
from bot.domain.checklists.card import EarlierProblem, RunCard
from bot.domain.checklists.run import Run, RunItem, RunState
from bot.domain.evidence import Judgement
from bot.views.blocks import (
    FIELD_TEXT,
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    SECTION_TEXT,
    Block,
    Message,
    context,
    header,
    message,
    section,
    text_length,
)
from bot.views.checklists.buttons import run_buttons
from bot.views.checklists.evidence import not_fine
from bot.views.checklists.items import ON_CARD, declared_words, item_blocks
from bot.views.checklists.progress import facts, local_day, outcome, plain_facts, run_emoji, why_now
from bot.views.incident import runbook
from bot.views.markup import Markup, bold, inert, joined, moment
from bot.views.status import name

_TITLE = 100
_PURPOSE = 150
_TEAM = 60
_EARLIER = 200
_MOST_EARLIER = 10
_NOT_FINE = 3
_SOMEBODY = Actor(id=OPSBOT.id, name="somebody")
"""Whose it is, where it is not told whose: that nobody had it would not be true."""
_NOTE = 100
"""Characters that a note on what is left out takes."""


def run_card(card: RunCard, *, redacted: str | None = None, zone: tzinfo = UTC) -> Message:
    """The card as it is now.

    `redacted` is the reason why nothing is shown here of what people wrote and of what was found. `zone` is
    the guide's, for days, and for times where Slack cannot show the reader's own.
    """
    shown = card if redacted is None else without_texts(card)
    above = [header(_headline(shown, zone)), _facts(shown, zone)]
    below = [*_earlier(shown), *run_buttons(shown.run), _links(shown, zone)]
    if redacted is not None:
        below.append(context(inert(redacted, 300)))
    return message(one_line(shown, zone), [*above, *_that_fit(shown, zone, above, below), *below])


def one_line(card: RunCard, zone: tzinfo) -> Markup:
    """All of it in words, for notifications and screen readers."""
    run = card.run
    parts = [f"{run.title}, {local_day(run.planned_at, zone)} ({run.label}): {plain_facts(card, zone)}"]
    if run.is_open:
        parts += _judged(run)
        parts += [f"open: {', '.join(f'{item.position} {item.title}' for item in run.open_items)}"]
    found = outcome(run)
    parts += [found] if found else []
    parts += [f"{len(card.earlier)} open from before"] if card.earlier else []
    return Markup(". ".join(inert(part, 900) for part in parts))


def _judged(run: Run) -> list[str]:
    """What is not fine, and how much could not be seen."""
    bad = not_fine(run.open_items)
    count = sum(one.judgement is Judgement.UNKNOWN for item in run.open_items for one in item.found)
    verb = "value is" if len(bad) == 1 else "values are"
    named = "; ".join(bad[:_NOT_FINE])
    more = f"; +{len(bad) - _NOT_FINE} more" if len(bad) > _NOT_FINE else ""
    told = [f"{len(bad)} {verb} not fine: {named}{more}"] if bad else []
    return [*told, *([f"{count} not known"] if count else [])]


def _headline(card: RunCard, zone: tzinfo) -> str:
    run = card.run
    return f"{run_emoji(run)} {run.title[:_TITLE]} · {local_day(run.planned_at, zone)}"


def _facts(card: RunCard, zone: tzinfo) -> Block:
    why = why_now(card.run, zone)
    return context(facts(card, zone), *([why] if why else []))


def _that_fit(card: RunCard, zone: tzinfo, above: Sequence[Block], below: Sequence[Block]) -> Iterator[Block]:
    """The items in as much detail as there is room for; in the least of it, as many as there is room for."""
    used = sum(map(text_length, (*above, *below)))
    places, room = MESSAGE_BLOCKS - len(above) - len(below), MESSAGE_TEXT - used
    blocks: list[Block] = []
    for detail in ON_CARD:
        blocks = list(item_blocks(card, zone, detail))
        if len(blocks) <= places and sum(map(text_length, blocks)) <= room:
            yield from blocks
            return
    yield from _first(card, blocks, places - 1, room - _NOTE)


def _first(card: RunCard, blocks: Sequence[Block], places: int, room: int) -> Iterator[Block]:
    for block in blocks[:places]:
        room -= text_length(block)
        if room < 0:
            break
        yield block
    yield context(Markup(f"There is more: `/checklist show {card.run.label}` has all of it"))


def _earlier(card: RunCard) -> Iterator[Block]:
    """What earlier runs have found, and nobody has closed."""
    if not card.earlier:
        return
    lines = [_earlier_line(one, card) for one in card.earlier[:_MOST_EARLIER]]
    left = len(card.earlier) - len(lines)
    more = [Markup(f"+{left} more: `/checklist problems` has all of them")] if left else []
    title = bold(Markup("Still open from before"))
    yield section(joined([title, *lines, *more], "\n", SECTION_TEXT - 100))


def _earlier_line(earlier: EarlierProblem, card: RunCard) -> Markup:
    problem = earlier.problem
    incident = declared_words(problem, card.incidents)
    told = f"{inert(earlier.item, 80)}: {inert(problem.text, _EARLIER)}{incident} · {name(problem.found_by)}"
    return Markup(f"⚠️ {bold(inert(f'{earlier.run} {earlier.position}'))} {told}")


def _links(card: RunCard, zone: tzinfo) -> Block:
    """Where to look, whose it is, how old the evidence is, and when it comes again."""
    run = card.run
    parts = [inert(f"{run.label} · {run.purpose}", _PURPOSE), inert(card.team, _TEAM)]
    if card.runbook is not None:
        parts.append(Markup(f"Runbook: {runbook(card.runbook)}"))
    if run.is_open and any(item.evidence for item in run.items):
        parts.append(_evidence_age(run, zone))
    if run.state is RunState.DONE and card.next_at is not None:
        parts.append(Markup(f"Next: {moment(card.next_at, zone)}"))
    return context(joined(parts, " · ", FIELD_TEXT - 100))


def _evidence_age(run: Run, zone: tzinfo) -> Markup:
    if run.evidence_at is None:
        return Markup("Evidence follows")
    return Markup(f"Evidence of {moment(run.evidence_at, zone, day=run.begun_at)}")


def without_texts(card: RunCard) -> RunCard:
    """The same without what people wrote, who they are, and what was found: the rest is the guide's."""
    owner = _SOMEBODY if card.run.owner else None
    run = replace(card.run, owner=owner, asked_by=None, items=tuple(_bare(item) for item in card.run.items))
    return replace(card, run=run, earlier=(), incidents={})


def _bare(item: RunItem) -> RunItem:
    return replace(item, evidence=(), found=(), owner=None, by=None, at=None, reason=None, problem=None)
