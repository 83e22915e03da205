"""The stand-in as a process of its own: `python -m bot.sandbox.slack --port N [--clock FILE]`."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from aiohttp import web

from bot.sandbox.clock import OffsetClock, wall_clock
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.slack.web import Tokens

HOST = "127.0.0.1"


def _arguments() -> argparse.Namespace:
    tokens = Tokens()
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.slack", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="on loopback; 0 takes a free one")
    parser.add_argument("--clock", type=Path, help="a file with one integer: milliseconds to add to the time")
    parser.add_argument("--bot-url", help="where the bot listens, such as http://127.0.0.1:3000")
    parser.add_argument("--signing-secret", default="", help="signs what is sent to the bot")
    parser.add_argument("--bot-token", default=tokens.bot)
    parser.add_argument("--app-token", default=tokens.app)
    parser.add_argument("--rates", action="store_true", help="enforce Slack's rates")
    return parser.parse_args()


async def serve(slack: SlackStandIn, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Prints the URL as soon as calls are taken."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    runner = web.AppRunner(slack.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        slack.url = f"http://{HOST}:{runner.addresses[0][1]}"
        print(f"Slack stand-in: {slack.url}", flush=True)  # noqa: T201 - the parent waits for this line
        await ended.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Run the stand-in."""
    arguments = _arguments()
    slack = SlackStandIn(
        clock=OffsetClock(arguments.clock) if arguments.clock else wall_clock,
        tokens=Tokens(bot=arguments.bot_token, app=arguments.app_token),
        rates=arguments.rates,
    )
    slack.connect(arguments.bot_url, arguments.signing_secret)
    asyncio.run(serve(slack, arguments.port))


if __name__ == "__main__":
    main()
