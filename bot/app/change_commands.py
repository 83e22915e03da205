"""Joins `/change`: as a command, and where people talk to the bot."""

from __future__ import annotations

from bot.app.change_calendar import calendar_doers
from bot.app.changes import change_reader, changes_of
from bot.app.gate import gates_of
from bot.app.inside import Inside
from bot.app.part import Part
from bot.views.changes.help import COMMAND
from handlers.commands.change_deeds import ChangeDeeds
from handlers.commands.change_gate import GateAsking
from handlers.commands.change_override import OverrideAsking
from handlers.commands.changes import ChangeAsking, ChangeCommand, ChangeLooking
from handlers.modals.changes import ChangeForms


def wire_change_commands(inside: Inside) -> Part:
    """Join it."""
    command = change_command(inside)
    spoken = {COMMAND.removeprefix("/"): command.spoken, "changes": command.spoken_of}
    return Part(commands={COMMAND: command.carry_out}, spoken=spoken)


def change_command(inside: Inside) -> ChangeCommand:
    """What carries out a line about changes, wherever it was written."""
    guide = inside.outside.guide
    return ChangeCommand(
        guide=lambda: guide,
        parts=(
            ChangeLooking(reader=change_reader(inside), guide=guide).doers,
            gate_asking(inside).doers,
            ChangeAsking(forms=change_forms(inside), guide=guide).doers,
            ChangeDeeds(changes=changes_of(inside), overriding=_overriding(inside)).doers,
            calendar_doers(inside),
        ),
    )


def gate_asking(inside: Inside) -> GateAsking:
    """What answers whether something may be changed now."""
    guide = inside.outside.guide
    return GateAsking(reader=change_reader(inside), gates=gates_of(inside), guide=guide)


def _overriding(inside: Inside) -> OverrideAsking:
    outside = inside.outside
    return OverrideAsking(
        changes=changes_of(inside),
        reader=change_reader(inside),
        gates=gates_of(inside),
        clock=outside.clock,
        guide=outside.guide,
    )


def change_forms(inside: Inside) -> ChangeForms:
    """The forms."""
    outside = inside.outside
    return ChangeForms(
        changes=changes_of(inside),
        reader=change_reader(inside),
        replies=inside.replies,
        clock=outside.clock,
        guide=outside.guide,
        who=inside.who,
    )
