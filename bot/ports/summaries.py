"""Posting summaries where people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.alert_summary import AlertSummary


class Summaries(Protocol):
    """Posts summaries of alerts."""

    async def post_summary(
        self, summary: AlertSummary, *, key: str, since: datetime, uncertain: bool
    ) -> None:
        """Post it in its channel, with counts alone where others may read of security alerts there.

        `uncertain`: an earlier try, `since` then, may have been carried out, and is looked for first.
        Ends within ten seconds. Raises DeliveryFailure's subclasses.
        """
