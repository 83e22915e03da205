"""What the sandbox's processes are told: addresses, secrets, files. The bot gets the public variables."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.sandbox.children import Child
from bot.sandbox.pagerduty.people import BOT, routing_key

HOST = "127.0.0.1"

MENTIONS = {"on-call": "S0ONCALL1", "team-lead": "S0LEADS01", "director": "S0DIRECT1"}
"""The user group of the Slack stand-in that each tier of the guide mentions."""

_OURS = ("SLACK_", "PAGERDUTY_", "PROMETHEUS_", "ALERTMANAGER_", "OPSBOT_", "DATABASE_URL")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class Files:
    """The sandbox's files, in one folder."""

    folder: Path

    @property
    def clock(self) -> Path:
        """The milliseconds by which the sandbox's time is ahead."""
        return self.folder / "clock"

    @property
    def guide(self) -> Path:
        """The guide that the bot follows."""
        return self.folder / "operations-guide.yaml"

    def log(self, name: str) -> Path:
        """A process's log."""
        return self.folder / f"{name}.log"


class Wiring:
    """Ports and secrets for one sandbox, and the processes made of them, not started yet."""

    def __init__(self, files: Files, surroundings: Mapping[str, str]) -> None:
        self.files = files
        slack, pagerduty, own = _free_ports(3)
        self.slack_url, self.pagerduty_url, self.bot_url = (
            f"http://{HOST}:{port}" for port in (slack, pagerduty, own)
        )
        self._ports = {"slack": slack, "pagerduty": pagerduty, "bot": own}
        self._signing_secret, self._webhook_secret = secrets.token_hex(16), secrets.token_hex(16)
        self._bot_token, self._api_key = f"xoxb-{secrets.token_hex(16)}", secrets.token_hex(10)
        self._surroundings = _without_ours(surroundings)

    def slack(self) -> Child:
        """Slack's stand-in."""
        options = {
            "port": str(self._ports["slack"]),
            "clock": str(self.files.clock),
            "bot-url": self.bot_url,
            "signing-secret": self._signing_secret,
            "bot-token": self._bot_token,
        }
        return self._child("slack", options, self._surroundings)

    def pagerduty(self) -> Child:
        """PagerDuty's stand-in."""
        options = {
            "port": str(self._ports["pagerduty"]),
            "clock": str(self.files.clock),
            "api-key": self._api_key,
            "webhook-url": f"{self.bot_url}/webhooks/pagerduty",
            "webhook-secret": self._webhook_secret,
        }
        return self._child("pagerduty", options, self._surroundings)

    def bot(self) -> Child:
        """The bot."""
        return self._child("bot", {"clock": str(self.files.clock)}, self._surroundings | self._variables())

    def _child(self, name: str, options: Mapping[str, str], environment: Mapping[str, str]) -> Child:
        arguments = [f"--{option}={value}" for option, value in options.items()]
        return Child(f"bot.sandbox.{name}", arguments, environment=environment, log=self.files.log(name))

    def _variables(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self._bot_token,
            "SLACK_SIGNING_SECRET": self._signing_secret,
            "SLACK_API_URL": f"{self.slack_url}/api/",
            "PAGERDUTY_ROUTING_KEY_ON_CALL": routing_key("on-call"),
            "PAGERDUTY_ROUTING_KEY_TEAM_LEAD": routing_key("team-lead"),
            "PAGERDUTY_ROUTING_KEY_DIRECTOR": routing_key("director"),
            "PAGERDUTY_API_KEY": self._api_key,
            "PAGERDUTY_FROM_EMAIL": BOT.email,
            "PAGERDUTY_WEBHOOK_SECRET": self._webhook_secret,
            "PAGERDUTY_EVENTS_URL": self.pagerduty_url,
            "PAGERDUTY_API_URL": self.pagerduty_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.files.folder / 'opsbot.db'}",
            "OPSBOT_GUIDE": str(self.files.guide),
            "OPSBOT_HOST": HOST,
            "OPSBOT_PORT": str(self._ports["bot"]),
        }


def _without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead out of the sandbox, and with this very code on the path."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_OURS) and name.upper() not in _PROXIES
    }
    code = str(Path(bot.__file__).parent.parent)
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (code, environment.get("PYTHONPATH"))))
    kept["PYTHONUNBUFFERED"] = "1"  # a killed process's last lines are in its log
    return kept


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]
