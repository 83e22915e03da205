"""What fires in a world's Alertmanager, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.sandbox.alertmanager import AlertmanagerStandIn
from bot.sandbox.alertmanager.routes import Timing
from bot.sandbox.alertmanager.webhook import Webhook

ALERTS_TOKEN = "alertmanager-token-of-the-tests"
AT_ONCE = Timing(group_wait=0, group_interval=0)
"""Who listens is told of every change at once, and reminded after four hours."""

_FIRST_PAUSE_SECONDS = 0.01


def let_hear(alertmanager: AlertmanagerStandIn, bot_url: str) -> None:
    """The bot is told from now on, where it listens now."""
    alertmanager.teller.webhook = Webhook(
        url=f"{bot_url}/webhooks/alertmanager", token=ALERTS_TOKEN, first_pause=_FIRST_PAUSE_SECONDS
    )


def let_fire(
    alertmanager: AlertmanagerStandIn,
    alertname: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
) -> str:
    """An alert fires until it is resolved. Its fingerprint."""
    return alertmanager.fire_labels({"alertname": alertname, **labels}, annotations).fingerprint


def let_resolve(alertmanager: AlertmanagerStandIn, alertname: str, labels: Mapping[str, str]) -> int:
    """Every alert that fires with this name and these labels is over; how many there were."""
    wanted = {"alertname": alertname, **labels}.items()
    over = [each for each in alertmanager.alerts.lasting(alertmanager.now()) if wanted <= each.labels.items()]
    for each in over:
        alertmanager.resolve(each.fingerprint)
    return len(over)


def next_told(alertmanager: AlertmanagerStandIn) -> datetime | None:
    """When it tells of something next."""
    at = alertmanager.soonest()
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC)
