"""Joins what people do with runs on their cards."""

from __future__ import annotations

from bot.app.checklist_commands import run_reader, runs_of
from bot.app.inside import Inside
from bot.app.part import Part
from bot.views.checklists import buttons
from handlers.actions.checklists import RUN_ACTIONS, run_presses
from handlers.actions.pressing import Pressing
from handlers.modals.checklists import RunForms


def wire_checklist_buttons(inside: Inside) -> Part:
    """The buttons, and the forms behind them."""
    runs = runs_of(inside)
    forms = RunForms(
        runs=runs,
        reader=run_reader(inside),
        declare=inside.declare,
        replies=inside.replies,
        who=inside.who,
    )
    actions = Pressing(
        what="answering a run's button",
        decode=buttons.decode,
        by_action=run_presses(runs, forms),
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(actions={RUN_ACTIONS: actions.press}, forms=forms.by_callback)
