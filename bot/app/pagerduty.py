"""Joins what comes from PagerDuty."""

from __future__ import annotations

from bot.app.outside import Outside
from bot.app.part import Job, Part
from bot.services.pager_sync import PagerSync
from handlers.webhooks.pagerduty import PATH, PagerDutyWebhook

POLL_SECONDS = 60.0


def wire_pagerduty(outside: Outside, sync: PagerSync) -> Part:
    """What PagerDuty says, and looking at what it does not say."""
    secrets = tuple(one.get_secret_value() for one in outside.settings.pagerduty_webhook_secret)
    return Part(
        posts={PATH: PagerDutyWebhook(sync=sync, secrets=secrets).post},
        jobs=(Job(every=POLL_SECONDS, name="look at PagerDuty", do=sync.poll),),
    )
