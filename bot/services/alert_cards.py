"""Reads what an alert group's card shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertStatus, Silence, SilenceState
from bot.domain.alert_card import SHOWN, AlertCard, LinkedIncident, StormShare, newest
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.links import alerts_page, link_hosts, outside_link
from bot.domain.routing import SERVICE_LABEL
from bot.domain.severity import Severity
from bot.domain.slo.objective import PLATFORM
from bot.ports.store import Transaction
from bot.services.cards import next_step_of
from bot.services.linked_changes import linked_changes
from bot.services.silence_keeping import read_silence

_READ = 100
"""Alerts that are looked at to find the newest label sets."""


def read_alert_card(tx: Transaction, group: AlertGroup, directory: Directory) -> AlertCard:
    """Everything that the group's card shows, as it is in this transaction."""
    guide, team = directory.guide, team_title(group, directory)
    told = tx.alerts.of(group.id, limit=_READ)
    listed = newest((*tx.alerts.of(group.id, firing=True, limit=SHOWN), *told))
    hosts = link_hosts(guide)
    graphs = (outside_link(one.graph_url, hosts) for one in listed)
    return AlertCard(
        group=group,
        alerts=listed[:SHOWN],
        more=_more(group, listed, whole=len(told) < _READ),
        service=directory.service_title(group),
        team=team,
        runbook=directory.runbook(group),
        unknown_service=_unknown_service(group, listed),
        dashboards=directory.dashboards(group),
        runbook_url=outside_link(group.runbook_url, hosts),
        dashboard_url=outside_link(group.dashboard_url, hosts),
        graph_url=next((one for one in graphs if one is not None), None),
        alertmanager_url=outside_link(alerts_page(group.external_url, group.labels), hosts),
        unlinked=tuple(_unlinked((group.runbook_url, group.dashboard_url), hosts)),
        next_step=next_step_of(tx, group, team, directory),
        pages=tx.pages.of(group.id),
        confirmable=directory.confirmable,
        incident=_incident(tx, group),
        silence=_silence(tx, group),
        storm=_shares(tx, group, directory) if group.source is AlertSource.STORM else (),
        changes=linked_changes(tx, group, directory),
        flapping=group.flaps >= guide.alerting.flapping.times,
    )


def team_title(group: AlertGroup, directory: Directory) -> str:
    """Whose it is; the key with which it came where the guide has it no more."""
    team = directory.guide.teams.get(group.team)
    return team.title if team else group.team


def _unknown_service(group: AlertGroup, listed: Iterable[Alert]) -> str | None:
    """What the alerts name as their service, where the group has none: the guide does not know it."""
    if group.service is not None:
        return None
    named = (alert.labels.get(SERVICE_LABEL) for alert in listed)
    return next((name for name in named if name and name != PLATFORM), None)


def _more(group: AlertGroup, listed: tuple[Alert, ...], *, whole: bool) -> int:
    """How many are not shown: label sets where all are known, else as many as were counted."""
    known = len(listed) if whole else max(len(listed), group.firing + group.resolved)
    return max(known - SHOWN, 0) + group.truncated


def _unlinked(urls: Iterable[str | None], hosts: frozenset[str]) -> Iterable[str]:
    """The hosts of addresses to which the card must not lead, each once."""
    refused = (url for url in urls if url and outside_link(url, hosts) is None)
    return dict.fromkeys(_host(url) for url in refused)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _incident(tx: Transaction, group: AlertGroup) -> LinkedIncident | None:
    incident = tx.incidents.by_id(group.incident) if group.incident else None
    if incident is None:
        return None
    at = tx.messages.of(incident.id, Face.CARD)
    return LinkedIncident(label=incident.label, is_open=incident.is_open, at=at)


def _silence(tx: Transaction, group: AlertGroup) -> Silence | None:
    """What keeps it quiet, or is about to; else the newest one that was refused."""
    standing = read_silence(tx, group)
    if standing is not None:
        return standing
    newest_one = next(iter(tx.silences.of(group.id)), None)
    return newest_one if newest_one and newest_one.state is SilenceState.FAILED else None


def _shares(tx: Transaction, storm: AlertGroup, directory: Directory) -> tuple[StormShare, ...]:
    groups: Counter[tuple[str | None, Severity]] = Counter()
    firing: Counter[tuple[str | None, Severity]] = Counter()
    for service, severity, status, count in tx.alert_groups.member_counts(storm.id):
        groups[service, severity] += count
        if status is AlertStatus.FIRING:
            firing[service, severity] += count
    titles = {service.key: service.title for service in directory.guide.services.values()}
    return tuple(
        StormShare(
            service=titles.get(service, service) if service else None,
            severity=severity,
            groups=count,
            firing=firing[service, severity],
        )
        for (service, severity), count in groups.items()
    )
