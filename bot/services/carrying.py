"""Whether something else is paged in an alert group's place."""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import carries
from bot.ports.store import Transaction


def is_carried(tx: Transaction, group: AlertGroup) -> bool:
    """Whether a storm stands for it, or it belongs to an open incident that is at least as severe."""
    if group.storm is not None:
        return True
    incident = tx.incidents.by_id(group.incident) if group.incident else None
    return incident is not None and carries(incident, group)
