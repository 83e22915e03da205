"""The items of a run: what is open with its evidence, what is settled on a line each, problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.domain.alert_card import LinkedIncident
from bot.domain.checklists.card import RunCard
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.evidence import Judgement, worst
from bot.views.blocks import SECTION_TEXT, Block, section
from bot.views.checklists.buttons import done_button, solved_button
from bot.views.checklists.evidence import EMOJIS, MANY, WORDS, counted, evidence_lines
from bot.views.checklists.progress import local_day
from bot.views.markup import Markup, bold, cut, inert, length, link, moment
from bot.views.status import name

_REASON = 300
_TOGETHER = 2800


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much is shown of an item: lines of evidence, their length, and that of what people wrote.

    `series` is how many numbers a line tells of many that need nobody.
    """

    lines: int
    line: int
    text: int
    series: int = 4


ALL = Detail(lines=10, line=450, text=300, series=MANY)
USUAL = Detail(lines=10, line=450, text=300)
SOME = Detail(lines=3, line=220, text=150)
LITTLE = Detail(lines=1, line=120, text=90)
LEAST = Detail(lines=0, line=0, text=60)
DETAILS = (ALL, SOME, LITTLE, LEAST)
"""From the most to the least: what somebody asked to see shows as much as there is room for."""
ON_CARD = (USUAL, SOME, LITTLE, LEAST)
"""The same for a card, which is to be read in two seconds: of many numbers that are fine one is enough."""


def item_blocks(card: RunCard, zone: tzinfo, detail: Detail) -> Iterator[Block]:
    """The items in order: a paragraph each that has a button, what needs nobody together on a line each."""
    lines: list[Markup] = []
    for item in card.run.items:
        beside, text = _button(card.run, item), item_text(card, item, zone, detail)
        if lines and (beside is not None or sum(map(length, lines)) + length(text) > _TOGETHER):
            yield section(Markup("\n".join(lines)))
            lines = []
        if beside is None:
            lines.append(text)
        else:
            yield section(text, accessory=beside)
    if lines:
        yield section(Markup("\n".join(lines)))


def item_text(card: RunCard, item: RunItem, zone: tzinfo, detail: Detail = ALL) -> Markup:
    """One item as it stands; an open one with what was found."""
    return cut(_TEXTS[item.state](card, item, zone, detail), SECTION_TEXT)


def open_item(item: RunItem, zone: tzinfo, detail: Detail = ALL) -> Markup:
    """`*1. Every service answers* · Ana has it`, and its evidence."""
    parts = [bold(_named(item, detail))]
    if item.owner is not None:
        parts.append(Markup(f"{name(item.owner)} has it"))
    if item.since is not None:
        parts.append(Markup(f"open since {local_day(item.since, zone)}"))
    lines = [Markup(" · ".join(parts))]
    if detail.lines:
        lines += evidence_lines(item, most=detail.lines, limit=detail.line, series=detail.series)
    elif item.found:
        lines.append(Markup(counted(item.found)))
    return Markup("\n".join(lines))


def problem_words(problem: Problem, incidents: Mapping[str, LinkedIncident], limit: int = _REASON) -> Markup:
    """What is wrong, the incident that was declared for it, who found it, and what became of it."""
    found_by = name(problem.found_by)
    told = Markup(f"{inert(problem.text, limit)}{declared_words(problem, incidents)} · {found_by}")
    if problem.is_open:
        return told
    how = f": {inert(problem.how, limit)}" if problem.how else ""
    by = f" · {name(problem.closed_by)}" if problem.closed_by else ""
    return Markup(f"{told}\n      ✅ solved{how}{by}")


def declared_words(problem: Problem, incidents: Mapping[str, LinkedIncident]) -> str:
    """The incident that was declared for it, with a link where its card is known to stand."""
    incident = incidents.get(problem.incident) if problem.incident else None
    return f" · {bold(link(incident.url, incident.label))}" if incident else ""


def _open(card: RunCard, item: RunItem, zone: tzinfo, detail: Detail) -> Markup:
    owner = card.run.owner
    if owner is not None and item.owner is not None and item.owner.id == owner.id:
        item = replace(item, owner=None)  # whose the run is stands above
    if card.run.is_open:
        return open_item(item, zone, detail)
    carried = card.run.state is RunState.CARRIED
    return Markup(f"◻️ {_named(item, detail)} · {'carried over' if carried else 'not done'}")


def _done(card: RunCard, item: RunItem, zone: tzinfo, detail: Detail) -> Markup:
    return Markup(f"✅ ~{_named(item, detail)}~{_settled(card.run, item, zone)}")


def _not_applicable(card: RunCard, item: RunItem, zone: tzinfo, detail: Detail) -> Markup:
    reason = f": {inert(item.reason, detail.text)}" if item.reason else ""
    by = _settled(card.run, item, zone)
    return Markup(f"\N{HEAVY MINUS SIGN} {_named(item, detail)} · not applicable{reason}{by}")


def _problem(card: RunCard, item: RunItem, _zone: tzinfo, detail: Detail) -> Markup:
    title = bold(_named(item, detail))
    if item.problem is None:
        return Markup(f"⚠️ {title}")
    told = problem_words(item.problem, card.incidents, detail.text)
    word = "Problem:" if item.problem.is_open else "Problem, solved:"
    emoji = "⚠️" if item.problem.is_open else "✅"
    return Markup(f"{emoji} {title}\n      {bold(Markup(word))} {told}")


_TEXTS: Mapping[ItemState, Callable[[RunCard, RunItem, tzinfo, Detail], Markup]] = {
    ItemState.OPEN: _open,
    ItemState.DONE: _done,
    ItemState.NOT_APPLICABLE: _not_applicable,
    ItemState.PROBLEM: _problem,
}


def _button(run: Run, item: RunItem) -> Block | None:
    """What is asked of people about an item, where anything is."""
    if item.is_open and run.is_open:
        return done_button(run.id, item.position, item.title)
    if item.problem is not None and item.problem.is_open:
        return solved_button(run.id, item.position, item.title)
    return None


def _named(item: RunItem, detail: Detail) -> Markup:
    return Markup(f"{item.position}. {inert(item.title, detail.text)}")


def _settled(run: Run, item: RunItem, zone: tzinfo) -> str:
    """Who settled it, and when; and that something was not fine, where its look has shown that."""
    by = f" · {name(item.by)}" if item.by else ""
    when = f", {moment(item.at, zone, day=run.begun_at)}" if item.at and by else ""
    return f"{by}{when}{_in_spite_of(item)}"


def _in_spite_of(item: RunItem) -> str:
    bad = worst(item.found)
    return f" · {EMOJIS[bad]} was {WORDS[bad]}" if bad is Judgement.NOT_FINE else ""
