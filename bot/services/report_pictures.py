"""The chart of a month's reviews, under the report of the month."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.card import MessageRef
from bot.domain.checklists.monthly import ChannelReport
from bot.domain.checklists.report_chart import report_title, reviews_chart
from bot.domain.delivery import Delivery
from bot.ports.store import Transaction
from bot.services.monthly_report import read_report
from bot.services.owed_once import heard
from bot.services.picture_owing import owe_picture
from bot.services.picture_work import Sketch
from bot.services.settlement import Alone
from bot.services.work import Posted, SendSummary, Sent

REPORT = "report"
"""What these pictures are of."""


def summary_posted(alone: Alone, work: SendSummary, sent: Sent) -> None:
    """Owe the chart of a report that stands now, where there is something to draw."""
    told, delivery = work.summary, work.delivery
    if not (alone.held and isinstance(told, ChannelReport) and isinstance(sent, Posted)):
        return
    if told.report.runs.over:
        payload = {"of": REPORT, "in": sent.at.channel, "ts": sent.at.ts, **delivery.payload}
        key = f"picture/{delivery.key}"
        owe_picture(alone.record.tx, alone.record.now, key=key, channel=told.channel, payload=payload)


def report_sketch(tx: Transaction, delivery: Delivery) -> Sketch | None:
    """What is drawn for the report of a month: figures, which everybody may see."""
    facts, told = delivery.payload, read_report(tx, delivery)
    zone = ZoneInfo(facts["zone"])
    if not told.report.runs.over:
        return None
    return Sketch(
        name=f"reviews-{heard(facts['since']).astimezone(zone):%Y-%m}-{told.channel}.png",
        at=MessageRef(channel=facts["in"], ts=facts["ts"]),
        drawn=reviews_chart(told.report, report_title(told.report, zone)),
    )
