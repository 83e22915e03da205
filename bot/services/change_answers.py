"""What the one who has done something with a change reads: what is so now, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.act import Act
from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.changing import Changed
from bot.domain.changes.gate import GateAnswer, Weight
from bot.domain.changes.standing import approvals, as_it_is, how_it_stands, lacking
from bot.domain.event import EventData, EventKind
from bot.domain.text import clock_time
from bot.services.change_windows import warning
from bot.services.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What an answer is made of."""

    record: Record
    change: Change
    data: EventData


def changed_text(record: Record, changed: Changed, change: Change) -> str:
    """The answer, in plain words. `change` is it as it was written, with its number."""
    first = changed.happened[0]
    told = _Told(record=record, change=change, data=first.data)
    said = _SAID[first.kind](told)
    asks = first.kind in {EventKind.CHANGE_REQUESTED, EventKind.CHANGE_EDITED}
    warned = warning(record.tx, record.directory, change.plan, record.now) if asks else None
    return f"{said} {warned}" if warned else said


def let_through(answer: GateAnswer) -> str:
    """What the gate has warned of, as a sentence; empty where it has not."""
    warned = [one.text for one in answer.reasons if one.weight is Weight.WARNS]
    return f"Mind: {'; '.join(warned)}." if warned else ""


def kept_back(change: Change, answer: GateAnswer, act: Act) -> str:
    """Why the gate does not let it start, all of it, when it opens, and who may start it nevertheless."""
    opens = ""
    if answer.opens is not None and all(one.until != answer.opens for one in answer.reasons):
        opens = f" It opens {clock_time(answer.opens.astimezone(act.zone), act.now.astimezone(act.zone))}."
    against = "; ".join(answer.against) or f"it says {answer.verdict}"
    return (
        f"The gate does not let {change.label} start: {against}.{opens} "
        f"A lead may start it nevertheless: `start {change.label} override: why`."
    )


def _requested(told: _Told) -> str:
    change = told.change
    where = told.record.directory.guide.channels.get(change.channel)
    comes = f"Its card comes in #{where.name if where else change.channel}."
    return f"{change.label} is asked for: {_wanted(told)}. {comes}"


def _edited(told: _Told) -> str:
    lost = told.data.get("lost")
    anew = f"; {lost} approved it as it was, which counts no more" if lost else ""
    return f"{told.change.label} is edited: {_wanted(told)}{anew}."


def _wanted(told: _Told) -> str:
    needs = told.change.needs
    return f"it needs {approvals(needs)}" if needs else "it needs no approval"


def _approved(told: _Told) -> str:
    change, lack = told.change, lacking(told.change, told.record.now)
    if lack:
        return f"You have approved {change.label}: it lacks {approvals(lack)} more."
    return f"You have approved {change.label}, and that is enough. {_next(told)}"


def _rolled(told: _Told) -> str:
    change, webhook = told.change, told.data.get("webhook")
    why = told.record.directory.why_by_hand(change.service)
    how = f"{webhook} is asked to do it." if webhook else f"that is done by hand, by its plan. {why or ''}"
    return f"{change.label} is being rolled back: {how.strip()} `done {change.label}` when it is back."


def _rolled_back(told: _Told) -> str:
    said = f"{told.change.label} is rolled back, {told.data['took']} after its start"
    webhook = told.data.get("webhook")
    by_hand = f", by hand: webhook {webhook} had not taken it, and is not asked any more" if webhook else ""
    return f"{said}{by_hand}."


def _next(told: _Told) -> str:
    change = told.change
    kind = told.record.directory.guide.changes.types.get(change.plan.kind)
    if change.state is ChangeState.APPROVED and kind is not None and kind.is_emergency:
        stands = how_it_stands(change, told.record.act)
        return f"{stands} `start {change.label}` starts it: it need not be tested."
    return as_it_is(change, told.record.act)


def _noted(told: _Told) -> str:
    return f"Noted; the thread of {told.change.label} has it."


def _called_off(told: _Told) -> str:
    change = told.change
    how = "rejected" if change.state is ChangeState.REJECTED else "called off"
    return f"{change.label} {change.title} is {how}: nobody starts it any more."


_SAID: Mapping[EventKind, Callable[[_Told], str]] = {
    EventKind.CHANGE_REQUESTED: _requested,
    EventKind.CHANGE_EDITED: _edited,
    EventKind.CHANGE_APPROVED: _approved,
    EventKind.CHANGE_REJECTED: _called_off,
    EventKind.CHANGE_TESTED: _next,
    EventKind.CHANGE_STARTED: _next,
    EventKind.CHANGE_OVERRIDDEN: lambda told: f"Told in the channel: the gate is overridden. {_next(told)}",
    EventKind.CHANGE_DEPLOYED: _next,
    EventKind.CHANGE_NOTED: _noted,
    EventKind.CHANGE_DONE: lambda told: f"{told.change.label} is done, after {told.data['took']}.",
    EventKind.CHANGE_ROLLBACK: _rolled,
    EventKind.CHANGE_ROLLED_BACK: _rolled_back,
    EventKind.CHANGE_CANCELLED: _called_off,
}
