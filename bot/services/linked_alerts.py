"""What people do about which alerts belong to an incident, and whether it is over once they are resolved."""

from __future__ import annotations

from bot.domain import escalation
from bot.domain.alert import AlertGroup
from bot.domain.alert_link import check_is_asked, check_may_link, not_yet, unlinked
from bot.domain.deed import Deed
from bot.domain.errors import AlreadyError, NotFoundError, StaleError
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.ports.store import Store, Transaction
from bot.services.alert_links import incident_of, link, unlink
from bot.services.alert_looks import tell_news
from bot.services.incident_changes import IncidentChanges
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request
from bot.services.writing import write_outcome


class LinkedAlerts:
    """Links alerts with incidents. Every method raises DomainError in words for the one who asked."""

    def __init__(self, *, store: Store, changes: IncidentChanges) -> None:
        self._store = store
        self._changes = changes

    async def link(self, request: Request, ref: Ref, alert: int) -> Answer:
        """Let an alert, by its number, belong to an incident."""

        def act(incident: Incident, record: Record) -> Answer:
            group = _group(record.tx, alert, lock=True)
            check_may_link(group, incident, incident_of(record.tx, group), record.now)
            link(record, group, incident)
            tell_news(record, incident, record.tx.alert_groups.of_incident(incident.id))
            return Answer(text=f"{group.label} belongs to {incident.label} now.")

        return await self._changes.carry_out(Deed.LINK, request, ref, act, word=f"link A{alert}")

    async def unlink(self, request: Request, alert: int) -> Answer:
        """Take an alert, by its number, from the incident that it belongs to."""
        found = await self._store.read(lambda tx: _group(tx, alert))
        if found.incident is None:
            raise AlreadyError(f"Nothing to do: {found.label} belongs to no incident.")

        def act(incident: Incident, record: Record) -> Answer:
            group = _group(record.tx, alert, lock=True)
            if group.incident != incident.id:
                raise StaleError(f"{group.label} has gone elsewhere in this moment: look again.")
            unlink(record, group, incident)
            write_outcome(record, Outcome(incident=incident, happened=(unlinked(group),)))
            return Answer(text=f"{group.label} belongs to {incident.label} no more.")

        return await self._changes.carry_out(Deed.UNLINK, request, Ref(id=found.incident), act)

    async def over(self, request: Request, ref: Ref) -> Answer:
        """Answer that it is over, now that its alerts are resolved."""

        def decide(incident: Incident, record: Record) -> Outcome:
            check_is_asked(incident)
            return escalation.resolve(incident, request.actor, record.now)

        return await self._changes.change(Deed.RESOLVE, request, ref, decide)

    async def not_yet(self, request: Request, ref: Ref) -> Answer:
        """Answer that it is not over yet."""
        return await self._changes.change(Deed.ATTEND, request, ref, lambda one, _record: not_yet(one))


def _group(tx: Transaction, number: int, *, lock: bool = False) -> AlertGroup:
    group = tx.alert_groups.by_number(number, lock=lock)
    if group is None:
        raise NotFoundError(f"There is no alert A{number}.")
    return group
