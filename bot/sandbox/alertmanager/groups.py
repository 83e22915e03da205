"""Groups of alerts: when each is looked at, and whether there is anything to tell of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.labels import LabelSet, alerts_in_order, in_order
from bot.sandbox.alertmanager.routes import Route, route_of
from bot.sandbox.alertmanager.times import ZERO

Muted = Callable[[LabelSet, int], object]
"""Whether nobody is to be told of an alert at an instant."""


@dataclass(slots=True, kw_only=True)
class Group:
    """Alerts that are told together. `looked`: whether it was looked at yet; `telling`: it is being told."""

    key: str
    route: Route
    labels: LabelSet
    look_at: int
    alerts: dict[str, Alert] = field(default_factory=dict)
    looked: bool = False
    telling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is to be told of a group: its alerts as they were; those that fire have no end."""

    group: Group
    alerts: tuple[Alert, ...]

    @property
    def firing(self) -> frozenset[str]:
        """The fingerprints of the alerts that fire."""
        return frozenset(each.fingerprint for each in self.alerts if each.ends_at == ZERO)

    @property
    def resolved(self) -> frozenset[str]:
        """The fingerprints of the alerts that are over."""
        return frozenset(each.fingerprint for each in self.alerts) - self.firing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was last told of a group, and when."""

    at: int
    firing: frozenset[str]
    resolved: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The groups, and the log of what was told of them, by their keys."""

    groups: dict[str, Group]
    told: dict[str, Told]


class Groups:
    """The groups of every route. `muted` says of which alerts nothing is told."""

    def __init__(self, among: Sequence[Route], muted: Muted) -> None:
        self.routes = tuple(among)
        self._muted = muted
        self._held: dict[str, Group] = {}
        self._told: dict[str, Told] = {}

    def put(self, alert: Alert, now: int) -> None:
        """Put an alert into its group. A new group waits a moment for more, unless the alert is old news."""
        route = route_of(alert.labels, self.routes)
        labels = route.group_labels(alert.labels)
        key = route.group_key(labels)
        group = self._held.get(key)
        if group is None:
            group = Group(key=key, route=route, labels=labels, look_at=now + route.group_wait)
            self._held[key] = group
        group.alerts[alert.fingerprint] = alert
        if not group.looked and alert.starts_at + route.group_wait < now:
            group.look_at = now

    def due(self, now: int) -> list[Telling]:
        """Look at every group whose time has come; what is to be told. Each is to be settled."""
        found = (self._look(group, now) for group in tuple(self._held.values()) if group.look_at <= now)
        return [telling for telling in found if telling is not None]

    def soonest(self, now: int) -> int | None:
        """When something is to be told next, as far as is known now: news, or a reminder. None for never."""
        coming = (self._tells_at(group, now) for group in self._held.values())
        return min((at for at in coming if at is not None), default=None)

    def settle(self, telling: Telling, now: int, *, told: bool) -> None:
        """It was told, or could not be: then it is tried again when the group is next looked at."""
        telling.group.telling = False
        if told:
            self._told[telling.group.key] = Told(at=now, firing=telling.firing, resolved=telling.resolved)
            _drop_resolved(telling.group, telling.alerts)

    def shown(self) -> list[tuple[Group, list[Alert]]]:
        """Every group with its alerts, in Alertmanager's order."""
        groups = in_order(self._held.values(), lambda group: group.labels)
        return [(group, _ordered(group)) for group in groups]

    def kept(self) -> Kept:
        """What is to be there again."""
        return Kept(groups=self._held, told=self._told)

    def restore(self, was: Kept) -> None:
        """Go on from there, by the routes of now. What was being told is told anew, unless it was taken."""
        routes = {route.key: route for route in self.routes}
        self._held = {key: group for key, group in was.groups.items() if group.route.key in routes}
        for group in self._held.values():
            group.route, group.telling = routes[group.route.key], False
        self._told = was.told

    def clear(self) -> None:
        """Forget the groups and what was told of them."""
        self._held.clear()
        self._told.clear()

    def _tells_at(self, group: Group, now: int) -> int | None:
        look_at = max(group.look_at, now)
        telling, told = self._telling(group, look_at), self._told.get(group.key)
        if group.telling or self._news(telling, look_at):
            return look_at
        if told is None or not telling.firing:
            return None
        return max(look_at, told.at + group.route.repeat_interval + 1)

    def _telling(self, group: Group, now: int) -> Telling:
        """What there is to tell of a group, were it told now."""
        alerts = [each if each.over(now) else replace(each, ends_at=ZERO) for each in _ordered(group)]
        return Telling(
            group=group, alerts=tuple(each for each in alerts if not self._muted(each.labels, now))
        )

    def _look(self, group: Group, now: int) -> Telling | None:
        if group.telling:
            return None
        if not group.alerts:
            del self._held[group.key]
            return None
        group.look_at, group.looked = now + group.route.group_interval, True
        telling = self._telling(group, now)
        if self._news(telling, now):
            group.telling = True
            return telling
        _drop_resolved(group, [each for each in group.alerts.values() if each.over(now)])
        return None

    def _news(self, telling: Telling, now: int) -> bool:
        """Whether the receiver does not know it yet, or is to be reminded of it."""
        told, firing = self._told.get(telling.group.key), telling.firing
        if not telling.alerts:
            return False
        if told is None:
            return bool(firing)
        if not firing <= told.firing:
            return True
        if not firing:
            return bool(told.firing)
        if not telling.resolved <= told.resolved:
            return True
        return told.at < now - telling.group.route.repeat_interval


def _ordered(group: Group) -> list[Alert]:
    return alerts_in_order(group.alerts.values(), lambda each: each.labels)


def _drop_resolved(group: Group, seen: Sequence[Alert]) -> None:
    """Drop the alerts that were over, unless they have changed meanwhile."""
    for each in seen:
        held = group.alerts.get(each.fingerprint)
        if each.ends_at != ZERO and held is not None and held.updated_at == each.updated_at:
            del group.alerts[each.fingerprint]
