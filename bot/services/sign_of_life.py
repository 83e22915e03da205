"""When the monitoring system was heard last, where the guide listens for it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert_listing import SignOfLife
from bot.domain.guide import Guide
from bot.ports.store import Transaction


def sign_of_life(tx: Transaction, guide: Guide, now: datetime) -> SignOfLife | None:
    """The newest sign of life of what the guide listens for; None where there was never one."""
    policy = guide.alerting.watchdog
    if policy is None:
        return None
    newest = [beat.at for beat in tx.heartbeats.all() if beat.name == policy.alert]
    return SignOfLife(at=newest[0], overdue=now - newest[0] > policy.within) if newest else None
