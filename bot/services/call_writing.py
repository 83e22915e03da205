"""What becomes of a call, written whole: its row, history, timers and pages, and its card, owed.

Each verb is called within a transaction in which the caller has locked the call, or added it; `record.actor`
is who acts. Each returns the call as it is now.
"""

from __future__ import annotations

from bot.domain import calling
from bot.domain.call import Call
from bot.domain.calling import CallOutcome
from bot.domain.timer import Timer
from bot.services.owing import PATH_OWED, as_reached
from bot.services.record import Record


def begin_call(record: Record, call: Call) -> Call:
    """Page the tier of a call that was just added."""
    record.show(call, posted=False)  # the card goes first: its lines stand in its thread
    return _write(record, calling.begin(call, record.now, record.directory.business))


def answer_call(record: Record, call: Call) -> Call:
    """Whoever acts comes. Raises AlreadyError."""
    return _write(record, calling.answer(call, record.actor, record.now))


def call_off(record: Record, call: Call) -> Call:
    """Nobody needs to come any more. Raises AlreadyError."""
    return _write(record, calling.call_off(call, record.actor, record.now))


def take_call_step(record: Record, call: Call, timer: Timer) -> None:
    """Page again, where that is still owed."""
    outcome = calling.step_due(call, timer.step, timer.due, record.now, record.directory.business)
    if outcome is not None:
        _write(record, outcome)


def _write(record: Record, outcome: CallOutcome) -> Call:
    call = outcome.call
    record.tx.calls.save(call)
    for happened in outcome.happened:
        record.tell(call, as_reached(happened, call, record.directory))
    for owed in outcome.owed:
        PATH_OWED[type(owed)](record, call, owed)
    record.show(call)
    return call
