"""A stand-in for PagerDuty: Events API v2, REST API v2 and webhooks v3, as the bot meets them."""

from bot.sandbox.pagerduty.stand_in import PagerDutyStandIn

__all__ = ["PagerDutyStandIn"]
