"""Writes what becomes of a checklist's run: its row, history, timers and card, and what else is owed.

The caller has locked the run, or just added it. Whoever holds a run locks no incident and no alert group.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.actor import Actor
from bot.domain.checklist import Checklist, Whose
from bot.domain.checklists import course
from bot.domain.checklists.course import Beginning
from bot.domain.checklists.run import Run, RunItem, RunState
from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.event import EventKind
from bot.domain.face import Face
from bot.domain.outcome import Happened
from bot.domain.text import clock_time
from bot.domain.timer import TimerKind, problem_timer, run_end, run_nudge
from bot.services.record import Record

EVIDENCE_GRACE = timedelta(seconds=8)
"""How long a card waits to be posted with its evidence and its owner in it."""

_DAY = timedelta(days=1)
_TRIES = 3
_LANES = {DeliveryKind.EVIDENCE: "prometheus", DeliveryKind.RUN_OWNER: "pagerduty-rest"}


def begin_run(
    record: Record, checklist: Checklist, beginning: Beginning, *, run_id: str, owner: Actor | None = None
) -> Run | None:
    """Begin a run on schedule; the one before, where it is still open, ends with that.

    None, and nothing is written, where it has begun already. Raises RuntimeError where people begin it
    off schedule again and again in this very moment.
    """
    run = _fresh(record, checklist, beginning, run_id, owner)
    if record.tx.runs.has(run.checklist, run.occurrence):
        return None
    for _ in range(_TRIES):
        before = record.tx.runs.open_of(checklist.key, lock=True)
        if before is not None:
            before = _over(record, course.end(before, record.now, carried=course.is_carried(before)))
        added = _add(record, run, before)
        if added is not None:
            return added
        # Somebody wanted one off schedule in this very moment: it ends like any other.
    raise RuntimeError(f"{checklist.key} cannot begin: others begin it all the time")


def ask_run(record: Record, checklist: Checklist, *, run_id: str) -> Run | None:
    """Begin a run off schedule, for who acts. None, and nothing is written, where one is open."""
    beginning = course.asked(run_id, record.actor, record.now)
    return _add(record, _fresh(record, checklist, beginning, run_id, None), None)


def skip_run(record: Record, checklist: Checklist, beginning: Beginning, *, run_id: str) -> Run | None:
    """Note that nobody was asked. None where it has begun, or is noted, already."""
    run = course.skip(_fresh(record, checklist, beginning, run_id, None), record.now)
    if record.tx.runs.has(run.checklist, run.occurrence):
        return None
    added = record.tx.runs.add(run)
    if added is not None:
        zone = record.directory.guide.organization.zone
        at = clock_time(run.planned_at.astimezone(zone), record.now.astimezone(zone))
        record.note(added.id, Happened(kind=EventKind.RUN_SKIPPED, data={"at": at}))
    return added


def write_run(record: Record, was: Run, run: Run, happened: Sequence[Happened] = ()) -> Run:
    """Write what people, or machines, have made of a run, with everything that follows. Returns it."""
    record.tx.runs.save(run)
    if was.is_open and not run.is_open:
        _stop(record, run)
    elif run.is_open and not was.is_open:
        _start(record, run)
    _follow_problems(record, was, run)
    for one in happened:
        record.tell(run, one)
    record.show(run)
    return run


def miss_run(record: Record, run: Run) -> Run:
    """Close a run that no next one has ended: what is open is missed."""
    ended = _over(record, course.end(run, record.now))
    _tell_end(record, ended, None)
    return ended


def owe_evidence(record: Record, run: Run) -> bool:
    """Owe a look at what the run's items say is to be looked at, now or once more. Whether there is any."""
    wanted = any(item.evidence for item in run.items)
    if wanted:
        _owe(record, run, DeliveryKind.EVIDENCE)
    return wanted


def _fresh(
    record: Record, checklist: Checklist, beginning: Beginning, run_id: str, owner: Actor | None
) -> Run:
    directory = record.directory
    return course.begin(
        checklist,
        beginning,
        directory.business,
        record.now,
        run_id=run_id,
        security=checklist.channel == directory.guide.defaults.security,
        owner=owner,
    )


def _add(record: Record, run: Run, before: Run | None) -> Run | None:
    """Insert it and owe all that begins with it. `before` has just ended."""
    carried = before is not None and before.state is RunState.CARRIED
    added = record.tx.runs.add(course.carry_over(before, run) if before is not None and carried else run)
    if added is None:
        return None
    left = len(before.open_items) if before is not None and carried else 0
    data = {"items": len(added.items), "late": added.late, "carried": left}
    record.note(added.id, Happened(kind=EventKind.RUN_BEGUN, data=data))
    _start(record, added)
    awaited = [owe_evidence(record, added), _owe_owner(record, added)]
    record.show_face(added, Face.RUN, posted=False, wait=EVIDENCE_GRACE if any(awaited) else timedelta())
    if before is not None:
        _tell_end(record, before, added)
    return added


def _owe_owner(record: Record, run: Run) -> bool:
    """Owe a look who is on call, where the run is theirs. Whether it is."""
    whose = record.directory.guide.checklists[run.checklist].owner.whose
    wanted = whose is Whose.ON_CALL and run.owner is None
    if wanted:
        _owe(record, run, DeliveryKind.RUN_OWNER)
    return wanted


def _over(record: Record, ended: Run) -> Run:
    record.tx.runs.save(ended)
    _stop(record, ended)
    return ended


def _tell_end(record: Record, ended: Run, following: Run | None) -> None:
    """Say what became of what was open, and show the card without its buttons."""
    carried = ended.state is RunState.CARRIED
    kind = EventKind.RUN_CARRIED if carried else EventKind.RUN_MISSED
    data = {"open": len(ended.open_items), "to": following.label if following and carried else None}
    record.tell(ended, Happened(kind=kind, data=data, told=True))
    record.show(ended)


def _start(record: Record, run: Run) -> None:
    """Set what an open run is looked at for. What has passed already is said no more."""
    timers, half = record.tx.timers, course.half_time(run, record.directory.business)
    for step, due in ((course.HALF, half), (course.WHOLE, run.due_at)):
        if due > record.now:
            timers.set(run_nudge(run.id, step, due))
    timers.set(run_end(run.id, max(run.ends_at, record.now + _DAY)))


def _stop(record: Record, run: Run) -> None:
    for kind in (TimerKind.RUN_NUDGE, TimerKind.RUN_END):
        record.tx.timers.stop(run.id, kind)


def _follow_problems(record: Record, was: Run, run: Run) -> None:
    """People are reminded of what is found, until it is closed."""
    timers, business = record.tx.timers, record.directory.business
    closed = False
    for before, item in zip(was.items, run.items, strict=True):
        reminder = problem_timer(run.id, item.position, course.first_reminder(business, record.now))
        if _is_followed(item) and not _is_followed(before):
            timers.set(reminder)
        elif _is_followed(before) and not _is_followed(item):
            timers.remove([reminder.key])
            closed = True
    newest = record.tx.runs.open_of(run.checklist) if closed and not run.is_open else None
    if newest is not None:  # whose card shows what earlier ones have found
        record.show(newest)


def _is_followed(item: RunItem) -> bool:
    return item.problem is not None and item.problem.is_open


def _owe(record: Record, run: Run, kind: DeliveryKind) -> None:
    """Owe it, once however often it is asked; where it is under way, once more after that."""
    key = f"{kind}/{run.id}"
    record.tx.outbox.owe_again(
        Delivery(
            key=key,
            kind=kind,
            subject=run.id,
            epoch=run.epoch,
            order_key=key,
            lane=_LANES[kind],
            method="",
            priority=priority(kind, run.severity),
            not_before=record.now,
            created_at=record.now,
        )
    )
