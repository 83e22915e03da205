"""Joins what alerts and incidents have to do with each other."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.linked_alerts import LinkedAlerts
from handlers.actions.alert_question import question_buttons
from handlers.commands.alert_links import AlertLinkCommands


def wire_alert_links(inside: Inside) -> Part:
    """Join it."""
    linked = LinkedAlerts(store=inside.outside.store, changes=inside.incident_changes)
    return Part(
        doers=(AlertLinkCommands(linked=linked, reader=inside.reader).doers,),
        buttons=question_buttons(linked),
    )
