"""The bot with a death sentence: `python -m tests.support.killable --clock FILE --kill-at POINT[:N]`.

It is the bot as it is; only its probe ends it, as `kill -9` does, where a point is reached the N-th time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.adapters.clock import OffsetClock
from bot.app import StartError, serve
from bot.environment import SettingsError
from bot.ports.probe import no_probe
from bot.settings import read_settings
from tests.support.kill_points import EVERY_POINT


class KillAt:
    """A probe that kills the process where `point` is reached for the `count`-th time."""

    def __init__(self, point: str, count: int = 1) -> None:
        self._point = point
        self._left = count

    @classmethod
    def read(cls, text: str) -> KillAt:
        """From `POINT` or `POINT:N`. Raises ValueError for a point that there is not."""
        point, _, count = text.partition(":")
        if point not in EVERY_POINT:
            raise ValueError(f"there is no point {point!r}")
        return cls(point, int(count or 1))

    def __call__(self, point: str) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until killed or stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.killable", description=__doc__)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--kill-at", type=KillAt.read, default=no_probe, metavar="POINT[:N]")
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(serve(read_settings(), clock=OffsetClock(options.clock), probe=options.kill_at))
    except (SettingsError, StartError) as error:
        print(f"opsbot: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
