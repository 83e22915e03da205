"""The Prometheus behind: it posts an alert again and again for as long as the rule fires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.alertmanager.alerts import Alert, alert
from bot.sandbox.alertmanager.catalogue import Rule
from bot.sandbox.alertmanager.times import MILLISECOND, MINUTE

VALID = 4 * MINUTE
"""How long an alert lasts that is not posted again: four times Prometheus' pause between two posts."""

_RESEND = MINUTE


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires: since when, and when its alert was posted last."""

    rule: Rule
    since: int
    posted: int


class Rules:
    """What fires by people's wish."""

    def __init__(self) -> None:
        self._firing: dict[str, Firing] = {}

    def fire(self, rule: Rule, now: int) -> Alert:
        """Let a rule fire from now on; the alert as it is posted. One that fires already goes on."""
        made = _alert(rule, now, now)
        held = self._firing.get(made.fingerprint)
        since = held.since if held is not None else _evaluated(made, now)
        self._firing[made.fingerprint] = Firing(rule, since, now)
        return _alert(rule, since, now)

    def again(self, now: int) -> Iterator[Alert]:
        """The alerts that are to be posted again by now."""
        for identity, each in self._firing.items():
            if each.posted + _RESEND <= now:
                self._firing[identity] = Firing(each.rule, each.since, now)
                yield _alert(each.rule, each.since, now)

    def stop(self, identity: str) -> None:
        """Let the rule fire no longer."""
        self._firing.pop(identity, None)

    def kept(self) -> dict[str, Firing]:
        """What fires, by fingerprint."""
        return self._firing

    def restore(self, firing: dict[str, Firing]) -> None:
        """Let these fire, and no others."""
        self._firing = firing

    def clear(self) -> None:
        """Let nothing fire."""
        self._firing.clear()


def _alert(rule: Rule, since: int, now: int) -> Alert:
    return alert(
        rule.labels,
        rule.annotations,
        now=now,
        starts_at=since,
        ends_at=now + VALID,
        generator_url=rule.generator_url,
    )


def _evaluated(made: Alert, now: int) -> int:
    """When the rule was evaluated: Prometheus' groups of rules have their own offsets, in nanoseconds."""
    return now - int(made.fingerprint, 16) % MILLISECOND
