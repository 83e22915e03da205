"""Runs as they were, a line each, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from bot.domain.checklists.past import PastRun
from bot.domain.checklists.run import Run, RunState
from bot.views.alert_list import packed
from bot.views.blocks import Message, context, header, message, section
from bot.views.checklists.progress import done_of, local_day, run_emoji, run_word
from bot.views.markup import Markup, bold, inert, joined, link, moment

_NAME = 60
_NAMES = 80
_ROOM = 8500
_SAID = 12


def history_message(
    runs: Sequence[PastRun], *, title: str | None = None, more: bool = False, zone: tzinfo
) -> Message:
    """The newest runs of all checklists, or of the one of that title."""
    what = f"Runs of {title}" if title else "Runs of checklists"
    if not runs:
        nothing = Markup(f"{inert(what)}: there was none yet.")
        return message(nothing, [section(nothing)])
    said = "; ".join(_in_words(one, zone) for one in runs[:_SAID])
    lines = [_line(one, zone, named=title is None) for one in runs]
    small = "`/checklist show C12` shows one with all that was done. `/checklist report 30d` counts them."
    older = " Only the newest are listed." if more else ""
    return message(
        inert(f"{what}: {said}", 2500),
        [header(what), *packed(None, lines, _ROOM), context(Markup(f"{small}{older}"))],
    )


def _line(one: PastRun, zone: tzinfo, *, named: bool) -> Markup:
    """`✅ C12 Health Check · Mon 30 Nov · Done, 5 of 5 done · 1 problem found · Ana, Ben`."""
    run = one.run
    title = f" {inert(one.title, _NAME)}" if named else ""
    parts = [
        f"{run_emoji(run)} {bold(link(one.url, run.label))}{title}",
        local_day(run.planned_at, zone),
        _how(run, lambda at: moment(at, zone, day=run.planned_at)),
        *(inert(told, _NAMES) for told in (_problems(one), _asked(one)) if told),
    ]
    if one.names:
        parts.append(joined((inert(name, _NAME) for name in one.names), ", ", _NAMES))
    return Markup(" · ".join(parts))


def _asked(one: PastRun) -> str:
    if one.run.on_schedule:
        return ""
    return f"asked for by {one.asked_by}" if one.asked_by else "off schedule"


def _how(run: Run, when: Callable[[datetime], str]) -> Markup:
    """How it stands: what became of it, when, and how much was done. `when` says an instant."""
    if run.state is RunState.SKIPPED:
        return Markup("Skipped: opsbot was not running")
    if run.is_open:
        return Markup(f"Open, {done_of(run)}, due {when(run.due_at)}")
    if run.state is RunState.DONE:
        return Markup(f"{run_word(run)}{f' {when(run.closed_at)}' if run.closed_at else ''}")
    return Markup(f"{run_word(run)}, {done_of(run)}")


def _on_the_clock(at: datetime, run: Run, zone: tzinfo) -> str:
    """`17:00 EST` on the day of the run, on another `Thu 3 Dec, 17:00 EST`."""
    day, clock = local_day(at, zone), f"{at.astimezone(zone):%H:%M %Z}"
    return clock if day == local_day(run.planned_at, zone) else f"{day}, {clock}"


def _problems(one: PastRun) -> str:
    found = sum(item.problem is not None for item in one.run.items)
    if not found:
        return ""
    still_open = len(one.run.open_problems)
    told = f"{found} problem{'s' if found != 1 else ''} found"
    return f"{told}, {still_open if still_open < found else 'all'} still open" if still_open else told


def _in_words(one: PastRun, zone: tzinfo) -> str:
    run = one.run
    how = _how(run, lambda at: _on_the_clock(at, run, zone))
    return f"{run.label} {one.title}, {local_day(run.planned_at, zone)}: {how}"
