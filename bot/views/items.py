"""Action items: the list of them, and the buttons under a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.errors import InvalidError
from bot.domain.incident import Incident
from bot.domain.item import Item, day
from bot.views.blocks import Block, Message, actions, button, context, header, message, section
from bot.views.markup import Markup, bold, inert, joined
from bot.views.status import NAME_LIMIT, public_name

DONE = "item.done"
SNOOZE = "item.snooze"
BLOCK_ID = "item.actions"

_LINES = 2900
_TEXT = 200
_DIGITS = 10


def item_buttons(number: object) -> Block:
    """The buttons under a reminder."""
    value = str(number)
    return actions(BLOCK_ID, button("Done", DONE, value), button("Snooze for a week", SNOOZE, value))


def decode_item(value: str) -> int:
    """The item that a button is about. Raises InvalidError for a value that none of ours carries."""
    if not value.isascii() or not value.isdigit() or len(value) > _DIGITS:
        raise InvalidError("That button cannot be read. `/incident items` lists what is to be done.")
    return int(value)


def item_list(items: Sequence[tuple[Item, Incident, bool]], today: date) -> Message:
    """Each with its incident, and whether what people wrote may be shown."""
    if not items:
        nothing = Markup("No action items.")
        return message(nothing, [section(nothing)])
    still = sum(item.is_open for item, _, _ in items)
    late = sum(item.is_late(today) for item, _, _ in items)
    title = f"{still} action item{'s' if still != 1 else ''} to do" + (f", {late} late" if late else "")
    lines = [_line(item, incident, today, shown=shown) for item, incident, shown in items]
    how = Markup("`/incident item 3 done`, `item 3 drop why`, `item 3 to @ana`, `item 3 by friday`")
    return message(inert(title), [header(title), section(joined(lines, "\n", _LINES)), context(how)])


def _line(item: Item, incident: Incident, today: date, *, shown: bool) -> Markup:
    number = bold(Markup(str(item.number)))
    if not shown:
        return Markup(f"{number}  {inert(public_name(incident))}")
    who = inert(item.owner.name if item.owner else "nobody yet", NAME_LIMIT)
    facts = [who, inert(_when(item, today))] if item.is_open else [who, inert(item.state.value)]
    return Markup(f"{number}  {inert(item.text, _TEXT)} ({', '.join(facts)}), {inert(incident.label)}")


def _when(item: Item, today: date) -> str:
    if item.due is None:
        return "no day"
    return f"was due by {day(item.due)}" if item.is_late(today) else f"by {day(item.due)}"
