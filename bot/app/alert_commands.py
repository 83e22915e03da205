"""Joins `/alerts`."""

from __future__ import annotations

from bot.app.alerts import alerts_of
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.alert_noise import NoiseReader
from bot.services.alert_reader import AlertReader
from bot.views.alert_help import COMMAND
from handlers.commands.alert_deeds import AlertDeeds
from handlers.commands.alerts import AlertCommand, AlertLooking


def wire_alert_commands(inside: Inside) -> Part:
    """Join it."""
    return Part(commands={COMMAND: alert_command(inside).carry_out})


def alert_command(inside: Inside) -> AlertCommand:
    """What carries out a line about alerts, wherever it was written."""
    outside = inside.outside
    reader = AlertReader(
        store=outside.store, clock=outside.clock, directory=inside.directory, workspace=outside.workspace
    )
    noise = NoiseReader(store=outside.store, clock=outside.clock, workspace=outside.workspace)
    return AlertCommand(
        services=lambda: {service.key: service.title for service in outside.guide.services.values()},
        parts=(
            AlertLooking(reader=reader, noise=noise).doers,
            AlertDeeds(
                alerts=alerts_of(inside), silences=inside.silences, reader=reader, declare=inside.declare
            ).doers,
        ),
    )
