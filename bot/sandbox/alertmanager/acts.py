"""Alertmanager with its surroundings: what people and tests do to it, and what they see of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.alertmanager import catalogue, groups
from bot.sandbox.alertmanager.alerts import Alert, Alerts, alert, check
from bot.sandbox.alertmanager.catalogue import Rule
from bot.sandbox.alertmanager.groups import Groups
from bot.sandbox.alertmanager.labels import LabelSet, fingerprint, label_set
from bot.sandbox.alertmanager.routes import Timing, routes
from bot.sandbox.alertmanager.rules import Firing, Rules
from bot.sandbox.alertmanager.showing import shown_alert, silence_json
from bot.sandbox.alertmanager.silences import Silence, Silences
from bot.sandbox.alertmanager.telling import Teller
from bot.sandbox.alertmanager.times import MILLISECOND
from bot.sandbox.alertmanager.webhook import FIRST_PAUSE_SECONDS, Notification, Webhook
from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.faults import FaultKind, Faults
from bot.sandbox.feed import Feed

LARGEST_STORM = 1000
EXTERNAL_URL = "http://127.0.0.1:9093"
CALLS = ("alerts", "silences", "status", "receivers")
_FAULTS = (FaultKind.STATUS, FaultKind.DELAY, FaultKind.CUT, FaultKind.DOWN)
_WATCHDOG = fingerprint(catalogue.WATCHDOG.labels)

Shown = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the stand-in: what fires, and of which of that somebody was notified."""

    firing: dict[str, Firing]
    watchdog: bool
    alerts: list[Alert]
    silences: list[Silence]
    groups: groups.Kept
    notifications: list[Notification]


class StandIn:
    """Alertmanager's alerts, silences, groups and notifications, in the sandbox's time.

    What `/control/` does is here as methods. `tick()` does what is due by now; while the stand-in is
    served, it is called every `tick_seconds` of real time, unless that is None. Without `webhook_url`
    nobody is notified. `first_pause`: real seconds before a notification that failed is tried again.
    """

    def __init__(
        self,
        *,
        clock: Clock = wall_clock,
        webhook_url: str | None = None,
        webhook_token: str | None = None,
        timing: Timing | None = None,
        external_url: str = EXTERNAL_URL,
        tick_seconds: float | None = 0.2,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self.feed = Feed()
        self.faults = Faults(kinds=_FAULTS, called="api", calls=CALLS)
        self.alerts, self.silences = Alerts(), Silences()
        self.timing = timing or Timing()
        self.groups = Groups(routes(self.timing), self.silences.silencing)
        self.tick_seconds = tick_seconds
        webhook = (
            Webhook(url=webhook_url, token=webhook_token, first_pause=first_pause) if webhook_url else None
        )
        self.teller = Teller(
            webhook, self.groups, external_url=external_url, clock=clock, changed=self._notified
        )
        self.started_at = clock() * MILLISECOND
        self._rules = Rules()
        self._watchdog = False
        self._clock = clock
        self._told: tuple[Shown, Shown] = ({}, {})

    @property
    def notifications(self) -> list[Notification]:
        """The newest notifications, oldest first: whether one was lost or refused can be read here."""
        return list(self.teller.notifications)

    def now(self) -> int:
        """The present in nanoseconds; what fires goes on firing until then."""
        now = self._clock() * MILLISECOND
        self._take(self._rules.again(now), now)
        return now

    def tick(self) -> None:
        """Do what is due by now: notify, let alerts and silences run out, tell the watchers."""
        now = self.now()
        for telling in self.groups.due(now):
            self.teller.tell(telling)
        if self.alerts.forget(now) | self.silences.forget(now):
            self._told = self._shown(now)
            self.feed.publish("reset", {})
        self._tell(now)

    def soonest(self) -> int | None:
        """When somebody is to be notified next, in epoch milliseconds, as far as is known. None for never."""
        at = self.groups.soonest(self.now())
        return None if at is None else -(-at // MILLISECOND)

    async def settled(self) -> None:
        """Wait until every notification under way is taken or given up."""
        await self.teller.settled()

    def post(self, alerts: Iterable[Alert]) -> None:
        """Take alerts in, as `POST /api/v2/alerts` does."""
        now = self.now()
        self._take(alerts, now)
        self._tell(now)

    def fire(self, name: str) -> Alert:
        """Let an alert of the catalogue fire until it is resolved. Raises LookupError."""
        return self._fire([catalogue.by_name(name)])[0]

    def fire_labels(self, labels: LabelSet, annotations: LabelSet) -> Alert:
        """Let an alert of one's own fire until it is resolved. Raises ValueError for what is no alert."""
        made = Rule(name="", title="", labels=label_set(labels), annotations=annotations, generator_url="")
        check(alert(made.labels, made.annotations, now=self.now()))
        return self._fire([made])[0]

    def storm(self, size: int) -> list[Alert]:
        """Let many different alerts fire at once. Raises ValueError for less than one and too many."""
        if not 1 <= size <= LARGEST_STORM:
            raise ValueError(f"count must be an integer from 1 to {LARGEST_STORM}")
        return self._fire(catalogue.storm(size))

    def resolve(self, identity: str) -> Alert:
        """End the alert with a fingerprint now. Raises LookupError."""
        held, now = self.alerts.get(identity), self.now()
        if held is None:
            raise LookupError(f"There is no alert with the fingerprint {identity!r}.")
        self._end([held], now)
        return self.alerts.get(identity) or held

    def resolve_all(self) -> int:
        """End every alert but the Watchdog now; how many there were."""
        now = self.now()
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

    def put_silence(self, silence: Silence) -> Silence:
        """Make or change a silence, as `POST /api/v2/silences` does; the same errors."""
        now = self.now()
        made = self.silences.put(silence, now)
        self._tell(now)
        return made

    def expire_silence(self, identity: str) -> None:
        """End a silence now. Raises `NoSilenceError`."""
        now = self.now()
        self.silences.expire(identity, now)
        self._tell(now)

    def reset(self) -> None:
        """Forget alerts, silences, notifications and faults; the webhook stays."""
        self.teller.clear()
        for each in (self._rules, self.alerts, self.silences, self.groups, self.faults):
            each.clear()
        self._watchdog, self._told = False, ({}, {})
        self.feed.publish("reset", {})

    def kept(self) -> Kept:
        """What is to be there again at another start. Faults are not."""
        return Kept(
            firing=self._rules.kept(),
            watchdog=self._watchdog,
            alerts=self.alerts.all(),
            silences=self.silences.all(self._clock() * MILLISECOND),
            groups=self.groups.kept(),
            notifications=self.notifications,
        )

    def restore(self, was: Kept) -> None:
        """Go on from there: what fires has gone on firing, and nobody is told again of what they know."""
        self._rules.restore(was.firing)
        self._watchdog = was.watchdog
        self.alerts.restore(was.alerts)
        self.silences.restore(was.silences)
        self.groups.restore(was.groups)
        self.teller.restore(was.notifications)
        self._told = self._shown(self.now())

    def state(self) -> dict[str, Any]:
        """Everything, as `/control/state` shows it."""
        now = self.now()
        alerts, silences = self._shown(now)
        return {
            "feed": self.feed.last,
            "now": now // MILLISECOND,
            "alerts": list(alerts.values()),
            "silences": list(silences.values()),
            "notifications": [each.to_json() for each in self.notifications],
            "catalogue": [each.to_json() for each in catalogue.CATALOGUE],
            "watchdog": self._watchdog,
            "webhook": self.teller.webhook.url if self.teller.webhook else None,
            **self.faults.to_json(),
        }

    def _fire(self, rules: Iterable[Rule]) -> list[Alert]:
        now = self.now()
        taken = self._take([self._rules.fire(each, now) for each in rules], now)
        self._tell(now)
        return taken

    def _end(self, alerts: Iterable[Alert], now: int) -> None:
        for each in alerts:
            self._rules.stop(each.fingerprint)
        self._take([_ended(each, now) for each in alerts if not each.over(now)], now)
        self._tell(now)

    def _take(self, alerts: Iterable[Alert], now: int) -> list[Alert]:
        taken = [self.alerts.put(each, now) for each in alerts]
        for each in taken:
            self.groups.put(each, now)
        return taken

    def _shown(self, now: int) -> tuple[Shown, Shown]:
        alerts = self.alerts.all()
        return (
            {each.fingerprint: shown_alert(each, self._silenced_by(each, now), now) for each in alerts},
            {each.id: silence_json(each, now) for each in self.silences.all(now)},
        )

    def _silenced_by(self, each: Alert, now: int) -> list[str]:
        return self.silences.silencing(each.labels, now)

    def _tell(self, now: int) -> None:
        """Publish what watchers do not know yet."""
        shown = self._shown(now)
        for kind, before, after in zip(("alert", "silence"), self._told, shown, strict=True):
            for each in _changed(before, after):
                self.feed.publish(kind, each)
        self._told = shown

    def _notified(self, notification: Notification) -> None:
        self.feed.publish("notification", notification.to_json())


def _ended(each: Alert, now: int) -> Alert:
    return alert(
        each.labels,
        each.annotations,
        now=now,
        starts_at=each.starts_at,
        ends_at=now,
        generator_url=each.generator_url,
    )


def _changed(before: Mapping[str, Any], after: Shown) -> Iterable[dict[str, Any]]:
    return (each for identity, each in after.items() if before.get(identity) != each)
