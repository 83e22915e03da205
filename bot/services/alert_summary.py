"""The daily summary of alerts, posted once in each channel in which something fired."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert_summary import AlertSummary, covered, summary_due
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.face import Place
from bot.domain.noise import noise_report
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.about_nothing import about_nothing
from bot.services.owed_once import Due, OwedOnce, heard, said
from bot.services.record import POST_METHOD
from bot.services.work import SendSummary

LAST = "alerts/summary"
"""The fact that says up to which instant summaries have been owed."""


class AlertSummaries:
    """Owes them when they are due."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._directory = directory
        self._once = OwedOnce(
            store=store, clock=clock, name="summaries", fact=LAST, due=self._newest, owe=self._owe
        )

    async def look(self) -> int:
        """Look once, as is done every minute. How many channels are told. Raises StoreUnavailable."""
        if self._directory.guide.alerting.summary_at is None:
            return 0
        return await self._once.look()

    def _newest(self, now: datetime) -> datetime | None:
        at, zone = self._directory.guide.alerting.summary_at, self._directory.guide.organization.zone
        return None if at is None else summary_due(now, at, zone, self._directory.business)

    def _owe(self, tx: Transaction, due: Due) -> int:
        since = covered(due.last, due.at)
        channels = {one.channel for one in tx.alert_tally.between(since, due.at)}
        known = [key for key in self._directory.guide.channels if key in channels]
        for channel in known:
            tx.outbox.owe(_delivery(channel, since, due.at, due.now))
        return len(known)


def load_summary(tx: Transaction, delivery: Delivery) -> SendSummary:
    """What a summary says: its span is fixed, so that it says the same whenever it is sent."""
    facts = delivery.payload
    since, until, channel = heard(facts["since"]), heard(facts["until"]), facts["channel"]
    fired = [one for one in tx.alert_tally.between(since, until) if one.channel == channel]
    report = noise_report(fired, since, until, hidden=lambda _one: False)
    security = any(one.security for one in fired)
    summary = AlertSummary(channel=channel, report=report, security=security)
    return SendSummary(delivery=delivery, summary=summary)


def _delivery(channel: str, since: datetime, due: datetime, now: datetime) -> Delivery:
    kind = DeliveryKind.ALERT_SUMMARY
    return about_nothing(
        kind,
        f"{kind}/{channel}/{due:%Y-%m-%d}",
        now,
        order_key=f"{kind}/{channel}",
        lane=Place(channel=channel).lane,
        method=POST_METHOD,
        payload={"channel": channel, "since": said(since), "until": said(due)},
    )
