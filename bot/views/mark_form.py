"""The form that asks to which incident's timeline a message is to be added."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.incident import Incident
from bot.domain.quote import Quote
from bot.views.blocks import context, section
from bot.views.inputs import Option, View, modal, select, value_of
from bot.views.markup import inert, said

SHORTCUT = "add_to_timeline"
CALLBACK = "timeline.add"
WHICH = "which"
"""The form's part: errors are told by it."""


def mark_form(quote: Quote, incidents: Sequence[Incident]) -> View:
    """The form, with the open incidents to choose from."""
    options = [Option(value=one.id, text=f"{one.label} {one.public_title}") for one in incidents]
    kept = json.dumps({"quote": asdict(quote)}, ensure_ascii=False, separators=(",", ":"))
    blocks = [
        select(WHICH, "To which incident does it belong?", options, placeholder="An open incident"),
        context(inert(f"{quote.author.name}: {quote.text}", 300)),
    ]
    return modal(CALLBACK, "Add to the timeline", blocks, submit="Add", close="Cancel", metadata=kept)


def read_form(view: Mapping[str, Any]) -> tuple[Quote, str | None]:
    """The message, and the incident (its id) that was chosen. Raises InvalidError."""
    try:
        quote = json.loads(str(view.get("private_metadata") or ""))["quote"]
        message = Quote(**{**quote, "author": Actor(**quote["author"])})
    except (ValueError, KeyError, TypeError):
        raise InvalidError("That form cannot be read. Use the message's menu again.") from None
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    return message, value_of(values, WHICH) if isinstance(values, Mapping) else None


def added_view(text: str) -> View:
    """What the form turns into once it is done."""
    return modal(CALLBACK, "Add to the timeline", [section(said(text))], submit=None, close="Close")
