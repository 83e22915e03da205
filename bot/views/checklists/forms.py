"""The forms behind the buttons of a run's card: which item, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.checklists.run import Run, RunItem
from bot.domain.errors import InvalidError
from bot.domain.text import UPDATE_LIMIT
from bot.views.blocks import Block, context
from bot.views.checklists.buttons import GIVE, NOT_APPLICABLE, NOTE, PROBLEM, REOPEN, SOLVED
from bot.views.inputs import SELECT_OPTIONS, Option, View, checkbox, modal, select, text_input, user_select
from bot.views.inputs import value_of as _value_of
from bot.views.markup import inert

PROBLEM_FORM = "run.problem_form"
SOLVED_FORM = "run.solved_form"
NOTE_FORM = "run.note_form"
NOT_APPLICABLE_FORM = "run.not_applicable_form"
GIVE_FORM = "run.give_form"
REOPEN_FORM = "run.reopen_form"

ITEM, WORDS, DECLARE, PERSON = "item", "words", "declare", "person"
"""The forms' parts: errors are told by them."""

WHOLE = "run"
"""What is chosen instead of an item, for the run as a whole."""

_YES = "yes"
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a form was opened for: which run, and where. `position` is the item's whose button it was."""

    run: str
    position: int | None = None
    channel: str | None = None
    channel_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: what it was opened for, and what is filled in. `whole`: no item, but the run."""

    asked: Asked
    position: int | None = None
    whole: bool = False
    words: str = ""
    declare: bool = False
    person: str | None = None


def run_form(action: str, asked: Asked, run: Run) -> View:
    """The form of a button. Raises InvalidError where nothing can be chosen in it, KeyError for another's."""
    return _FORMS[action](asked, run)


def read_sent(view: Mapping[str, Any]) -> Sent:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        raise _unreadable()
    asked = _read_asked(str(view.get("private_metadata") or ""))
    chosen = _value_of(values, ITEM) or ""
    numbered = chosen.isascii() and chosen.isdigit() and len(chosen) <= _MOST_DIGITS
    return Sent(
        asked=asked,
        position=int(chosen) if numbered else asked.position if ITEM not in values else None,
        whole=chosen == WHOLE,
        words=_value_of(values, WORDS) or "",
        declare=_value_of(values, DECLARE) == _YES,
        person=_value_of(values, PERSON),
    )


def _problem(asked: Asked, run: Run) -> View:
    box = Option(
        value=_YES,
        text="Declare an incident",
        description="The form for it follows, filled in; its end closes the problem",
    )
    return _form(
        PROBLEM_FORM,
        "Report a problem",
        "Report",
        asked,
        [
            _item(run.open_items, asked, "With which item?"),
            _words("What is wrong?", "The last backup is 40 hours old"),
            checkbox(DECLARE, "Incident", box, checked=False),
        ],
    )


def _solved(asked: Asked, run: Run) -> View:
    item = run.item(asked.position) if asked.position is not None else None
    about = f"{run.label} {item.position} {item.title}" if item else run.label
    return _form(
        SOLVED_FORM,
        "Close a problem",
        "Close it",
        asked,
        [
            *([context(inert(about, 300))] if item else [_item(run.open_problems, asked, "Whose problem?")]),
            _words("What was done?", "Backups run again since 10:40", optional=True),
        ],
    )


def _note(asked: Asked, run: Run) -> View:
    return _form(
        NOTE_FORM,
        "Add a note",
        "Add",
        asked,
        [_item(run.items, asked, "Of what?", whole="The whole run"), _words("Note", "db-2 is at 78 %")],
    )


def _not_applicable(asked: Asked, run: Run) -> View:
    return _form(
        NOT_APPLICABLE_FORM,
        "Not applicable",
        "Settle it",
        asked,
        [_item(run.open_items, asked, "Which item?"), _words("Why not?", "No deploys this week")],
    )


def _give(asked: Asked, run: Run) -> View:
    return _form(
        GIVE_FORM,
        "Hand over",
        "Hand over",
        asked,
        [
            _item(run.open_items, asked, "What?", whole="The whole run"),
            user_select(PERSON, "To whom?", placeholder="Somebody of the team"),
        ],
    )


def _reopen(asked: Asked, run: Run) -> View:
    settled = [item for item in run.items if not item.is_open]
    return _form(REOPEN_FORM, "Open again", "Open it", asked, [_item(settled, asked, "Which item?")])


_FORMS: Mapping[str, Callable[[Asked, Run], View]] = {
    PROBLEM: _problem,
    SOLVED: _solved,
    NOTE: _note,
    NOT_APPLICABLE: _not_applicable,
    GIVE: _give,
    REOPEN: _reopen,
}
FORMS = frozenset(_FORMS)
"""The actions that open a form."""


def _form(callback: str, title: str, submit: str, asked: Asked, blocks: Iterable[Block]) -> View:
    return modal(callback, title, blocks, submit=submit, close="Leave it", metadata=_metadata(asked))


def _item(items: Sequence[RunItem], asked: Asked, label: str, *, whole: str | None = None) -> Block:
    """Which item, chosen already where the button was its, or there is but one."""
    first = [Option(value=WHOLE, text=whole)] if whole else []
    options = [*first, *(_option(item) for item in items)][:SELECT_OPTIONS]
    if not options:
        raise InvalidError("There is no such item any more; the card shows how things stand.")
    only = options[0].value if len(options) == 1 or whole else None
    return select(
        ITEM,
        label,
        options,
        initial=str(asked.position) if asked.position is not None else only,
        placeholder="Choose an item",
    )


def _option(item: RunItem) -> Option:
    return Option(value=str(item.position), text=f"{item.position}. {item.title}")


def _words(label: str, placeholder: str, *, optional: bool = False) -> Block:
    return text_input(
        WORDS, label, placeholder=placeholder, longest=UPDATE_LIMIT, lines=True, optional=optional
    )


def _metadata(asked: Asked) -> str:
    kept = {"run": asked.run, "item": asked.position, "channel": asked.channel, "name": asked.channel_name}
    return json.dumps(kept, separators=(",", ":"))


def _read_asked(metadata: str) -> Asked:
    try:
        kept = json.loads(metadata)
    except ValueError:
        raise _unreadable() from None
    match kept:
        case {"run": str(run), "item": (int() | None) as position}:
            channel, name = (str(kept[key]) if kept.get(key) else None for key in ("channel", "name"))
            return Asked(run=run, position=position, channel=channel, channel_name=name)
        case _:
            raise _unreadable()


def _unreadable() -> InvalidError:
    return InvalidError("That form cannot be read. `/checklist help` has the same as commands.")
