"""Where alerts go, and how often those who are told are told again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.alertmanager.labels import LabelSet, written
from bot.sandbox.alertmanager.matchers import Matcher, all_match
from bot.sandbox.alertmanager.times import HOUR, MILLISECOND, MINUTE, SECOND

RECEIVER = "opsbot"
WATCHDOG = "Watchdog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route: which alerts it takes, by which labels it groups them, and when it tells of a group.

    `group_wait` is from a group's first alert to its first notification, `group_interval` from one look at
    a group to the next, `repeat_interval` until a group that has not changed is told again. Nanoseconds.
    """

    key: str
    matchers: tuple[Matcher, ...] = ()
    group_by: tuple[str, ...] = ("alertname", "service")
    group_wait: int = SECOND
    group_interval: int = 30 * SECOND
    repeat_interval: int = 4 * HOUR

    def group_labels(self, labels: LabelSet) -> dict[str, str]:
        """The labels by which an alert is grouped: of those grouped by, the ones it has."""
        return {name: labels[name] for name in sorted(self.group_by) if name in labels}

    def group_key(self, group_labels: LabelSet) -> str:
        """What names a group for as long as this configuration holds."""
        return f"{self.key}:{written(group_labels)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The intervals of the routes, in nanoseconds; the Watchdog has a repeat interval of its own."""

    group_wait: int = SECOND
    group_interval: int = 30 * SECOND
    repeat_interval: int = 4 * HOUR
    watchdog_interval: int = MINUTE


def routes(timing: Timing) -> tuple[Route, ...]:
    """The Watchdog's route, then that of all other alerts. The first that takes an alert has it."""
    watchdog = (Matcher(name="alertname", value=WATCHDOG),)
    return (
        Route(
            key="{}/{" + ",".join(map(str, watchdog)) + "}",
            matchers=watchdog,
            group_wait=timing.group_wait,
            group_interval=timing.group_interval,
            repeat_interval=timing.watchdog_interval,
        ),
        Route(
            key="{}",
            group_wait=timing.group_wait,
            group_interval=timing.group_interval,
            repeat_interval=timing.repeat_interval,
        ),
    )


def route_of(labels: LabelSet, among: Sequence[Route]) -> Route:
    """The route that takes an alert; the last one takes every alert."""
    return next(route for route in among if all_match(route.matchers, labels))


def configuration(url: str, timing: Timing) -> str:
    """The configuration file that a real Alertmanager would need to do the same."""
    return f"""\
route:
  receiver: {RECEIVER}
  group_by: [alertname, service]
  group_wait: {_duration(timing.group_wait)}
  group_interval: {_duration(timing.group_interval)}
  repeat_interval: {_duration(timing.repeat_interval)}
  routes:
  - matchers: [alertname="{WATCHDOG}"]
    repeat_interval: {_duration(timing.watchdog_interval)}
receivers:
- name: {RECEIVER}
  webhook_configs:
  - url: {url}
    send_resolved: true
    http_config:
      authorization:
        type: Bearer
        credentials: <secret>
"""


def _duration(nanoseconds: int) -> str:
    units = (("h", HOUR), ("m", MINUTE), ("s", SECOND))
    fitting = (f"{nanoseconds // size}{unit}" for unit, size in units if nanoseconds % size == 0)
    return next(fitting, f"{nanoseconds // MILLISECOND}ms")
