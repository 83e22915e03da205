"""Alertmanager itself, and the Prometheus behind it, which posts what fires: in the sandbox's time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.alertmanager import groups
from bot.sandbox.alertmanager.alerts import Alert, Alerts, alert
from bot.sandbox.alertmanager.groups import Groups
from bot.sandbox.alertmanager.labels import fingerprint
from bot.sandbox.alertmanager.plan import Plan, Turn
from bot.sandbox.alertmanager.routes import Timing, routes
from bot.sandbox.alertmanager.rules import Firing, Rules
from bot.sandbox.alertmanager.silences import Silence, Silences
from bot.sandbox.alertmanager.telling import Teller
from bot.sandbox.alertmanager.times import MILLISECOND
from bot.sandbox.alertmanager.watchers import Watchers
from bot.sandbox.alertmanager.webhook import FIRST_PAUSE_SECONDS, Notification, Webhook
from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.faults import FaultKind, Faults
from bot.sandbox.feed import Feed

EXTERNAL_URL = "http://127.0.0.1:9093"
CALLS = ("alerts", "silences", "status", "receivers")
_FAULTS = (FaultKind.STATUS, FaultKind.DELAY, FaultKind.CUT, FaultKind.DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the stand-in: what fires, and of which of that somebody was notified."""

    firing: dict[str, Firing]
    watchdog: bool
    plan: list[Turn]
    alerts: list[Alert]
    silences: list[Silence]
    groups: groups.Kept
    notifications: list[Notification]


class Alertmanager:
    """Alerts, silences, groups and notifications.

    `tick()` does what is due by now; while the stand-in is served, it is called every `tick_seconds` of
    real time, unless that is None. Without `webhook_url` nobody is notified. `first_pause`: real seconds
    before a notification that failed is tried again.
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
        self.rules = Rules()
        self._watchdog = False
        self._clock = clock
        self.plan = Plan()
        self._watchers = Watchers(self.feed, self.silences.silencing)

    @property
    def notifications(self) -> list[Notification]:
        """The newest notifications, oldest first: whether one was lost or refused can be read here."""
        return list(self.teller.notifications)

    def now(self) -> int:
        """The present in nanoseconds; what fires goes on firing until then."""
        now = self._clock() * MILLISECOND
        self._take(self.rules.again(now), now)
        return now

    def tick(self) -> None:
        """Do what is due by now: what was begun, notifying, what runs out, telling the watchers."""
        now = self.now()
        self._go_on(now)
        for telling in self.groups.due(now):
            self.teller.tell(telling)
        if self.alerts.forget(now) | self.silences.forget(now):
            self._watchers.know(self.alerts.all(), self.silences.all(now), now)
            self.feed.publish("reset", {})
        self._tell(now)

    def soonest(self) -> int | None:
        """When something happens by itself next, in epoch milliseconds, as far as is known; None: never."""
        coming = (self.groups.soonest(self.now()), self.plan.soonest())
        at = min((each for each in coming if each is not None), default=None)
        return None if at is None else -(-at // MILLISECOND)

    async def settled(self) -> None:
        """Wait until every notification under way is taken or given up."""
        await self.teller.settled()

    def post(self, alerts: Iterable[Alert]) -> None:
        """Take alerts in, as `POST /api/v2/alerts` does."""
        now = self.now()
        self._take(alerts, now)
        self._tell(now)

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

    def kept(self) -> Kept:
        """What is to be there again at another start. Faults are not."""
        return Kept(
            firing=self.rules.kept(),
            watchdog=self._watchdog,
            plan=self.plan.kept(),
            alerts=self.alerts.all(),
            silences=self.silences.all(self._clock() * MILLISECOND),
            groups=self.groups.kept(),
            notifications=self.notifications,
        )

    def restore(self, was: Kept) -> None:
        """Go on from there: what fires has gone on firing, and nobody is told again of what they know."""
        self.rules.restore(was.firing)
        self._watchdog = was.watchdog
        self.plan.restore(was.plan)
        self.alerts.restore(was.alerts)
        self.silences.restore(was.silences)
        self.groups.restore(was.groups)
        self.teller.restore(was.notifications)
        now = self.now()
        self._watchers.know(self.alerts.all(), self.silences.all(now), now)

    def _end(self, alerts: Iterable[Alert], now: int) -> None:
        for each in alerts:
            self.rules.stop(each.fingerprint)
        self._take([_ended(each, now) for each in alerts if not each.over(now)], now)
        self._tell(now)

    def _take(self, alerts: Iterable[Alert], now: int) -> list[Alert]:
        taken = [self.alerts.put(each, now) for each in alerts]
        for each in taken:
            self.groups.put(each, now)
        return taken

    def _go_on(self, now: int) -> list[Alert]:
        """Do what is due of what was begun; what fires by it."""
        taken: list[Alert] = []
        for turn in self.plan.due(now):
            if turn.ends:
                held = (self.alerts.get(fingerprint(each.labels)) for each in turn.rules)
                self._end([each for each in held if each is not None], now)
            else:
                taken += self._take([self.rules.fire(each, now) for each in turn.rules], now)
        return taken

    def _tell(self, now: int) -> None:
        """Publish what watchers do not know yet."""
        self._watchers.tell(self.alerts.all(), self.silences.all(now), now)

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
