"""Posting summaries where people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.alert_summary import AlertSummary
from bot.domain.card import MessageRef
from bot.domain.checklists.monthly import ChannelReport

Summary = AlertSummary | ChannelReport
"""What fired in a channel, or how its reviews went."""


class Summaries(Protocol):
    """Posts what is told of a span of time, each in its channel."""

    async def post_summary(
        self, summary: Summary, *, key: str, since: datetime, uncertain: bool
    ) -> MessageRef:
        """Post it in its channel, with counts alone where others may read there of what is secret.

        Returns where it stands.

        `uncertain`: an earlier try, `since` then, may have been carried out, and is looked for first.
        Ends within ten seconds. Raises DeliveryFailure's subclasses.
        """
