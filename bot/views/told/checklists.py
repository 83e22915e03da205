"""How the course of a checklist's run is told.

The facts of each entry: texts as people read them, but for counts, and what is so or not.

- RUN_BEGUN `items` and `carried` (how many, and how many of them an earlier run left open), `late`
- RUN_GIVEN `to`, and where somebody hands it over `open`, `due`
- RUN_NUDGED `open`, `due`, `owners` (names); RUN_OVERDUE `open`, `owners`
- RUN_DONE `problems`, `late`; RUN_CARRIED `open`, `to` (the next run's label); RUN_MISSED `open`
- RUN_SKIPPED `at` (when it was to be posted)
- all others `items` (positions: `2, 3`) and `title` (the item's, where it is one), and besides:
  NOT_APPLICABLE `reason`; CHECK_GIVEN `to`; CHECK_NOTED `text`; PROBLEM_FOUND `text`;
  PROBLEM_DECLARED `text`, `incident` (its label); PROBLEM_REMINDED `text`, `owner`;
  PROBLEM_CLOSED `text`, `how`
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.actor import OPSBOT
from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, text


def _begun(event: Event, _card: object) -> str:
    how = "Begun" if _by_machine(event) else f"Asked for by {event.actor.name}"
    items = f", {_counted(event, 'items', 'item')}" if _number(event, "items") else ""
    carried = _number(event, "carried")
    before = f", {carried} of them from before" if carried else ""
    late = " Late: opsbot was not running when it was time." if event.data.get("late") else ""
    return f"{how}{items}{before}.{late}"


def _given(event: Event, _card: object) -> str:
    to = text(event, "to")
    if not to:
        return "It is for whoever takes it."
    if _is_own(event, to):
        return f"{to} does it."
    due = f", due {text(event, 'due')}" if text(event, "due") else ""
    left = f": {_counted(event, 'open', 'item')} open{due}" if _number(event, "open") else ""
    return f"{to}: {event.actor.name} hands this review over to you{left}."


def _nudged(event: Event, _card: object) -> str:
    due, owners = text(event, "due"), text(event, "owners")
    who = f"{owners}: half" if owners else "Half"
    until = f", due {due}" if due else ""
    return f"{who} of the time is over, and {_still(event, 'is', 'are')} open{until}."


def _overdue(event: Event, _card: object) -> str:
    owners = text(event, "owners")
    each = ", ".join(f"{one}'s" for one in owners.split(", "))
    whose = f": {each}." if owners else ". Nobody has taken it on."
    return f"⏰ It was to be done by now, and {_still(event, 'is', 'are')} open{whose}"


def _done(event: Event, _card: object) -> str:
    found = f" {_counted(event, 'problems', 'problem')} found." if _number(event, "problems") else ""
    return f"✅ Done{', late' if event.data.get('late') else ''}.{found}"


def _carried(event: Event, _card: object) -> str:
    to = text(event, "to", "the next one")
    return f"It is over: {_counted(event, 'open', 'open item')} went on to {to}."


def _missed(event: Event, _card: object) -> str:
    return f"⛔ It is over, and {_still(event, 'was', 'were')} not done."


def _skipped(event: Event, _card: object) -> str:
    at = text(event, "at")
    return f"Skipped: opsbot was not running {f'at {at}' if at else 'when it was time'}."


def _not_applicable(event: Event, _card: object) -> str:
    return f"Not applicable, says {event.actor.name}: {_items(event)}{_said(event, 'reason')}"


def _check_given(event: Event, _card: object) -> str:
    to = text(event, "to")
    if not to:
        return f"Nobody has {_items(event)} any more, says {event.actor.name}."
    if _is_own(event, to):
        return f"{to} does {_items(event)}."
    return f"{to}: {event.actor.name} hands {_items(event)} over to you."


def _noted(event: Event, _card: object) -> str:
    about = f" on {_items(event)}" if event.data.get("items") else ""
    return f"Note by {event.actor.name}{about}{_said(event, 'text')}"


def _found(event: Event, _card: object) -> str:
    return f"⚠️ {event.actor.name} found a problem with {_items(event)}{_said(event, 'text')}"


def _declared(event: Event, _card: object) -> str:
    incident = text(event, "incident", "an incident")
    what = f"{_items(event)}{_said(event, 'text')}"
    return f"{event.actor.name} declared {incident} for the problem with {what}"


def _reminded(event: Event, _card: object) -> str:
    owner = text(event, "owner")
    who = f"{owner}: the" if owner else "The"
    return f"{who} problem with {_items(event)} is still open{_said(event, 'text')}"


def _closed(event: Event, _card: object) -> str:
    by = "" if _by_machine(event) else f", says {event.actor.name}"
    how = text(event, "how", limit=None)
    was = f" It was: {text(event, 'text')}" if text(event, "text") else ""
    return f"✅ The problem with {_items(event)} is solved{by}{f': {how}' if how else ''}.{was}"


def _items(event: Event) -> str:
    """`item 3 (Every service answers)`, `items 2, 3`."""
    items, title = text(event, "items", "?"), text(event, "title")
    return f"item{'s' if ',' in items else ''} {items}{f' ({title})' if title else ''}"


def _said(event: Event, key: str) -> str:
    said = text(event, key, limit=None)
    return f": {said}" if said else "."


def _is_own(event: Event, to: str) -> bool:
    """Whether nobody else has handed it over."""
    return _by_machine(event) or to == event.actor.name


def _by_machine(event: Event) -> bool:
    return event.actor.id == OPSBOT.id


def _still(event: Event, one: str, several: str) -> str:
    """`1 item is`, `3 items are`."""
    return f"{_counted(event, 'open', 'item')} {one if _number(event, 'open') == 1 else several}"


def _counted(event: Event, key: str, what: str) -> str:
    count = _number(event, key)
    return f"{what}s" if count is None else f"{count} {what}{'' if count == 1 else 's'}"


def _number(event: Event, key: str) -> int | None:
    count = event.data.get(key)
    return count if isinstance(count, int) else None


TOLD: Mapping[EventKind, Told] = {
    EventKind.RUN_BEGUN: Told(sentence=_begun, public="begun"),
    EventKind.RUN_GIVEN: Told(sentence=_given, public="somebody does it"),
    EventKind.RUN_NUDGED: Told(sentence=_nudged, public="items are still open"),
    EventKind.RUN_OVERDUE: Told(sentence=_overdue, public="it was to be done by now"),
    EventKind.RUN_DONE: Told(sentence=_done, public="done"),
    EventKind.RUN_CARRIED: Told(sentence=_carried, public="its open items went on to the next one"),
    EventKind.RUN_MISSED: Told(sentence=_missed, public="it is over, and not all of it was done"),
    EventKind.RUN_SKIPPED: Told(sentence=_skipped, public="skipped"),
    EventKind.CHECKED: Told(
        sentence=lambda event, _: f"{event.actor.name} has done {_items(event)}.",
        public="an item is done",
    ),
    EventKind.CHECK_REOPENED: Told(
        sentence=lambda event, _: f"{event.actor.name} opened {_items(event)} again.",
        public="an item is open again",
    ),
    EventKind.NOT_APPLICABLE: Told(sentence=_not_applicable, public="an item is not applicable"),
    EventKind.CHECK_GIVEN: Told(sentence=_check_given, public="an item is somebody's"),
    EventKind.CHECK_NOTED: Told(sentence=_noted, public="there is a note"),
    EventKind.PROBLEM_FOUND: Told(sentence=_found, public="a problem was found"),
    EventKind.PROBLEM_DECLARED: Told(sentence=_declared, public="an incident was declared for a problem"),
    EventKind.PROBLEM_REMINDED: Told(sentence=_reminded, public="a problem is still open"),
    EventKind.PROBLEM_CLOSED: Told(sentence=_closed, public="a problem is solved"),
}
