"""What `/checklist` lists: today, a cadence, problems; and one run with all its items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from bot.domain.alert_card import LinkedIncident
from bot.domain.checklists.board import (
    CadenceList,
    ListedChecklist,
    ListedProblem,
    ListedRun,
    RunDetails,
    Today,
)
from bot.domain.checklists.run import Run
from bot.domain.checklists.whose import whose_words
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.checklists.card import one_line, without_texts
from bot.views.checklists.items import DETAILS, LEAST, item_text, problem_words
from bot.views.checklists.progress import (
    OWNERS_LIMIT,
    bar,
    done_of,
    facts,
    local_day,
    run_emoji,
    run_word,
    why_now,
)
from bot.views.markup import Markup, bold, inert, length, link, moment

ELSEWHERE = "What people wrote and what was found is shown in the security team's channel only."

_ROOM = 8400
_TITLE = 80
_NAMED = 10
_EMPTY = "No review is open, none begins today any more, and none was done today."


def today_message(today: Today, *, zone: tzinfo) -> Message:
    """What is open first, then what begins yet today, then what was done."""
    parts = [
        (f"📋 Open ({len(today.open)})", [_open_line(one, today.now, zone) for one in today.open]),
        (f"🕘 Later today ({len(today.ahead)})", [_ahead_line(one, today.now, zone) for one in today.ahead]),
        (f"✅ Done today ({len(today.done)})", [_done_line(one, today.now, zone) for one in today.done]),
    ]
    shown = [(title, lines) for title, lines in parts if lines]
    small = context(_today_small(today))
    if not shown:
        return message(Markup(_EMPTY), [section(Markup(_EMPTY)), small])
    names = ", ".join(f"{one.run.label} {one.title} ({done_of(one.run)})" for one in today.open[:_NAMED])
    said = inert(f"Reviews: {names or 'nothing is open'}. {_problems_said(today.problems)}", 2000)
    return message(said, [header("Reviews today"), *_parts(shown), small])


def cadence_message(listed: CadenceList, *, zone: tzinfo) -> Message:
    """Each with its newest run, and when it is next."""
    title = f"{listed.cadence.capitalize()} reviews"
    if not listed.checklists:
        nothing = inert(f"The guide has no {listed.cadence} reviews.")
        return message(nothing, [section(nothing)])
    lines = [_cadence_line(one, listed.now, zone) for one in listed.checklists]
    names = ", ".join(one.title for one in listed.checklists[:_NAMED])
    how = Markup("`/checklist run KEY` runs one now, off schedule")
    return message(
        inert(f"{title}: {names}", 2000), [header(title), *packed(None, lines, _ROOM), context(how)]
    )


def checklist_message(listed: ListedChecklist, now: datetime, *, zone: tzinfo) -> Message:
    """A checklist of which no run is open."""
    line = _cadence_line(listed, now, zone)
    how = Markup(
        f"It is posted in #{inert(listed.channel)}. `/checklist run {inert(listed.key)}` runs it now."
    )
    return message(line, [section(line), section(inert(listed.purpose)), context(how)])


def problems_message(problems: Sequence[ListedProblem], *, zone: tzinfo, may_solve: bool = True) -> Message:
    """What was found and is still open. What is the security team's shows its item only.

    How one is closed is told those who may close it, by the first that they may read.
    """
    if not problems:
        nothing = Markup("No review has found a problem that is still open.")
        return message(nothing, [section(nothing)])
    title = f"{len(problems)} open problem{'s' if len(problems) != 1 else ''}"
    lines = [_problem_line(one, zone) for one in problems]
    first = next((one for one in problems if may_solve and not one.listed.hidden), None)
    blocks = [header(title), *packed(None, lines, _ROOM)]
    return message(inert(title), [*blocks, *([context(_how_solved(first))] if first else [])])


def run_message(details: RunDetails, *, zone: tzinfo) -> Message:
    """One run with all its items, in as much detail as there is room for."""
    card = without_texts(details.card) if details.hidden else details.card
    run = card.run
    title = f"{run_emoji(run)} {run.label} {run.title[:_TITLE]} · {local_day(run.planned_at, zone)}"
    why = why_now(run, zone)
    lines: list[Markup] = []
    for detail in DETAILS:
        lines = [item_text(card, item, zone, detail) for item in run.items]
        if sum(length(line) + 1 for line in lines) < _ROOM - 100 or detail is LEAST:
            break
    where = [Markup(f"Its card: {link(details.url, run.label)}")] if details.url else []
    small = [*where, *([Markup(ELSEWHERE)] if details.hidden else [])]
    return message(
        one_line(card, zone),
        [
            header(title),
            context(facts(card, zone), *([why] if why else [])),
            *packed(None, lines, _ROOM),
            *([context(*small)] if small else []),
        ],
    )


def _parts(parts: Iterable[tuple[str, Sequence[Markup]]]) -> Iterable[Block]:
    room = _ROOM
    listed = list(parts)
    for position, (title, lines) in enumerate(listed):
        blocks = packed(Markup(title), lines, room - 500 * (len(listed) - position - 1))
        room -= sum(length(block["text"]["text"]) for block in blocks)
        yield from blocks


def _named(listed: ListedRun) -> Markup:
    run = listed.run
    return Markup(f"{link(listed.url, run.label)} {bold(inert(listed.title, _TITLE))}")


def _open_line(listed: ListedRun, now: datetime, zone: tzinfo) -> Markup:
    run = listed.run
    told = [Markup(f"{done_of(run)} {bar(run)}"), Markup(_due(run, now, zone))]
    if not listed.hidden:
        told.append(inert(whose_words(run, listed.whose), OWNERS_LIMIT))
    return Markup(f"{_named(listed)}\n      {' · '.join(told)}")


def _due(run: Run, now: datetime, zone: tzinfo) -> str:
    word = "was due" if run.due_at < now else "due"
    return f"{'⏰ ' if run.due_at < now else ''}{word} {moment(run.due_at, zone, day=now)}"


def _ahead_line(listed: ListedChecklist, now: datetime, zone: tzinfo) -> Markup:
    at = moment(listed.next_at, zone, day=now) if listed.next_at else ""
    return Markup(f"{at} {bold(inert(listed.title, _TITLE))} in #{inert(listed.channel)}")


def _done_line(listed: ListedRun, now: datetime, zone: tzinfo) -> Markup:
    run = listed.run
    at = f" {moment(run.closed_at, zone, day=now)}" if run.closed_at else ""
    found = len(run.open_problems)
    problems = f" · {found} problem{'s' if found != 1 else ''} open" if found else ""
    return Markup(f"{_named(listed)} · {run_word(run).lower()}{at}{problems}")


def _cadence_line(listed: ListedChecklist, now: datetime, zone: tzinfo) -> Markup:
    following = f"next {moment(listed.next_at, zone, day=now)}" if listed.next_at else "off schedule only"
    newest = listed.newest
    told = "never run yet"
    if newest is not None:
        run = newest.run
        how = f"{done_of(run)}, {_due(run, now, zone)}" if run.is_open else run_word(run).lower()
        told = f"{link(newest.url, run.label)} of {inert(local_day(run.planned_at, zone))}: {how}"
    key = f" (`{inert(listed.key)}`)"
    named = f"{bold(inert(listed.title, _TITLE))}{key} · {following}"
    return Markup(f"{named}\n      {told}" if newest else f"{named} · {told}")


def _problem_line(one: ListedProblem, zone: tzinfo) -> Markup:
    run = one.listed.run
    label = Markup(f"⚠️ {link(one.listed.url, run.label)} {one.position}")
    title = f"{bold(inert(one.listed.title, _TITLE))}: {inert(one.item, 120)}"
    if one.listed.hidden:
        return Markup(f"{label} {title}\n      shown in its own channel only")
    problem = one.problem
    declared = LinkedIncident(label=one.incident, is_open=True) if one.incident else None
    labels = {problem.incident: declared} if problem.incident and declared else {}
    owner = f" · {inert(one.owner)} has it" if one.owner and one.owner != problem.found_by.name else ""
    since = f", {local_day(problem.found_at, zone)}"
    return Markup(f"{label} {title}\n      {problem_words(problem, labels)}{since}{owner}")


def _how_solved(one: ListedProblem) -> Markup:
    line = f"/checklist solved {one.listed.run.label} {one.position} what was done"
    return Markup(f"`{line}` closes that of {one.listed.run.label} {one.position}")


def _today_small(today: Today) -> Markup:
    problems = f"{_problems_said(today.problems)} `/checklist problems` · " if today.problems else ""
    return Markup(f"{problems}`/checklist daily`, `weekly`, `monthly` · `/checklist help`")


def _problems_said(count: int) -> str:
    return f"{count} problem{'s' if count != 1 else ''} open." if count else ""
