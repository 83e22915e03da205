"""What people and tests do to Alertmanager and its surroundings, and what they see of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.alertmanager import catalogue
from bot.sandbox.alertmanager.alerts import Alert, alert, check
from bot.sandbox.alertmanager.catalogue import Rule
from bot.sandbox.alertmanager.itself import Alertmanager
from bot.sandbox.alertmanager.labels import LabelSet, fingerprint, label_set
from bot.sandbox.alertmanager.plan import LONGEST_SECONDS
from bot.sandbox.alertmanager.routes import route_of
from bot.sandbox.alertmanager.silences import Silence, by_hand
from bot.sandbox.alertmanager.storm import FEW_GROUPS, storm
from bot.sandbox.alertmanager.times import MILLISECOND, MINUTE

_WATCHDOG = fingerprint(catalogue.WATCHDOG.labels)


class StandIn(Alertmanager):
    """What `/control/` does is here as methods."""

    def fire(self, name: str) -> Alert:
        """Let an alert of the catalogue fire until it is resolved. Raises LookupError."""
        return self._fire([catalogue.by_name(name)])[0]

    def fire_labels(self, labels: LabelSet, annotations: LabelSet) -> Alert:
        """Let an alert of one's own fire until it is resolved. Raises ValueError for what is no alert."""
        made = Rule(name="", title="", labels=label_set(labels), annotations=annotations, generator_url="")
        check(alert(made.labels, made.annotations, now=self.now()))
        return self._fire([made])[0]

    def storm(self, size: int, groups: int = FEW_GROUPS, seconds: int = 0) -> list[Alert]:
        """Let many different alerts fire, evenly over so many groups, at once or within `seconds`.

        Those that fire at once. Raises ValueError for less than one and too many.
        """
        rules = storm(size, groups)
        if not 0 <= seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be an integer from 0 to {LONGEST_SECONDS}")
        now = self.now()
        self.plan.spread(rules, seconds, now)
        return self._begin(now)

    def flap(self, name: str) -> None:
        """Let an alert of the catalogue fire and end again and again, a minute each. Raises LookupError."""
        now = self.now()
        self.plan.flap(catalogue.by_name(name), now)
        self._begin(now)

    def resolve(self, identity: str) -> Alert:
        """End the alert with a fingerprint now. Raises LookupError."""
        held, now = self._held(identity), self.now()
        self.plan.leave(frozenset({identity}))
        self._end([held], now)
        return self.alerts.get(identity) or held

    def resolve_all(self) -> int:
        """End every alert but the Watchdog now, and all that was to come; how many there were."""
        now = self.now()
        self.plan.clear()
        lasting = [each for each in self.alerts.lasting(now) if each.fingerprint != _WATCHDOG]
        self._end(lasting, now)
        return len(lasting)

    def watchdog(self, *, on: bool) -> None:
        """Switch the alert on that always fires, or off."""
        self._watchdog = on
        if on:
            self._fire([catalogue.WATCHDOG])
        elif held := self.alerts.get(_WATCHDOG):
            self._end([held], self.now())

    def silence(self, identity: str, minutes: int) -> Silence:
        """Silence an alert's group for a while, as somebody does on Alertmanager's own page.

        Raises LookupError for no such alert, and ValueError for no length of time.
        """
        held, now = self._held(identity), self.now()
        if minutes < 1:
            raise ValueError("minutes must be an integer of at least 1")
        group = route_of(held.labels, self.groups.routes).group_labels(held.labels)
        return self.put_silence(by_hand(group, now, minutes * MINUTE))

    def reset(self) -> None:
        """Forget alerts, silences, notifications and faults; the webhook stays."""
        self.teller.clear()
        for each in (
            self.rules,
            self.plan,
            self._watchers,
            self.alerts,
            self.silences,
            self.groups,
            self.faults,
        ):
            each.clear()
        self._watchdog = False
        self.feed.publish("reset", {})

    def state(self) -> dict[str, Any]:
        """Everything, as `/control/state` shows it."""
        now = self.now()
        return {
            "feed": self.feed.last,
            "now": now // MILLISECOND,
            **self._watchers.state(self.alerts.all(), self.silences.all(now), now),
            "notifications": [each.to_json() for each in self.notifications],
            "catalogue": [each.to_json() for each in catalogue.CATALOGUE],
            "watchdog": self._watchdog,
            "webhook": self.teller.webhook.url if self.teller.webhook else None,
            **self.faults.to_json(),
        }

    def _held(self, identity: str) -> Alert:
        held = self.alerts.get(identity)
        if held is None:
            raise LookupError(f"There is no alert with the fingerprint {identity!r}.")
        return held

    def _fire(self, rules: Iterable[Rule]) -> list[Alert]:
        now = self.now()
        taken = self._take([self.rules.fire(each, now) for each in rules], now)
        self._tell(now)
        return taken

    def _begin(self, now: int) -> list[Alert]:
        """Do at once what is due of what was just begun; what fires by it."""
        taken = self._go_on(now)
        self._tell(now)
        return taken
