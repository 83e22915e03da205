"""What ties a guide's values together: the rules that no single value can break.

Each rule looks at sections that are valid by themselves; a rule whose sections are not is left out
until they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.domain.severity import Severity
from bot.domain.text import duration
from bot.guide import lint_changes as changing
from bot.guide import lint_checklists as reviews
from bot.guide import lint_people as people
from bot.guide import lint_runbooks as books
from bot.guide import words
from bot.guide.document import Document, Place
from bot.guide.finding import Finding
from bot.guide.incident_sections import SeverityPart
from bot.guide.lint_alerts import hidden_routes, paging_routes, security_routes, watchdog
from bot.guide.lint_slo import askable, measured, told_twice, two_numbers
from bot.guide.references import runbook_places, unknown_words
from bot.guide.schema import DefaultsPart, RolesPart, TeamPart, TierPart
from bot.guide.sections import valid_sections
from bot.guide.service_sections import ServicePart

_FIRST_LEVEL = 1


def lint(document: Document) -> tuple[dict[str, Any], list[Finding]]:
    """The document's valid sections by name, and all findings in the file's order."""
    sections, findings = valid_sections(document)
    findings += document.findings
    findings += unknown_words(document)
    findings += _repeated_runbooks(document)
    for rule, needed in _RULES:
        if all(name in sections for name in needed):
            findings += rule(document, *(sections[name] for name in needed))
    return sections, sorted(findings, key=lambda found: (found.line, found.column))


def _all_severities(document: Document, severities: Mapping[Severity, SeverityPart]) -> Iterator[Finding]:
    for severity in Severity:
        if severity not in severities:
            yield document.error(("severities",), f'"{severity}" is missing in "severities"')
    if Severity.P0 in severities and not severities[Severity.P0].path:
        yield document.error(("severities", "P0", "path"), "P0 reaches nobody: its path names no tier")


def _responses_in_order(document: Document, severities: Mapping[Severity, SeverityPart]) -> Iterator[Finding]:
    ordered = [severity for severity in Severity if severity in severities]
    for worse, severity in pairwise(ordered):
        sooner, later = severities[severity].response, severities[worse].response
        if _length(sooner) < _length(later):
            said = words.NEXT_BUSINESS_DAY if later is None else duration(later)
            text = f"{severity} would be answered sooner than the more urgent {worse} ({said})"
            yield document.error(("severities", severity.value, "response"), text)


def _length(response: timedelta | None) -> timedelta:
    return timedelta.max if response is None else response


def _reaches(document: Document, tiers: Mapping[str, TierPart]) -> Iterator[Finding]:
    for key, tier in tiers.items():
        if tier.mention.groups or tier.mention.people:
            continue
        place = ("tiers", key, "mention")
        if tier.reach.slack:
            text = f'"{key}" has no way to be reached: only Slack, and nobody to mention'
            yield document.error(place, text)
        else:
            text = f'"{key}" has no user group or person to mention: fill in "mention"'
            yield document.warning(place, text)


def _levels(
    document: Document, tiers: Mapping[str, TierPart], severities: Mapping[Severity, SeverityPart]
) -> Iterator[Finding]:
    levels = {key: tier.reach.pagerduty for key, tier in tiers.items() if tier.reach.pagerduty}
    path = severities[Severity.P0].path if Severity.P0 in severities else []
    first = path[0] if path else None
    first_is_service = first is not None and first in tiers and tiers[first].reach.pagerduty == 0
    owners = {_FIRST_LEVEL: first}
    for key, level in levels.items():
        place = ("tiers", key, "reach", "pagerduty")
        if not first_is_service:
            text = f'a level needs a service to be a level of, but P0\'s first tier "{first}" has none'
            yield document.error(place, f"{text}: reach that one by pagerduty: service")
        elif level in owners:
            yield document.error(place, f'level {level} is already that of "{owners[level]}"')
        owners.setdefault(level, key)
    for severity, policy in severities.items():
        yield from _rising_levels(document, severity, policy, levels)


def _rising_levels(
    document: Document, severity: Severity, policy: SeverityPart, levels: Mapping[str, int]
) -> Iterator[Finding]:
    steps = [(index, tier) for index, tier in enumerate(policy.path) if tier in levels]
    for (_, earlier), (index, later) in pairwise(steps):
        if levels[later] <= levels[earlier]:
            text = f'"{later}" is level {levels[later]}, but "{earlier}" before it is level {levels[earlier]}'
            place = ("severities", severity.value, "path", index)
            yield document.error(place, f"{text}: PagerDuty goes up only")


def _services_filled_in(document: Document, services: Mapping[str, ServicePart]) -> Iterator[Finding]:
    for key, service in services.items():
        for name, value in (("runbook", service.runbook), ("team", service.team)):
            if value is None:
                fallback = _raw_default(document, name)
                text = f'"{key}" has no {name}: fill it in; until then "{fallback}" stands in'
                yield document.warning(("services", key), text)


def _raw_default(document: Document, name: str) -> object:
    defaults = document.data.get("defaults")
    return defaults.get(name, "") if isinstance(defaults, dict) else ""


def _repeated_runbooks(document: Document) -> Iterator[Finding]:
    seen: dict[object, Place] = {}
    for place in runbook_places(document.data):
        if place[-1] in seen:
            line = document.position(seen[place[-1]], of_key=True).line
            text = f'the runbook "{place[-1]}" is already on line {line}'
            yield document.error(place, text, of_key=True)
        seen.setdefault(place[-1], place)


def _rooms_for_security(
    document: Document,
    severities: Mapping[Severity, SeverityPart],
    roles: RolesPart,
    teams: Mapping[str, TeamPart],
    defaults: DefaultsPart,
) -> Iterator[Finding]:
    """A security incident's room is private: who is not invited cannot come."""
    team = teams.get(defaults.security_team)
    invited = [roles.security, *([team.mention] if team else [])]
    if any(who.groups or who.people for who in invited):
        return
    for severity, policy in severities.items():
        if policy.room:
            text = (
                "a security incident's room would be empty but for who declared it and who is called: "
                f'fill in "roles.security", or the mention of the team "{defaults.security_team}"'
            )
            yield document.warning(("severities", severity.value, "room"), text)


_Rule = Callable[..., Iterator[Finding]]
_RULES: tuple[tuple[_Rule, tuple[str, ...]], ...] = (
    (_all_severities, ("severities",)),
    (_responses_in_order, ("severities",)),
    (_reaches, ("tiers",)),
    (_levels, ("tiers", "severities")),
    (_services_filled_in, ("services",)),
    (askable, ("services",)),
    (measured, ("services",)),
    (told_twice, ("services",)),
    (two_numbers, ("platform",)),
    (reviews.nameable, ("checklists",)),
    (reviews.item_keys, ("checklists",)),
    (reviews.its_day_comes, ("checklists", "organization")),
    (reviews.done_before_the_next, ("checklists",)),
    (reviews.owners, ("checklists",)),
    (reviews.on_call_can_be_asked, ("checklists", "tiers", "severities")),
    (reviews.security_reviews, ("checklists", "defaults")),
    (reviews.one_source, ("checklists",)),
    (reviews.numbers_of_queries, ("checklists",)),
    (reviews.promised, ("checklists", "services")),
    (changing.each_phase_once, ("changes",)),
    (changing.types_nameable, ("changes", "services")),
    (changing.types_told_apart, ("changes",)),
    (changing.starts_unapproved, ("changes",)),
    (changing.windows_apart, ("changes",)),
    (changing.webhooks_private, ("changes",)),
    (changing.webhooks_used, ("changes", "services")),
    (people.tiers_nameable, ("tiers",)),
    (people.roles_filled_in, ("changes", "roles")),
    (people.approvals_reachable, ("changes", "roles")),
    (books.files_once, ("runbooks",)),
    (books.tags_once, ("runbooks",)),
    (paging_routes, ("alerts", "alerting", "severities")),
    (hidden_routes, ("alerts",)),
    (security_routes, ("alerts", "defaults")),
    (watchdog, ("alerting", "severities", "defaults")),
    (_rooms_for_security, ("severities", "roles", "teams", "defaults")),
)
