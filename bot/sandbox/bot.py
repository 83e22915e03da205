"""`python -m bot.sandbox.bot --clock FILE`: the bot as `opsbot serve` runs it, with a clock to be moved."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from bot.adapters.clock import OffsetClock
from bot.app import StartError, serve
from bot.environment import SettingsError
from bot.settings import read_settings

BAD_CONFIGURATION = 2
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.05


def main() -> int:
    """Serve until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.bot", description=__doc__)
    parser.add_argument(
        "--clock", type=Path, required=True, help="file with the milliseconds to add to the machine's clock"
    )
    clock = OffsetClock(parser.parse_args().clock)
    try:
        settings = read_settings()
        for url in (settings.slack_api_url, settings.pagerduty_events_url):
            _wait_for(url)
        return asyncio.run(serve(settings, clock=clock))
    except (SettingsError, StartError) as error:
        print(f"opsbot: {error}", file=sys.stderr)  # noqa: T201 - a command says why it does not start
        return BAD_CONFIGURATION


def _wait_for(url: str) -> None:
    """Wait until a stand-in, which is started at the same time, listens; but not for ever."""
    address = urlsplit(url)
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        with contextlib.suppress(OSError), socket.create_connection((address.hostname, address.port), 1):
            return
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
