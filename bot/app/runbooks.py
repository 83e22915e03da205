"""Joins `/runbook`: as a command, under its buttons, and where people talk to the bot."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.questions import Questions
from bot.services.runbook_reader import RunbookReader
from bot.views.runbooks.help import COMMAND
from handlers.actions.runbooks import RUNBOOK_ACTIONS, RunbookActions
from handlers.commands.runbooks import RunbookCommand


def wire_runbooks(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    command = RunbookCommand(
        reader=RunbookReader(guide=outside.guide, library=outside.library),
        questions=Questions(store=outside.store, clock=outside.clock),
        replies=inside.replies,
        after_ack=inside.after_ack,
    )
    actions = RunbookActions(
        command=command, replies=inside.replies, after_ack=inside.after_ack, who=inside.who
    )
    return Part(
        commands={COMMAND: command.slash},
        actions={RUNBOOK_ACTIONS: actions.press},
        spoken={COMMAND.removeprefix("/"): command.spoken, "runbooks": command.spoken},
    )
