"""Joins `/slo`: as a command, under its buttons, and where people talk to the bot."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.questions import Questions
from bot.views.slo.help import COMMAND
from handlers.actions.slo import SLO_ACTIONS, SloActions
from handlers.commands.slo import SloCommand


def wire_slo(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    command = SloCommand(
        reader=inside.slo,
        questions=Questions(store=outside.store, clock=outside.clock),
        replies=inside.replies,
        pictures=inside.pictures,
        after_ack=inside.after_ack,
        zone=outside.guide.organization.zone,
    )
    actions = SloActions(
        command=command,
        promises=inside.slo.promises,
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(
        commands={COMMAND: command.slash},
        actions={SLO_ACTIONS: actions.press},
        spoken={COMMAND.removeprefix("/"): command.spoken},
    )
