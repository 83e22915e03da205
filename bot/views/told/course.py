"""How the course of an incident is told: its states, its severity, who has which role."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard
from bot.domain.deed import asked_for
from bot.domain.event import Event, EventKind
from bot.domain.severity import Severity
from bot.views.told.telling import Told, by, text


def _severity_changed(event: Event, _card: IncidentCard) -> str:
    before, now = text(event, "from", "?"), text(event, "to", "?")
    known = {severity.value: severity for severity in Severity}
    raised = before in known and now in known and known[now].is_worse_than(known[before])
    return f"{'Raised' if raised else 'Lowered'} from {before} to {now} by {event.actor.name}."


def _role_given(event: Event, _card: IncidentCard) -> str:
    role, to, before = text(event, "title", "a role"), text(event, "to"), text(event, "from")
    if not to:
        return f"{before or 'Nobody'} is no longer {role}; nobody is."
    taken = f" in place of {before}" if before else ""
    by = "" if to == event.actor.name else f", says {event.actor.name}"
    return f"{to} is {role} now{taken}{by}."


TOLD: Mapping[EventKind, Told] = {
    EventKind.DECLARED: Told(
        sentence=by("Declared"),
        public="declared",
    ),
    EventKind.ACKNOWLEDGED: Told(
        sentence=by("Acknowledged"),
        public="acknowledged",
    ),
    EventKind.MITIGATED: Told(
        sentence=by("Mitigated"),
        public="mitigated",
    ),
    EventKind.RESOLVED: Told(
        sentence=by("Resolved"),
        public="resolved",
    ),
    EventKind.REOPENED: Told(
        sentence=by("Reopened"),
        public="reopened",
    ),
    EventKind.CANCELLED: Told(
        sentence=by("Cancelled as a false alarm"),
        public="cancelled as a false alarm",
    ),
    EventKind.SEVERITY_CHANGED: Told(
        sentence=_severity_changed,
        public="its severity was changed",
    ),
    EventKind.ROLE_GIVEN: Told(
        sentence=_role_given,
        public="somebody has another role",
    ),
    EventKind.REFUSED: Told(
        sentence=lambda event, _: f"{event.actor.name} asked to {asked_for(text(event, 'asked'))}: refused.",
        public="a request was refused",
    ),
}
