"""What alert groups and an incident have to do with each other: who belongs where, who pages, who is asked.

An incident takes in alerts of its service while it is young; it is told what becomes of them, and its people
are asked whether it is over once all are resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import escalation
from bot.domain.actor import OPSBOT, PAGERDUTY, Actor
from bot.domain.alert import AlertGroup, AlertState, AlertStatus
from bot.domain.alert_policy import WhenResolved
from bot.domain.card import LinkedAlerts
from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Happened, Outcome
from bot.domain.text import clean, listed

NAMED = 10
"""Alerts that one line names; it counts the others."""

TOLD_OF_ALERTS = frozenset({EventKind.ALERTS_LINKED, EventKind.ALERTS_FIRING, EventKind.ALERTS_RESOLVED})
"""The entries that a look at an incident's alerts writes."""

NEWS_AT_ONCE = 5
NEWS_WITHIN = timedelta(minutes=5)
NEWS_THEN = timedelta(minutes=1)
"""So many entries about its alerts an incident gets within a time; then one tells all the rest, so often."""

_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an incident's thread has not been told yet of its alerts: which came, fire again, are resolved."""

    joined: tuple[AlertGroup, ...] = ()
    firing: tuple[AlertGroup, ...] = ()
    resolved: tuple[AlertGroup, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.joined or self.firing or self.resolved)


def may_belong(group: AlertGroup, incident: Incident) -> bool:
    """Whether a group may be linked with an incident at all: what is secret stays among its own."""
    return group.security == incident.security and not incident.drill


def takes_in(
    incident: Incident, group: AlertGroup, now: datetime, within: timedelta, newest: datetime | None
) -> bool:
    """Whether a group belongs to an open incident without anybody saying so.

    `newest` is when the newest of the incident's alerts fired.
    """
    if not incident.is_open or group.service is None or incident.service != group.service:
        return False
    if not may_belong(group, incident):
        return False
    return max(incident.declared_at, newest or incident.declared_at) >= now - within


def carries(incident: Incident, group: AlertGroup) -> bool:
    """Whether an incident is paged for a group, so that the group itself pages nobody."""
    return incident.is_open and not group.severity.is_worse_than(incident.severity)


def becomes_incident(group: AlertGroup, now_of: Incident | None) -> bool:
    """Whether a group whose time to be taken has passed becomes an incident.

    `now_of` is the one that it belongs to: one that is over keeps it from nothing. For what is part of a
    storm the storm becomes one.
    """
    return group.waits and group.storm is None and (now_of is None or not now_of.is_open)


def check_is_free(group: AlertGroup, now_of: Incident | None) -> None:
    """Refuse what would take a group from an incident that goes on."""
    if now_of is not None and now_of.is_open:
        raise AlreadyError(
            f"{group.label} belongs to #{now_of.number} already: `/incident unlink {group.label}` first."
        )


def check_may_link(group: AlertGroup, incident: Incident, now_of: Incident | None, now: datetime) -> None:
    """Refuse to link what does not go together. `now_of` is the incident to which the group belongs."""
    check_is_free(group, now_of)
    if not incident.is_open:
        raise InvalidError(f"Nothing goes on there: {incident.describe(now)}.")
    if group.security != incident.security:
        raise InvalidError(
            "A security alert is linked with security incidents only, and they only with it: "
            "others would read what it is about."
        )
    if incident.drill:
        raise InvalidError("An alert is no drill: it is linked with real incidents only.")


def news_of(groups: Iterable[AlertGroup], told: Mapping[str, AlertStatus]) -> News:
    """What is to be told of an incident's groups, by what was `told` of each last, by its id."""
    listed = tuple(groups)
    resolved = tuple(
        one for one in listed if not one.is_open and told.get(one.id) is not AlertStatus.RESOLVED
    )
    return News(
        joined=tuple(one for one in listed if one.id not in told),
        firing=tuple(one for one in listed if one.is_open and told.get(one.id) is AlertStatus.RESOLVED),
        resolved=resolved,
    )


def next_news(told: Sequence[datetime], now: datetime) -> datetime | None:
    """When an incident that was told of its alerts at these instants is told more; None: now."""
    recent = [at for at in told if at > now - NEWS_WITHIN]
    later = max(recent) + NEWS_THEN if len(recent) >= NEWS_AT_ONCE else now
    return later if later > now else None


def tell(
    incident: Incident,
    groups: Sequence[AlertGroup],
    news: News,
    now: datetime,
    *,
    when_resolved: WhenResolved,
    whom: Actor | None,
) -> Outcome:
    """Tell the incident what is new with its alerts, and do what the guide wants once all are resolved.

    `whom` is who speaks for the incident.
    """
    happened = [linked(incident, news.joined)] if news.joined else []
    if news.firing:
        happened.append(Happened(kind=EventKind.ALERTS_FIRING, data=_named(news.firing), told=True))
        incident = incident.ask_whether_over(None)
    still = sum(one.is_open for one in groups)
    over = bool(news.resolved) and not still and incident.is_open
    if news.resolved:
        data = {**_named(news.resolved), "still": still}
        told = not over or when_resolved is WhenResolved.NOTHING
        happened.append(Happened(kind=EventKind.ALERTS_RESOLVED, data=data, told=told))
    if over:
        return _all_resolved(incident, groups, happened, now, when_resolved=when_resolved, whom=whom)
    return Outcome(incident=incident, happened=tuple(happened))


def linked(incident: Incident, groups: Sequence[AlertGroup], *, told: bool = True) -> Happened:
    """These alerts belong to the incident now; which of them page by themselves all the same is said.

    For what is part of a storm the storm pages.
    """
    worse = [one.label for one in groups if one.is_open and one.storm is None and not carries(incident, one)]
    data = {**_named(groups), "worse": ", ".join(worse[:NAMED]) or None}
    return Happened(kind=EventKind.ALERTS_LINKED, data=data, told=told)


def unlinked(group: AlertGroup) -> Happened:
    """An alert belongs to the incident no more."""
    return Happened(kind=EventKind.ALERTS_UNLINKED, data=_named([group]), told=True)


def joined(incident: Incident) -> Happened:
    """What the group's own history says of its incident: no more than its number."""
    return Happened(kind=EventKind.ALERT_JOINED, data={"number": incident.number})


def left(incident: Incident) -> Happened:
    """The same, once it belongs to it no more."""
    return Happened(kind=EventKind.ALERT_LEFT, data={"number": incident.number})


def not_yet(incident: Incident) -> Outcome:
    """Somebody says that it is not over, though all its alerts are resolved."""
    check_is_asked(incident)
    return Outcome(incident=incident.ask_whether_over(None), happened=(Happened(kind=EventKind.ALERTS_KEPT),))


def check_is_asked(incident: Incident) -> None:
    """Refuse an answer to a question that is open no more."""
    if incident.over_asked_at is None:
        raise StaleError(
            f"That question is answered, or one of its alerts has fired again since. Now: "
            f"{incident.describe()}. `resolve {incident.number}` resolves it all the same."
        )


def still_firing(alerts: LinkedAlerts | None) -> str:
    """A warning for whoever ends an incident while its alerts fire, as a sentence; empty where none does."""
    if alerts is None or not alerts.firing:
        return ""
    firing = [one for one in alerts.shown if one.state is not AlertState.RESOLVED]
    names = ", ".join(f"{one.label} ({clean(one.name, _NAME_LIMIT)})" for one in firing[:NAMED])
    left = alerts.firing - len(firing[:NAMED])
    more = f" and {left} more" if left > 0 else ""
    who = (
        f"{alerts.firing} of its alerts still fire" if alerts.firing > 1 else "One of its alerts still fires"
    )
    return f"{who}: {names}{more}."


def _all_resolved(
    incident: Incident,
    groups: Sequence[AlertGroup],
    happened: list[Happened],
    now: datetime,
    *,
    when_resolved: WhenResolved,
    whom: Actor | None,
) -> Outcome:
    """The end of a security incident is never the bot's to decide: its team is asked."""
    if when_resolved is WhenResolved.NOTHING:
        return Outcome(incident=incident, happened=tuple(happened))
    if when_resolved is WhenResolved.RESOLVE and not incident.security:
        text = "All its alerts are resolved." if len(groups) > 1 else "Its alert is resolved."
        end = escalation.resolve(incident, OPSBOT, now, text)
        return replace(end, happened=(*happened, *end.happened))
    question = _question(incident, groups, whom)
    return Outcome(incident=incident.ask_whether_over(now), happened=(*happened, question))


def _question(incident: Incident, groups: Sequence[AlertGroup], whom: Actor | None) -> Happened:
    """Mentions whoever has it; who has acknowledged in PagerDuty cannot be, so those who are paged first."""
    in_slack = whom is not None and whom.id != PAGERDUTY
    return Happened(
        kind=EventKind.ALERTS_ASKED,
        data={**_named(groups), "to": whom.name if whom else None},
        told=True,
        notify_people=(whom.id,) if whom and in_slack else (),
        notify=tuple(rung.tier for rung in incident.path.rungs[:1]) if whom and not in_slack else (),
    )


def _named(groups: Sequence[AlertGroup]) -> EventData:
    return {"alerts": _listed(groups), "count": len(groups)}


def _listed(groups: Sequence[AlertGroup]) -> str:
    """`A12 (HighErrorRate), A13 (HighLatency) and 4 more`."""
    return listed([f"{one.label} ({clean(one.name, _NAME_LIMIT)})" for one in groups], NAMED)
