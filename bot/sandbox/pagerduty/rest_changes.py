"""What a change of an incident over the REST API may ask for, and doing it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.pagerduty.account import Account
from bot.sandbox.pagerduty.incidents import Incident
from bot.sandbox.pagerduty.people import Person, Service
from bot.sandbox.pagerduty.rest_shapes import RestError, invalid

TITLE_LIMIT = 1024


def change(account: Account, incident: Incident, wanted: dict[str, Any], requester: Person) -> None:
    """Carry out a change in the requester's name, all of it or nothing. Raises `RestError`."""
    if not incident.open:
        raise RestError(400, 1001, "Incident Already Resolved")
    _check(incident, wanted)
    policy = _policy(account, wanted.get("escalation_policy"))
    assignees = _assignees(account, wanted.get("assignments"))
    agent = requester.reference
    if (title := wanted.get("title")) is not None:
        account.retitle(incident, title, agent)
    if (urgency := wanted.get("urgency")) is not None:
        account.set_urgency(incident, urgency, agent)
    if policy is not None:
        account.delegate(incident, policy, agent)
    if (level := wanted.get("escalation_level")) is not None:
        account.escalate(incident, level, agent)
    if assignees:
        account.reassign(incident, assignees, agent)
    _set_status(account, incident, wanted, agent)


def _set_status(account: Account, incident: Incident, wanted: dict[str, Any], agent: dict[str, Any]) -> None:
    match wanted.get("status"):
        case "acknowledged":
            account.acknowledge(incident, agent)
        case "resolved":
            if wanted.get("resolution"):
                account.annotate(incident, str(wanted["resolution"]), agent)
            account.resolve(incident, agent)
        case _:
            pass


def _check(incident: Incident, wanted: dict[str, Any]) -> None:
    if wanted.get("status") not in {None, "acknowledged", "resolved"}:
        raise invalid("Status must be one of acknowledged, resolved")
    if wanted.get("urgency") not in {None, "high", "low"}:
        raise invalid("Urgency must be one of high, low")
    title = wanted.get("title")
    if title is not None and (not isinstance(title, str) or not 0 < len(title.strip()) <= TITLE_LIMIT):
        raise invalid(f"Title must be a string of 1 to {TITLE_LIMIT} characters")
    _check_level(incident, wanted.get("escalation_level"))
    if wanted.get("assignments") and (wanted.get("escalation_policy") or wanted.get("escalation_level")):
        raise invalid("Assignments cannot be set together with an escalation policy or level")


def _check_level(incident: Incident, level: Any) -> None:
    if level is None:
        return
    if isinstance(level, bool) or not isinstance(level, int):
        raise invalid("Escalation level must be an integer")
    if not 1 <= level <= len(incident.climbs.levels):
        raise invalid("Escalation level is invalid")


def _policy(account: Account, wanted: Any) -> Service | None:
    if wanted is None:
        return None
    for service in account.services:
        if isinstance(wanted, dict) and wanted.get("id") == service.policy_id:
            return service
    raise RestError(400, 1014, "Escalation Policy Not Found")


def _assignees(account: Account, wanted: Any) -> tuple[Person, ...]:
    if wanted is None:
        return ()
    people = {person.id: person for person in account.people}
    try:
        return tuple(people[each["assignee"]["id"]] for each in wanted)
    except (KeyError, TypeError):
        raise RestError(400, 1007, "Assigned To User Not Found") from None
