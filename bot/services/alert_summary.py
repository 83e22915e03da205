"""The daily summary of alerts, posted once in each channel in which something fired."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert_summary import AlertSummary, covered, summary_due
from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.directory import Directory
from bot.domain.face import Place
from bot.domain.noise import noise_report
from bot.domain.severity import Severity
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.record import POST_METHOD
from bot.services.work import SendSummary

LAST = "alerts/summary"
"""The fact that says up to which instant summaries have been owed."""


class AlertSummaries:
    """Owes them when they are due. That they are owed, and until when they count, is one commit."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory

    async def look(self) -> int:
        """Look once, as is done every minute. How many channels are told. Raises StoreUnavailable."""
        at, now = self._directory.guide.alerting.summary_at, self._clock.now()
        if at is None:
            return 0
        last = await self._store.read(lambda tx: tx.facts.get(LAST))
        if last is None:  # from now on it is counted
            await self._store.transaction("begin_summaries", lambda tx: tx.facts.swap(LAST, None, _said(now)))
            return 0
        due = summary_due(now, at, self._directory.guide.organization.zone, self._directory.business)
        if due is None or due <= _heard(last):
            return 0

        def body(tx: Transaction) -> int:
            if not tx.facts.swap(LAST, last, _said(due)):
                return 0  # another replica was faster
            return self._owe(tx, covered(_heard(last), due), due, now)

        return await self._store.transaction("owe_summaries", body)

    def _owe(self, tx: Transaction, since: datetime, due: datetime, now: datetime) -> int:
        channels = {one.channel for one in tx.alert_tally.between(since, due)}
        known = [key for key in self._directory.guide.channels if key in channels]
        for channel in known:
            tx.outbox.owe(_delivery(channel, since, due, now))
        return len(known)


def load_summary(tx: Transaction, delivery: Delivery) -> SendSummary:
    """What a summary says: its span is fixed, so that it says the same whenever it is sent."""
    facts = delivery.payload
    since, until, channel = _heard(facts["since"]), _heard(facts["until"]), facts["channel"]
    fired = [one for one in tx.alert_tally.between(since, until) if one.channel == channel]
    report = noise_report(fired, since, until, hidden=lambda _one: False)
    security = any(one.security for one in fired)
    summary = AlertSummary(channel=channel, report=report, security=security)
    return SendSummary(delivery=delivery, summary=summary)


def _delivery(channel: str, since: datetime, due: datetime, now: datetime) -> Delivery:
    kind = DeliveryKind.ALERT_SUMMARY
    return Delivery(
        key=f"{kind}/{channel}/{due:%Y-%m-%d}",
        kind=kind,
        subject=f"{kind}/{channel}",
        epoch=0,
        order_key=f"{kind}/{channel}",
        lane=Place(channel=channel).lane,
        method=POST_METHOD,
        priority=priority(kind, Severity.P3),
        not_before=now,
        created_at=now,
        payload={"channel": channel, "since": _said(since), "until": _said(due)},
    )


def _said(at: datetime) -> str:
    return at.isoformat()


def _heard(said: str) -> datetime:
    return datetime.fromisoformat(said)
