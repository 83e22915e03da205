"""Joins `/runbook`: as a command, under its buttons, and where people talk to the bot."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.questions import Questions
from bot.services.runbook_reader import RunbookReader
from bot.services.runbooks import Runbooks
from bot.views.runbooks.help import COMMAND
from handlers.actions.runbooks import RUNBOOK_ACTIONS, RunbookActions
from handlers.commands.runbooks import RunbookCommand


def wire_runbooks(inside: Inside) -> Part:
    """Join it."""
    outside, runbooks = inside.outside, runbooks_of(inside)
    command = RunbookCommand(
        reader=RunbookReader(guide=outside.guide, library=outside.library),
        runbooks=runbooks,
        questions=Questions(store=outside.store, clock=outside.clock),
        replies=inside.replies,
        after_ack=inside.after_ack,
    )
    actions = RunbookActions(
        command=command,
        runbooks=runbooks,
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(
        commands={COMMAND: command.slash},
        actions={RUNBOOK_ACTIONS: actions.press},
        spoken={COMMAND.removeprefix("/"): command.spoken, "runbooks": command.spoken},
    )


def runbooks_of(inside: Inside) -> Runbooks:
    """What people do with runbooks in incidents."""
    return Runbooks(changes=inside.incident_changes, store=inside.outside.store, directory=inside.directory)
