"""How it is told what is owed after an incident."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.views.blocks import Block
from bot.views.items import item_buttons
from bot.views.told.telling import Told, text


def _item_added(event: Event, _card: IncidentCard) -> str:
    owner, due = text(event, "owner"), text(event, "due")
    who = f" {owner} does it" if owner else " Nobody has it yet"
    by = f", by {due}." if due else "."
    return f"{event.actor.name} added {_item(event)}.{who}{by}"


def _item_reminded(event: Event, card: IncidentCard) -> str:
    owner, due = text(event, "owner") or card.team, text(event, "due")
    when = "" if not due else f" It was due by {due}." if event.data.get("late") else f" It is due by {due}."
    return f"{owner}: {_item(event)} is still to be done.{when}"


def _item(event: Event) -> str:
    return f"item {event.data.get('item')}: {text(event, 'text', 'something')}"


def _item_buttons(event: Event, _card: IncidentCard) -> Block:
    return item_buttons(event.data.get("item"))


def _postmortem_reminded(event: Event, card: IncidentCard) -> str:
    owner, due = text(event, "owner") or card.team, text(event, "due", "soon")
    label, number = card.incident.label, card.incident.number
    when = f"was due by {due}" if event.data.get("late") else f"is due by {due}"
    return (
        f"{owner}: the post-mortem of {label} {when}. Written? /incident postmortem {number} done https://… "
        f"None needed? /incident postmortem {number} not-needed why"
    )


def _postmortem_done(event: Event, _card: IncidentCard) -> str:
    link = text(event, "link")
    return f"The post-mortem is done, says {event.actor.name}{f': {link}' if link else '.'}"


TOLD: Mapping[EventKind, Told] = {
    EventKind.ITEM_ADDED: Told(
        sentence=_item_added,
        public="there is an action item",
    ),
    EventKind.ITEM_DONE: Told(
        sentence=lambda event, _: f"Done, says {event.actor.name}: {_item(event)}",
        public="an action item is done",
    ),
    EventKind.ITEM_DROPPED: Told(
        sentence=lambda event, _: f"{event.actor.name} dropped {_item(event)}. Why: {text(event, 'reason')}",
        public="an action item is dropped",
    ),
    EventKind.ITEM_GIVEN: Told(
        sentence=lambda event, _: f"{text(event, 'owner')} does {_item(event)}, says {event.actor.name}.",
        public="an action item is somebody else's",
    ),
    EventKind.ITEM_PUT_OFF: Told(
        sentence=lambda event, _: (
            f"{event.actor.name} put off {_item(event)}. It is due by {text(event, 'due')} now."
        ),
        public="an action item is put off",
    ),
    EventKind.ITEM_REMINDED: Told(
        sentence=_item_reminded,
        public="an action item is still to be done",
        buttons=_item_buttons,
    ),
    EventKind.POSTMORTEM_ASKED: Told(
        sentence=lambda event, card: (
            f"{text(event, 'owner') or card.team} is asked for the post-mortem "
            f"by {text(event, 'due', 'soon')}."
        ),
        public="a post-mortem is asked for",
    ),
    EventKind.POSTMORTEM_DRAFTED: Told(
        sentence=lambda event, _: f"{event.actor.name} asked for a post-mortem's draft.",
        public="a post-mortem's draft is asked for",
    ),
    EventKind.POSTMORTEM_REMINDED: Told(
        sentence=_postmortem_reminded,
        public="its post-mortem is not written yet",
    ),
    EventKind.POSTMORTEM_DONE: Told(
        sentence=_postmortem_done,
        public="its post-mortem is done",
    ),
    EventKind.POSTMORTEM_WAIVED: Told(
        sentence=lambda event, _: (
            f"No post-mortem is needed, says {event.actor.name}: {text(event, 'reason')}"
        ),
        public="it needs no post-mortem",
    ),
    EventKind.POSTMORTEM_GIVEN: Told(
        sentence=lambda event, _: f"{text(event, 'to')} writes the post-mortem, says {event.actor.name}.",
        public="somebody else writes its post-mortem",
    ),
}
