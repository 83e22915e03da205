"""`python -m bot.sandbox.pagerduty [--port N] [--clock FILE]`: the stand-in as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox import served
from bot.sandbox.pagerduty.people import BOT, rotating
from bot.sandbox.pagerduty.rest_api import API_KEY
from bot.sandbox.pagerduty.stand_in import PagerDutyStandIn


def main() -> None:
    """Serve on loopback until interrupted; print what a bot needs to know of it."""
    parser = served.options("pagerduty", __doc__)
    parser.add_argument("--api-key", default=API_KEY, help="what the REST API accepts as its key")
    parser.add_argument("--no-rates", action="store_true", help="do not enforce PagerDuty's rate limits")
    parser.add_argument("--webhook-url", help="where to send webhooks")
    parser.add_argument("--webhook-secret", help="what to sign webhooks with")
    options = parser.parse_args()
    if (options.webhook_url is None) is not (options.webhook_secret is None):
        parser.error("--webhook-url and --webhook-secret go together")
    clock = served.clock_of(options)
    stand_in = PagerDutyStandIn(
        services=rotating(clock()),
        api_key=options.api_key,
        clock=clock,
        enforce_rates=not options.no_rates,
    )
    if options.webhook_url:
        stand_in.subscribe(options.webhook_url, options.webhook_secret)

    def ready(url: str) -> Iterator[str]:
        yield f"PagerDuty stand-in: {url}"
        yield f"PAGERDUTY_EVENTS_URL={url}"
        yield f"PAGERDUTY_API_URL={url}"
        yield f"PAGERDUTY_API_KEY={stand_in.api_key}"
        yield f"PAGERDUTY_FROM_EMAIL={BOT.email}"
        for tier, key in stand_in.routing_keys.items():
            yield f"PAGERDUTY_ROUTING_KEY_{tier.upper().replace('-', '_')}={key}"

    served.run(stand_in, options, ready)


if __name__ == "__main__":
    main()
