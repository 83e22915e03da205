"""`python -m bot.sandbox.prometheus [--port N] [--clock FILE]`: the stand-in as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox import served
from bot.sandbox.prometheus.stand_in import PrometheusStandIn


def main() -> None:
    """Serve on loopback until interrupted; print what a bot needs to know of it."""
    arguments = served.options("prometheus", __doc__).parse_args()
    stand_in = PrometheusStandIn(clock=served.clock_of(arguments))

    def ready(url: str) -> Iterator[str]:
        yield f"Prometheus stand-in: {url}"
        yield f"PROMETHEUS_URL={url}"

    served.run(stand_in, arguments, ready)


if __name__ == "__main__":
    main()
