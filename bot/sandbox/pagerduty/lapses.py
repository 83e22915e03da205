"""What time brings inside of PagerDuty, by the stand-in's clock: only where a service has it set."""

from __future__ import annotations

from bot.sandbox.pagerduty.account import Account
from bot.sandbox.pagerduty.incidents import ACKNOWLEDGED, Incident

_MINUTE, _SECOND = 60_000, 1000


def lapse(account: Account, now: int) -> None:
    """Carry out what has come due by `now` (epoch ms): one step of each incident a call."""
    if not any(service.has_timeouts for service in account.services):
        return
    for incident in account.incidents:
        if incident.open:
            _lapse(account, incident, now)


def _lapse(account: Account, incident: Incident, now: int) -> None:
    service, agent = incident.service, incident.service.reference
    if _over(incident.opened_at, service.auto_resolve_timeout, _SECOND, now):
        account.resolve(incident, agent)
    elif incident.status == ACKNOWLEDGED:
        acknowledged_at = incident.acknowledgements[-1][0]
        if _over(acknowledged_at, service.acknowledgement_timeout, _SECOND, now):
            account.unacknowledge(incident, agent)
    elif incident.level < len(incident.climbs.levels) and _over(
        incident.notified_at, incident.climbs.escalation_minutes, _MINUTE, now
    ):
        account.escalate(incident, incident.level + 1, agent)


def _over(since: int, timeout: int | None, unit: int, now: int) -> bool:
    return timeout is not None and timeout > 0 and now - since >= timeout * unit
