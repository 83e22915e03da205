"""Which chart is owed, read from its delivery: its payload says what it is `of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.delivery import Delivery
from bot.ports.store import Transaction
from bot.services.evidence_pictures import EVIDENCE, evidence_sketch
from bot.services.picture_work import DrawPicture, Sketch
from bot.services.report_pictures import REPORT, report_sketch

PICTURES: Mapping[str, Callable[[Transaction, Delivery], Sketch | None]] = {
    EVIDENCE: evidence_sketch,
    REPORT: report_sketch,
}
"""By `of`: reads what is to be drawn; None where nothing is any more."""


def load_picture(tx: Transaction, delivery: Delivery) -> DrawPicture:
    """What there is to draw. Raises LookupError for what nobody knows."""
    return DrawPicture(delivery=delivery, sketch=PICTURES[delivery.payload["of"]](tx, delivery))
