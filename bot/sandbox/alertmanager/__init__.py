"""A stand-in for Alertmanager: grouping, webhooks, silences and API v2, as the bot meets them."""

from bot.sandbox.alertmanager.stand_in import AlertmanagerStandIn

__all__ = ["AlertmanagerStandIn"]
