"""Joins what people do with changes on their cards."""

from __future__ import annotations

from bot.app.change_commands import change_forms, gate_asking
from bot.app.changes import changes_of
from bot.app.inside import Inside
from bot.app.part import Part
from handlers.actions.changes import CHANGE_ACTIONS, change_presses, decode
from handlers.actions.pressing import Pressing


def wire_change_buttons(inside: Inside) -> Part:
    """The buttons, and the forms behind them."""
    forms = change_forms(inside)
    actions = Pressing(
        what="answering a change's button",
        decode=decode,
        by_action=change_presses(changes_of(inside), forms, gate_asking(inside)),
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(actions={CHANGE_ACTIONS: actions.press}, forms=forms.by_callback)
