"""Joins `/checklist`: as a command, and where people talk to the bot."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.checklist_history import ChecklistHistory
from bot.services.checklist_report import ReviewCounter
from bot.services.questions import Questions
from bot.services.run_asking import RunAsking
from bot.services.run_changes import RunChanges
from bot.services.run_reader import RunReader
from bot.services.runs import Runs
from bot.views.checklists.help import COMMAND
from handlers.commands.checklist_deeds import ChecklistDeeds
from handlers.commands.checklist_reports import ChecklistCounting
from handlers.commands.checklists import ChecklistCommand, ChecklistLooking


def wire_checklist_commands(inside: Inside) -> Part:
    """Join it."""
    command = checklist_command(inside)
    return Part(commands={COMMAND: command.carry_out}, spoken={COMMAND.removeprefix("/"): command.spoken})


def checklist_command(inside: Inside) -> ChecklistCommand:
    """What carries out a line about checklists, wherever it was written."""
    outside = inside.outside
    return ChecklistCommand(
        titles=lambda: {one.key: one.title for one in outside.guide.checklists.values()},
        parts=(
            ChecklistLooking(reader=run_reader(inside), clock=outside.clock, rights=inside.rights).doers,
            ChecklistDeeds(runs=runs_of(inside), asking=_asking(inside), who=inside.who).doers,
            _counting(inside).doers,
        ),
    )


def runs_of(inside: Inside) -> Runs:
    """The use cases, for commands, buttons and forms."""
    outside = inside.outside
    changes = RunChanges(
        store=outside.store,
        clock=outside.clock,
        directory=inside.directory,
        rights=inside.rights,
        workspace=outside.workspace,
    )
    return Runs(changes=changes, rights=inside.rights)


def run_reader(inside: Inside) -> RunReader:
    """What reads runs."""
    outside = inside.outside
    return RunReader(
        store=outside.store, clock=outside.clock, directory=inside.directory, workspace=outside.workspace
    )


def _counting(inside: Inside) -> ChecklistCounting:
    outside = inside.outside
    return ChecklistCounting(
        counter=ReviewCounter(
            store=outside.store,
            clock=outside.clock,
            directory=inside.directory,
            workspace=outside.workspace,
        ),
        history=ChecklistHistory(
            store=outside.store, directory=inside.directory, workspace=outside.workspace
        ),
        questions=Questions(store=outside.store, clock=outside.clock),
        rights=inside.rights,
        pictures=inside.pictures,
        after_ack=inside.after_ack,
        guide=outside.guide,
    )


def _asking(inside: Inside) -> RunAsking:
    outside = inside.outside
    return RunAsking(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=inside.directory,
        rights=inside.rights,
    )
