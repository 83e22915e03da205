"""`python -m bot.sandbox.alertmanager`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.sandbox import served
from bot.sandbox.alertmanager.routes import Timing
from bot.sandbox.alertmanager.stand_in import AlertmanagerStandIn
from bot.sandbox.alertmanager.times import SECOND


def main() -> None:
    """Serve on loopback until interrupted."""
    options = _options().parse_args()
    stand_in = AlertmanagerStandIn(
        clock=served.clock_of(options),
        webhook_url=options.webhook_url,
        webhook_token=options.webhook_token,
        timing=Timing(
            group_wait=round(options.group_wait * SECOND),
            group_interval=round(options.group_interval * SECOND),
            repeat_interval=round(options.repeat_interval * SECOND),
            watchdog_interval=round(options.watchdog_interval * SECOND),
        ),
    )

    if options.watchdog:
        stand_in.watchdog(on=True)

    def ready(url: str) -> Iterator[str]:
        stand_in.teller.external_url = url
        yield f"Alertmanager stand-in: {url}"
        yield f"ALERTMANAGER_URL={url}"

    served.run(stand_in, options, ready)


def _options() -> argparse.ArgumentParser:
    parser = served.options("alertmanager", __doc__)
    parser.add_argument("--webhook-url", help="where notifications go; without it nobody is notified")
    parser.add_argument("--webhook-token", help="the bearer token that notifications carry")
    parser.add_argument("--watchdog", action="store_true", help="the Watchdog fires from the start")
    for name, default, meaning in (
        ("group-wait", 1, "from a group's first alert to its first notification"),
        ("group-interval", 30, "from one look at a group to the next"),
        ("repeat-interval", 4 * 3600, "until a group that has not changed is told again"),
        ("watchdog-interval", 60, "until the Watchdog is told again"),
    ):
        parser.add_argument(f"--{name}", type=float, default=default, metavar="SECONDS", help=meaning)
    return parser


if __name__ == "__main__":
    main()
