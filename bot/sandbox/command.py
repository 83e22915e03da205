"""`opsbot sandbox`: the bot, its stand-ins and the page, as one thing that starts and ends together."""

from __future__ import annotations

from pathlib import Path


def run(port: int = 8300, data: Path | None = None) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit code.

    The page is served on loopback, at `port` or, where that is taken, at a free one. `data` is the folder
    for the database, the stand-ins' state, the logs and the guide, from which another start goes on; without
    it, there is a temporary one.
    """
    # Said before the imports, which take a moment.
    print("Starting the sandbox: the bot, and stand-ins for Slack, PagerDuty and the rest …", flush=True)  # noqa: T201
    from bot.sandbox.supervisor import supervise  # noqa: PLC0415

    return supervise(port, data)
