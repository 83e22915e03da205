"""A storm as Alertmanager tells of it: which bodies its webhook sends, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.sandbox.alertmanager.alerts import Alert, alert
from bot.sandbox.alertmanager.catalogue import Rule
from bot.sandbox.alertmanager.groups import Group, Telling
from bot.sandbox.alertmanager.routes import Timing, routes
from bot.sandbox.alertmanager.storm import storm
from bot.sandbox.alertmanager.times import MILLISECOND, SECOND, ZERO
from bot.sandbox.alertmanager.webhook import body

EXTERNAL_URL = "http://alertmanager.example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """So many alerts in so many groups within so many seconds. Of each group it is told `rounds` times.

    Each round tells of more of a group's alerts, the last one of all.
    """

    alerts: int
    groups: int
    seconds: int
    rounds: int = 3

    @property
    def each(self) -> int:
        """How many alerts a group has in the end."""
        return self.alerts // self.groups

    @property
    def told(self) -> int:
        """How many alerts all bodies hold: most of them are told of more than once."""
        return sum(self.groups * (self.each * told // self.rounds) for told in range(1, self.rounds + 1))

    def bodies(self, began: datetime, *, over: bool = False) -> Iterator[tuple[timedelta, bytes]]:
        """Every body with when it is sent, in order. With `over` the one round in which all is resolved."""
        fired = [
            _fired(rule, began, self.seconds if over else None) for rule in storm(self.alerts, self.groups)
        ]
        rounds = (self.rounds,) if over else range(1, self.rounds + 1)
        for turn, told in enumerate(rounds):
            for number in range(self.groups):
                at = timedelta(seconds=self.seconds) * ((turn + number / self.groups) / len(rounds))
                yield at, _body(fired[number :: self.groups][: self.each * told // self.rounds])


def _fired(rule: Rule, began: datetime, seconds: int | None) -> Alert:
    """The alert of a rule: it fires, or was over after so many seconds."""
    now = _nanoseconds(began)
    made = alert(
        rule.labels,
        rule.annotations,
        now=now,
        starts_at=now,
        ends_at=now + (seconds or 0) * SECOND,
        generator_url=rule.generator_url,
    )
    return made if seconds else replace(made, ends_at=ZERO)


def _body(alerts: Sequence[Alert]) -> bytes:
    route = routes(Timing())[-1]
    labels = route.group_labels(alerts[0].labels)
    group = Group(key=route.group_key(labels), route=route, labels=labels, look_at=0)
    return body(Telling(group=group, alerts=tuple(alerts)), EXTERNAL_URL)


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000) * MILLISECOND
