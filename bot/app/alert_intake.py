"""Joins what comes from Alertmanager."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.adapters.meter import PrometheusMeter
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.alert_intake import AlertIntake
from handlers.webhooks.alertmanager import PATH, AlertmanagerWebhook


def wire_alert_intake(inside: Inside, meter: PrometheusMeter) -> Part:
    """What Alertmanager tells."""
    outside, token = inside.outside, inside.outside.settings.alertmanager_webhook_token
    intake = AlertIntake(
        store=outside.store, clock=outside.clock, ids=RandomIds(), directory=inside.directory
    )
    webhook = AlertmanagerWebhook(
        intake=intake,
        clock=outside.clock,
        meter=meter,
        token=token.get_secret_value() if token else None,
    )
    return Part(posts={PATH: webhook.post})
