"""Pages by PagerDuty, and who is on call there."""

from bot.adapters.pagerduty.on_call import PagerDutyOnCall
from bot.adapters.pagerduty.pager import PagerDuty

__all__ = ["PagerDuty", "PagerDutyOnCall"]
