"""What time does to runs of checklists: people are nudged, problems brought to mind, and runs closed."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.checklists import course
from bot.domain.checklists.run import Run
from bot.domain.timer import Timer, TimerKind, problem_timer, run_end
from bot.services.record import Record
from bot.services.run_prompts import looked_at
from bot.services.run_writing import miss_run

_A_MOMENT = timedelta(minutes=5)
"""How long a run that is due is waited for."""


def nudge(record: Record, run: Run, timer: Timer) -> None:
    """Say that half of the time, or all of it, is gone: not where this run ends any moment."""
    happened = course.nudge(run, timer.step, record.now, record.directory.guide.organization.zone)
    if happened is not None and not _ends_now(record, run) and not _is_superseded(record, run):
        record.tell(run, happened)


def close(record: Record, run: Run, _timer: Timer) -> None:
    """Close what no next run has ended. One that is due just now is let begin first, and take it over."""
    if not run.is_open:
        return
    if _is_superseded(record, run):
        record.tx.timers.set(run_end(run.id, record.now + _A_MOMENT))
        return
    miss_run(record, run)


def remind_of_problem(record: Record, run: Run, timer: Timer) -> None:
    """Bring a problem to mind that is still open, and again in a week."""
    happened = course.remind(run, timer.step)
    if happened is None:
        return
    record.tell(run, happened)
    again = course.next_reminder(record.directory.business, record.now)
    record.tx.timers.set(problem_timer(run.id, timer.step, again))


def _ends_now(record: Record, run: Run) -> bool:
    """Whether it is about to be closed, after an outage: that is what is told then."""
    return any(one.due <= record.now for one in record.tx.timers.of(run.id, TimerKind.RUN_END))


def _is_superseded(record: Record, run: Run) -> bool:
    """Whether the time of its checklist's next run has come, which is about to begin.

    What has begun already is looked at again where another checklist could not begin.
    """
    checklist, looked = record.directory.guide.checklists.get(run.checklist), looked_at(record.tx)
    if checklist is None or looked is None:
        return False
    coming = course.prompts(checklist, record.directory.business, looked, record.now)
    has = record.tx.runs.has
    return any(not one.skipped and not has(run.checklist, one.occurrence.key) for one in coming)
