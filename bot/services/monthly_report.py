"""How the reviews of a month went, posted once in each channel that had some."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.checklist import keys_alike
from bot.domain.checklists.figures import Span
from bot.domain.checklists.monthly import ChannelReport, month_before, month_due
from bot.domain.checklists.report import open_problems, report
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.face import Place
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.about_nothing import about_nothing
from bot.services.owed_once import Due, OwedOnce, heard, said
from bot.services.record import POST_METHOD
from bot.services.work import SendSummary

LAST = "checklists/reported"
"""The fact that says up to which instant months have been told."""

CARRIED_FOR = timedelta(days=62)
"""How long after a month it is looked what became of items that were carried over."""


class MonthlyReports:
    """Owes them when they are due."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._directory = directory
        self._once = OwedOnce(
            store=store, clock=clock, name="checklist_reports", fact=LAST, due=self._newest, owe=self._owe
        )

    async def look(self) -> int:
        """Look once, as is done every minute. How many channels are told. Raises StoreUnavailable."""
        if self._directory.guide.reviews.report_at is None:
            return 0
        return await self._once.look()

    def _newest(self, now: datetime) -> datetime | None:
        at = self._directory.guide.reviews.report_at
        return None if at is None else month_due(now, at, self._directory.business)

    def _owe(self, tx: Transaction, due: Due) -> int:
        zone = self._directory.business.zone
        since, until = month_before(due.at, zone)
        channels = {run.channel for run in tx.runs.between(since, until)}
        known = [key for key in self._directory.guide.channels if key in channels]
        for channel in known:
            tx.outbox.owe(_delivery(channel, since, until, zone, due.now))
        return len(known)


def load_report(tx: Transaction, delivery: Delivery) -> SendSummary:
    """What a report says. Its span is fixed; what became of items meanwhile is told as it is now."""
    return SendSummary(delivery=delivery, summary=read_report(tx, delivery))


def read_report(tx: Transaction, delivery: Delivery) -> ChannelReport:
    """How the reviews of the channel and the month that a delivery names went."""
    facts = delivery.payload
    since, until, channel = heard(facts["since"]), heard(facts["until"]), facts["channel"]
    span = Span(since=since, until=until, whole_month=True)
    found = tx.runs.between(span.since, span.until + CARRIED_FOR)
    runs = [run for run in found if run.channel == channel]
    alike = keys_alike((run.checklist, run.title) for run in found)
    return ChannelReport(
        channel=channel,
        report=report(runs, span, ZoneInfo(facts["zone"]), alike=alike),
        security=any(run.security for run in runs),
        problems=open_problems(runs, span, lambda _run: True, alike=alike),
    )


def _delivery(channel: str, since: datetime, until: datetime, zone: ZoneInfo, now: datetime) -> Delivery:
    kind = DeliveryKind.CHECKLIST_REPORT
    return about_nothing(
        kind,
        f"{kind}/{channel}/{since.astimezone(zone):%Y-%m}",
        now,
        order_key=f"{kind}/{channel}",
        lane=Place(channel=channel).lane,
        method=POST_METHOD,
        payload={"channel": channel, "since": said(since), "until": said(until), "zone": zone.key},
    )
