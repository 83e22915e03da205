"""Joins what people do with changes on their cards."""

from __future__ import annotations

from bot.app.change_commands import change_forms, gate_asking
from bot.app.changes import change_reader, changes_of
from bot.app.inside import Inside
from bot.app.part import Part
from handlers.actions.changes import CHANGE_ACTIONS, change_presses, decode, forced_presses
from handlers.actions.pressing import Pressing
from handlers.modals.change_words import ChangeWordForms


def wire_change_buttons(inside: Inside) -> Part:
    """The buttons, and the forms behind them."""
    forms, words = change_forms(inside), _word_forms(inside)
    actions = Pressing(
        what="answering a change's button",
        decode=decode,
        by_action={
            **change_presses(changes_of(inside), forms, words, gate_asking(inside)),
            **forced_presses(changes_of(inside), inside.outside.clock, inside.replies, inside.after_ack),
        },
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(actions={CHANGE_ACTIONS: actions.press}, forms={**forms.by_callback, **words.by_callback})


def _word_forms(inside: Inside) -> ChangeWordForms:
    outside = inside.outside
    return ChangeWordForms(
        changes=changes_of(inside),
        reader=change_reader(inside),
        replies=inside.replies,
        clock=outside.clock,
        guide=outside.guide,
        who=inside.who,
    )
