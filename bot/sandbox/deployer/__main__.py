"""`python -m bot.sandbox.deployer --secret S [--port N]`: the stand-in as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox import served
from bot.sandbox.deployer.stand_in import PATH, DeployerStandIn


def main() -> None:
    """Serve on loopback until interrupted; print what a bot needs to know of it."""
    options = served.options("deployer", __doc__)
    options.add_argument("--secret", required=True, help="what it is asked is signed with")
    arguments = options.parse_args()
    stand_in = DeployerStandIn(secret=arguments.secret, clock=served.clock_of(arguments))

    def ready(url: str) -> Iterator[str]:
        yield f"Deployer stand-in: {url}"
        yield f"url: {url}{PATH}"

    served.run(stand_in, arguments, ready)


if __name__ == "__main__":
    main()
