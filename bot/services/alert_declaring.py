"""A person declares an incident for an alert: both know of each other from its first instant."""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import check_is_free, check_may_link
from bot.domain.errors import NotFoundError
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read
from bot.services.alert_links import incident_of, link
from bot.services.beginning import begin_with
from bot.services.record import Record
from bot.services.requests import Request


class AlertDeclaring:
    """Reads what is filled in where an incident is declared for an alert."""

    def __init__(self, *, store: Store, workspace: Workspace) -> None:
        self._store = store
        self._workspace = workspace

    async def alert(self, request: Request, group_id: str) -> tuple[AlertGroup, bool]:
        """The group, and whether its texts may be shown where it is asked.

        Raises NotFoundError, and AlreadyError for one that belongs to an open incident.
        """

        def body(tx: Transaction) -> AlertGroup:
            group = _existing(tx.alert_groups.by_id(group_id))
            check_is_free(group, incident_of(tx, group))
            return group

        group = await self._store.read(body)
        return group, may_read(self._workspace, group, request.channel)


def lock_alert(record: Record, group_id: str, incident: Incident) -> AlertGroup:
    """The group, locked, for which an incident is about to be declared. Raises DomainError."""
    group = _existing(record.tx.alert_groups.by_id(group_id, lock=True))
    check_may_link(group, incident, incident_of(record.tx, group), record.now)
    return group


def begin_with_alert(record: Record, outcome: Outcome, group: AlertGroup) -> Incident:
    """Write the beginning of an incident, and let the group, which is locked here, belong to it."""
    incident = begin_with(record, outcome, group)
    link(record, group, incident)
    return incident


def _existing(group: AlertGroup | None) -> AlertGroup:
    if group is None:
        raise NotFoundError("That alert is gone.")
    return group
