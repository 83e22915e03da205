"""Pages by PagerDuty."""

from bot.adapters.pagerduty.pager import PagerDuty

__all__ = ["PagerDuty"]
