"""Where no form can be opened: what is to be changed is asked, with buttons that open it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.change_policy import ChangeType
from bot.domain.changes.change import Change
from bot.domain.errors import InvalidError
from bot.domain.text import TITLE_LIMIT, clean
from bot.views.blocks import Message, actions, button, context, message, section
from bot.views.changes.buttons import ASK, BLOCK_ID, EDIT, plain_button
from bot.views.markup import Markup, inert

_MOST_TYPES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to ask for, as far as they have said. `kind` and `service` are the guide's keys."""

    kind: str | None = None
    service: str | None = None
    title: str = ""

    @property
    def action(self) -> str:
        """Which button this is."""
        return ASK


def encode_wish(wish: Wish) -> str:
    """The value of a button that opens the form: `ask|standard|payment|New checkout`."""
    return "|".join(("ask", wish.kind or "", wish.service or "", clean(wish.title, TITLE_LIMIT)))


def decode_wish(value: str) -> Wish | None:
    """The inverse; None for the value of another button. Raises InvalidError for one that cannot be read."""
    word, *parts = value.split("|", maxsplit=3)
    if word != "ask":
        return None
    match parts:
        case [kind, service, title]:
            return Wish(kind=kind or None, service=service or None, title=title)
        case _:
            raise InvalidError("That button cannot be read. `/change` opens the form.")


def ask_message(wish: Wish, types: Iterable[ChangeType]) -> Message:
    """What is to be changed? A button for each type, or for the one that was named."""
    offered = [one for one in types if wish.kind in {None, one.key}][:_MOST_TYPES]
    asked = Markup("What do you want to change?")
    buttons = [
        button(
            f"{one.title}…",
            f"{ASK}.{one.key}",
            encode_wish(Wish(kind=one.key, service=wish.service, title=wish.title)),
            spoken=f"Ask for a {one.title}",
        )
        for one in offered
    ]
    return message(
        asked,
        [
            section(asked),
            actions(f"{BLOCK_ID}.asked", *buttons),
            context(Markup("The form asks for plan, validation and rollback. `/change` opens it anywhere.")),
        ],
    )


def edit_message(change: Change) -> Message:
    """The form in which a plan is edited is opened by a button."""
    asked = Markup(f"Edit the plan of {inert(change.label)} {inert(change.title)}:")
    return message(
        asked, [section(asked), actions(f"{BLOCK_ID}.edited", plain_button("Edit…", EDIT, change))]
    )
