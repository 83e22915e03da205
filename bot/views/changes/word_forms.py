"""The forms behind the buttons of a change's card that take words: why not, why back, why nevertheless."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.changes.change import Change
from bot.domain.errors import InvalidError
from bot.domain.text import UPDATE_LIMIT
from bot.views.blocks import Block, context, section
from bot.views.changes.buttons import CANCEL, NOTE, OVERRIDE, REJECT, ROLLBACK
from bot.views.changes.plan import whole_texts
from bot.views.inputs import View, modal, text_input, value_of
from bot.views.markup import Markup, bold, inert

REJECT_FORM = "change.reject_form"
ROLLBACK_FORM = "change.rollback_form"
NOTE_FORM = "change.note_form"
CANCEL_FORM = "change.cancel_form"
OVERRIDE_FORM = "change.override_form"

WORDS = "words"
"""The only thing that is filled in: errors are told by it."""

_BY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a form was opened for: which change, which plan of it was seen, and where."""

    change: str
    revision: int
    channel: str | None = None
    channel_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: what it was opened for, and what was written."""

    asked: Asked
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How one of the forms reads. `below` is what stands under the words."""

    callback: str
    title: str
    submit: str
    label: str
    placeholder: str
    optional: bool = False
    below: Callable[[Change, str], Iterator[Block]] = lambda _change, _by: iter(())


def word_form(action: str, asked: Asked, change: Change, *, by: str = "") -> View:
    """The form of a button. Raises KeyError for a button that has another, or none.

    `by` says who or what would take the change back.
    """
    kind = _FORMS[action]
    about = section(Markup(f"{bold(Markup(change.label))} {inert(change.title)}"))
    words = text_input(
        WORDS,
        kind.label,
        placeholder=kind.placeholder,
        longest=UPDATE_LIMIT,
        lines=True,
        optional=kind.optional,
    )
    return modal(
        kind.callback,
        kind.title,
        [about, words, *kind.below(change, by)],
        submit=kind.submit,
        close="Leave it",
        metadata=_metadata(asked),
    )


def read_sent(view: Mapping[str, Any]) -> Sent:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        raise _unreadable()
    asked = _read_asked(str(view.get("private_metadata") or ""))
    return Sent(asked=asked, words=value_of(values, WORDS) or "")


def _way_back(change: Change, by: str) -> Iterator[Block]:
    yield from whole_texts([("How it is rolled back", change.plan.rollback)])
    yield context(Markup(f"{inert(by, _BY)} Everybody in the channel is told.".strip()))


def _told_loudly(_change: Change, _by: str) -> Iterator[Block]:
    yield context(
        Markup(
            "Everybody in the channel is told, with your name, your reason and what the gate says, and it "
            "stays in the log. Approvals and tests cannot be overridden."
        )
    )


_FORMS: Mapping[str, _Kind] = {
    REJECT: _Kind(
        callback=REJECT_FORM,
        title="Reject the change",
        submit="Reject",
        label="Why not?",
        placeholder="The rollback plan does not cover the queue",
    ),
    ROLLBACK: _Kind(
        callback=ROLLBACK_FORM,
        title="Roll it back",
        submit="Roll back",
        label="Why?",
        placeholder="Errors at 5 % since it was deployed",
        optional=True,
        below=_way_back,
    ),
    NOTE: _Kind(
        callback=NOTE_FORM,
        title="Add a note",
        submit="Add",
        label="Note",
        placeholder="Node 3 of 8 is through",
    ),
    CANCEL: _Kind(
        callback=CANCEL_FORM,
        title="Call it off",
        submit="Call it off",
        label="Why?",
        placeholder="The supplier has moved the date",
    ),
    OVERRIDE: _Kind(
        callback=OVERRIDE_FORM,
        title="Override the gate",
        submit="Start it now",
        label="Why must it start now?",
        placeholder="Customers cannot pay, and this mends it",
        below=_told_loudly,
    ),
}


def _metadata(asked: Asked) -> str:
    kept = {
        "change": asked.change,
        "revision": asked.revision,
        "channel": asked.channel,
        "name": asked.channel_name,
    }
    return json.dumps(kept, separators=(",", ":"))


def _read_asked(metadata: str) -> Asked:
    try:
        kept = json.loads(metadata)
    except ValueError:
        raise _unreadable() from None
    match kept:
        case {"change": str(change), "revision": int(revision)}:
            channel, name = (str(kept[key]) if kept.get(key) else None for key in ("channel", "name"))
            return Asked(change=change, revision=revision, channel=channel, channel_name=name)
        case _:
            raise _unreadable()


def _unreadable() -> InvalidError:
    return InvalidError("That form cannot be read. `/change help` has the same as commands.")
