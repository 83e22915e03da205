"""How far a run has come, whose it is, and until when it is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from bot.domain.checklists.card import RunCard
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.domain.checklists.whose import whose_words
from bot.domain.evidence import Judgement
from bot.views.checklists.evidence import EMOJIS, WORDS
from bot.views.markup import Markup, bold, inert, moment, plain_moment
from bot.views.status import NAME_LIMIT, name

OWNERS_LIMIT = 2 * NAME_LIMIT

_CELLS = 10
_WORDS: Mapping[RunState, tuple[str, str]] = {
    RunState.OPEN: ("📋", "Open"),
    RunState.DONE: ("✅", "Done"),
    RunState.CARRIED: ("➡️", "Carried over"),
    RunState.MISSED: ("⛔", "Missed"),
    RunState.SKIPPED: ("⏭️", "Skipped"),
}


def run_emoji(run: Run) -> str:
    """The emoji that stands beside the state's word."""
    return _WORDS[run.state][0]


def run_word(run: Run) -> str:
    """The state for people: `Done`, and whether that was late."""
    return _word(run.state, late=run.was_late)


def state_words(state: RunState, *, late: bool) -> str:
    """Both together: `✅ Done, late`."""
    return f"{_WORDS[state][0]} {_word(state, late=late)}"


def _word(state: RunState, *, late: bool) -> str:
    return f"{_WORDS[state][1]}{', late' if late else ''}"


def bar(run: Run) -> str:
    """`▰▰▱▱▱`: a cell for each item, or for so many of them."""
    return bar_of(run.settled, len(run.items))


def bar_of(settled: int, total: int) -> str:
    """The same of numbers."""
    cells = min(total, _CELLS)
    full = settled * cells // total if total else 0
    return "▰" * full + "▱" * (cells - full)


def done_of(run: Run) -> str:
    """`2 of 5 done`."""
    return f"{run.settled} of {len(run.items)} done"


def local_day(at: datetime, zone: tzinfo) -> str:
    """`Mon 30 Nov`, on the calendar of `zone`."""
    return short_day(at.astimezone(zone))


def short_day(day: date) -> str:
    """`Mon 30 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def owner_words(card: RunCard) -> str:
    """Whose it is: people, or whoever it falls to."""
    return whose_words(card.run, card.whose)


def facts(card: RunCard, zone: tzinfo) -> Markup:
    """`2 of 5 done ▰▰▱▱▱ · due 17:00 · Ana`, or how it ended."""
    run = card.run
    progress = f"{bold(Markup(done_of(run)))} {bar(run)}"
    if not run.is_open:
        return Markup(f"{_ended(run, zone)} · {progress}")
    due = moment(run.due_at, zone, day=run.begun_at)
    owner = inert(owner_words(card), OWNERS_LIMIT)
    told = [
        progress,
        evidence_word(run),
        f"due {bold(due)}",
        bold(owner) if run.owner or run.owners else owner,
    ]
    return Markup(" · ".join(part for part in told if part))


def evidence_word(run: Run) -> str:
    """How what open items look at is: `🟠 2 not fine · ⚪ 1 not known`; empty where nothing is judged."""
    found = [one.judgement for item in run.open_items for one in item.found]
    counts = [(each, found.count(each)) for each in (Judgement.NOT_FINE, Judgement.UNKNOWN)]
    told = [f"{EMOJIS[each]} {bold(Markup(f'{count} {WORDS[each]}'))}" for each, count in counts if count]
    if told:
        return " · ".join(told)
    return f"{EMOJIS[Judgement.FINE]} all fine" if Judgement.FINE in found else ""


def plain_facts(card: RunCard, zone: tzinfo) -> str:
    """The same in words, for one line of plain text."""
    run = card.run
    if not run.is_open:
        return f"{run_word(run).lower()}, {done_of(run)}"
    return f"{done_of(run)}, due {plain_moment(run.due_at, zone, day=run.begun_at)}, {owner_words(card)}"


def why_now(run: Run, zone: tzinfo) -> Markup | None:
    """Why it stands here at another time than it should, or who wanted it."""
    if run.asked_by is not None:
        return Markup(f"Off schedule, asked for by {name(run.asked_by)}")
    if run.late:
        begun, planned = (moment(at, zone, day=run.begun_at) for at in (run.begun_at, run.planned_at))
        same = local_day(run.begun_at, zone) == local_day(run.planned_at, zone)
        return Markup(f"⏰ Posted at {begun}, late: opsbot was not running {'at ' if same else ''}{planned}")
    return None


def outcome(run: Run) -> str:
    """What a run that is over has found: `1 problem found`; empty where there is nothing to say."""
    found = sum(item.problem is not None for item in run.items)
    return f"{found} problem{'' if found == 1 else 's'} found" if found else ""


def _ended(run: Run, zone: tzinfo) -> str:
    at = f" {moment(run.closed_at, zone, day=run.begun_at)}" if run.closed_at else ""
    found = outcome(run)
    left = sum(item.state is ItemState.OPEN for item in run.items)
    told = [f"{bold(Markup(run_word(run)))}{at}"]
    if left and run.state is RunState.CARRIED:
        told.append(f"{left} open item{'' if left == 1 else 's'} went on to the next one")
    elif left:
        told.append(f"{left} item{' was' if left == 1 else 's were'} not done")
    return " · ".join([*told, *([found] if found else [])])
