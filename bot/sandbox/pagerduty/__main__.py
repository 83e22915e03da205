"""`python -m bot.sandbox.pagerduty --port N`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from aiohttp import web

from bot.sandbox.clock import OffsetClock, wall_clock
from bot.sandbox.pagerduty.rest_api import API_KEY
from bot.sandbox.pagerduty.stand_in import PagerDutyStandIn


def main() -> None:
    """Serve on loopback until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.pagerduty", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clock", type=Path, help="file with the milliseconds to add to the machine's clock")
    parser.add_argument("--api-key", default=API_KEY, help="what the REST API accepts as its key")
    parser.add_argument("--no-rates", action="store_true", help="do not enforce PagerDuty's rate limits")
    parser.add_argument("--webhook-url", help="where to send webhooks")
    parser.add_argument("--webhook-secret", help="what to sign webhooks with")
    options = parser.parse_args()
    if (options.webhook_url is None) is not (options.webhook_secret is None):
        parser.error("--webhook-url and --webhook-secret go together")
    stand_in = PagerDutyStandIn(
        api_key=options.api_key,
        clock=OffsetClock(options.clock) if options.clock else wall_clock,
        enforce_rates=not options.no_rates,
    )
    if options.webhook_url:
        stand_in.subscribe(options.webhook_url, options.webhook_secret)
    web.run_app(stand_in.app(), host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
