"""The words for action items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.item import DUE
from handlers.lines import line_of
from handlers.slack_text import escaped
from handlers.words.said import Read, Said, first, number_and_text, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    """Something will be done: by whom, and until when, as people say it."""

    number: int | None = None
    text: str
    to: Actor | None = None
    due: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        whom = f" <@{self.to.id}|{escaped(self.to.name)}>" if self.to else ""
        return line_of("item", self.number, "add", self.text) + whom + (f" {self.due}" if self.due else "")


class ItemVerb(StrEnum):
    """What becomes of an item."""

    DONE = "done"
    DROP = "drop"
    TO = "to"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """Something becomes of an item: `text` is the reason, or the day; `to` is who does it."""

    item: int
    verb: ItemVerb
    text: str = ""
    to: Actor | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        if self.to:
            return f"{line_of('item', self.item, 'to')} <@{self.to.id}|{escaped(self.to.name)}>"
        return line_of("item", self.item, None if self.verb is ItemVerb.DUE else self.verb, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItems:
    """Action items: an incident's, or without one those of all that are still to be done."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("items", self.number)


def _item(said: Said) -> AddItem | ChangeItem:
    number, words = number_and_text(said.rest)
    verb, rest = first(words)
    if verb.lower() == "add":
        return _add_item(number, rest, said)
    if number is None:
        raise InvalidError(_HOW_ITEMS)
    match verb.lower():
        case "done" if not rest:
            return ChangeItem(item=number, verb=ItemVerb.DONE)
        case "drop":
            return ChangeItem(item=number, verb=ItemVerb.DROP, text=rest)
        case "to" if len(said.people) == 1:
            return ChangeItem(item=number, verb=ItemVerb.TO, to=said.people[0])
        case _ if DUE.fullmatch(words):
            return ChangeItem(item=number, verb=ItemVerb.DUE, text=words)
        case _:
            raise InvalidError(_HOW_ITEMS)


def _add_item(number: int | None, text: str, said: Said) -> AddItem:
    """Who and until when stand at the end, in either order; elsewhere they are part of the text."""
    to: Actor | None = None
    due: str | None = None
    while True:
        if due is None and (found := _DUE_AT_END.search(text)):
            text, due = text[: found.start()], found[1]
        elif to is None and (one := next((one for one in said.people if _ends_with(text, one)), None)):
            text, to = text[: -len(one.name) - 1].rstrip(), one
        else:
            return AddItem(number=number, text=text.strip(" ,"), to=to, due=due)
        text = text.rstrip(" ,")


def _ends_with(text: str, one: Actor) -> bool:
    return text.endswith(f"@{one.name}")


_DUE_AT_END = re.compile(rf"(?:^|\s)({DUE.pattern})$", re.IGNORECASE)
_HOW_ITEMS = (
    "`item 42 add rotate the keys @lee by 2026-04-01` adds one to incident 42. By an item's own number: "
    "`item 3 done`, `item 3 drop why`, `item 3 to @ana`, `item 3 by friday`."
)

WORDS: Mapping[str, Read] = {
    "item": _item,
    "items": numbered("items", lambda number: ListItems(number=number)),
}
