"""The sandbox's page: what one sees of Slack and PagerDuty, the clock, and the bot's process."""

from __future__ import annotations

from bot.sandbox.page.clock import MovedClock
from bot.sandbox.page.server import page_app

__all__ = ["MovedClock", "page_app"]
