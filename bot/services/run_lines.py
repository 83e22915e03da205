"""Whether a line that has waited is still to be said: nobody is asked for what is done by now."""

from __future__ import annotations

from datetime import datetime

from bot.domain.checklists.saying import ASKING, is_still_so
from bot.domain.delivery import Delivery
from bot.ports.store import Transaction


def is_line_owed(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """Every line is, but for those that ask for something of a checklist's run and come too late."""
    event = tx.events.one(delivery.subject, delivery.payload["sequence"])
    if event is None or event.kind not in ASKING:
        return True
    run = tx.runs.by_id(delivery.subject)
    return run is None or is_still_so(run, event, now)
