"""What the sandbox's processes are told: addresses, secrets, files. The bot gets the public variables."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

import bot
from bot.sandbox.children import Child
from bot.sandbox.files import Files
from bot.sandbox.pagerduty.people import BOT, routing_key

HOST = "127.0.0.1"
GATE_TOKEN, CALENDAR_TOKEN = "sandbox-gate-token", "sandbox-calendar-token"
"""Told to everybody at the start: they open nothing but this machine's sandbox."""
_LOWEST_PORT, _HIGHEST_PORT = 18000, 32000

_OURS = ("SLACK_", "PAGERDUTY_", "PROMETHEUS_", "ALERTMANAGER_", "OPSBOT_", "DATABASE_URL")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Wiring:
    """Ports and secrets for one sandbox, and the processes made of them, not started yet.

    `keeps`: the stand-ins' state is to be there again when another sandbox is started in the same folder.
    """

    def __init__(self, files: Files, surroundings: Mapping[str, str], *, keeps: bool = False) -> None:
        self.files = files
        self._keeps = keeps
        names = ("slack", "pagerduty", "alertmanager", "prometheus", "deployer", "bot")
        self._ports = dict(zip(names, _free_ports(len(names)), strict=True))
        self._signing_secret, self._webhook_secret = secrets.token_hex(16), secrets.token_hex(16)
        self._bot_token, self._api_key = f"xoxb-{secrets.token_hex(16)}", secrets.token_hex(10)
        self._alerts_token, self._hook_secret = secrets.token_hex(16), secrets.token_hex(16)
        self._surroundings = _without_ours(surroundings)

    def url(self, name: str) -> str:
        """Where a stand-in, or the `bot`, listens."""
        return f"http://{HOST}:{self._ports[name]}"

    def stand_ins(self) -> dict[str, Child]:
        """The stand-ins, by name."""
        own: dict[str, dict[str, str]] = {
            "slack": {
                "bot-url": self.url("bot"),
                "signing-secret": self._signing_secret,
                "bot-token": self._bot_token,
                "manifest": str(self.files.app),
            },
            "pagerduty": {
                "api-key": self._api_key,
                "webhook-url": f"{self.url('bot')}/webhooks/pagerduty",
                "webhook-secret": self._webhook_secret,
            },
            "alertmanager": {
                "webhook-url": f"{self.url('bot')}/webhooks/alertmanager",
                "webhook-token": self._alerts_token,
                "watchdog": "",
            },
            "prometheus": {},
            "deployer": {"secret": self._hook_secret},
        }
        return {name: self._stand_in(name, options) for name, options in own.items()}

    def _stand_in(self, name: str, options: dict[str, str]) -> Child:
        shared = {"port": str(self._ports[name]), "clock": str(self.files.clock)}
        if self._keeps:
            shared["state"] = str(self.files.state(name))
        return self._child(name, shared | options, self._surroundings)

    def bot(self) -> Child:
        """The bot."""
        return self._child("bot", {"clock": str(self.files.clock)}, self._surroundings | self._variables())

    def _child(self, name: str, options: Mapping[str, str], environment: Mapping[str, str]) -> Child:
        arguments = [f"--{option}={value}" if value else f"--{option}" for option, value in options.items()]
        return Child(f"bot.sandbox.{name}", arguments, environment=environment, log=self.files.log(name))

    def _variables(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self._bot_token,
            "SLACK_SIGNING_SECRET": self._signing_secret,
            "SLACK_API_URL": f"{self.url('slack')}/api/",
            "PAGERDUTY_ROUTING_KEY_ON_CALL": routing_key("on-call"),
            "PAGERDUTY_ROUTING_KEY_TEAM_LEAD": routing_key("team-lead"),
            "PAGERDUTY_ROUTING_KEY_DIRECTOR": routing_key("director"),
            "PAGERDUTY_API_KEY": self._api_key,
            "PAGERDUTY_FROM_EMAIL": BOT.email,
            "PAGERDUTY_WEBHOOK_SECRET": self._webhook_secret,
            "PAGERDUTY_EVENTS_URL": self.url("pagerduty"),
            "PAGERDUTY_API_URL": self.url("pagerduty"),
            "ALERTMANAGER_URL": self.url("alertmanager"),
            "ALERTMANAGER_WEBHOOK_TOKEN": self._alerts_token,
            "PROMETHEUS_URL": self.url("prometheus"),
            "OPSBOT_WEBHOOK_SECRET_DEPLOYER": self._hook_secret,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.files.folder / 'opsbot.db'}",
            "OPSBOT_GUIDE": str(self.files.guide),
            "OPSBOT_HOST": HOST,
            "OPSBOT_GATE_TOKEN": GATE_TOKEN,
            "OPSBOT_CALENDAR_TOKEN": CALENDAR_TOKEN,
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
    """Ports on which nobody listens.

    None of those that systems give to outgoing connections (from 32768 on Linux): one of them would be gone
    before the process listens for which it was meant.
    """
    found: list[int] = []
    while len(found) < count:
        port = _LOWEST_PORT + secrets.randbelow(_HIGHEST_PORT - _LOWEST_PORT)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind((HOST, port))
        except OSError:
            return False
    return True
