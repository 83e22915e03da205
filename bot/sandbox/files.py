"""The sandbox's folder: what its processes share, and what is there for a person to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.guide.document import parse
from bot.guide.shipped import write_copy
from bot.sandbox.page.elsewhere import DASHBOARDS

_APP = "slack-app.yaml"
_RUNBOOKS = "runbooks"

TIERS = {"on-call": ["S0ONCALL1"], "team-lead": ["S0LEADS01"], "director": ["S0DIRECT1"]}
TEAMS = {"platform-team": ["S0PLATFRM"], "security-team": ["S0SECURE1"], "devops-team": ["S0PLATFRM"]}
"""The user groups of the Slack stand-in that each tier and each team of the guide mentions."""

_LEE, _DIA, _SAM = "U0LEE0001", "U0DIA0001", "U0SAM0001"
ROLES = {"leads": [_LEE, _DIA], "approvers": [_LEE, _DIA, _SAM]}
"""Who of the stand-in's people lets changes through: Ana, who is on call, asks for them."""

PLATFORM = {"channel": "platform-alerts", "team": "platform-team"}
ALERTS: tuple[dict[str, Any], ...] = (
    {
        "match": {"team": "platform-team", "severity": "critical", "namespace": "payment"},
        **PLATFORM,
        "severity": "P1",
        "incident_after": "5m",
    },
    {
        "match": {"team": "platform-team", "severity": "critical", "service": ["payment", "api-gateway"]},
        **PLATFORM,
        "severity": "P0",
        "page": True,
    },
    {
        "match": {"team": "platform-team", "severity": "warning", "service": "identity"},
        **PLATFORM,
        "severity": "P2",
        "escalate_after": "15m",
    },
)
"""Routes before the shipped ones, for what can become of an alert: an incident by itself, a page at once, a
page once nobody has acknowledged it. Security alerts have a shipped route.
"""
ALERT_HOSTS = ("docs.suuupra.com", "grafana.suuupra.com", "prometheus.suuupra.com")
"""Where the links of the stand-in's alerts lead; on the page they lead to what stands for that."""
DEPLOYER, ROLLBACKS = "deployer", "/hooks/rollback"
DEPLOYED = ("payment",)
"""The webhook of the deployer's stand-in, and the services of which it takes changes back."""
WATCHDOG_WITHIN = "2m"
"""Nobody in the sandbox waits for longer; a clock that jumps does not make the bot miss anything."""

ROOMS = ("P1",)
"""The severities that get a channel of their own. A P0's card stays where a newcomer is looking."""


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

    @property
    def runbooks(self) -> Path:
        """The runbooks that the guide names, for `/runbook` to show."""
        return self.folder / "runbooks"

    @property
    def app(self) -> Path:
        """The Slack app's manifest, as Slack itself keeps it: what the bot may do there."""
        return self.folder / "slack-app.json"

    def state(self, name: str) -> Path:
        """What a stand-in keeps from one start to the next."""
        return self.folder / f"{name}.state"

    def log(self, name: str) -> Path:
        """A process's log."""
        return self.folder / f"{name}.log"


def write_files(into: Files, page: str, deployer: str) -> None:
    """Write what the processes read at their start: guide, runbooks, and the Slack app's manifest.

    `page`: the page's address, where the guide's links lead, as they would lead out of the sandbox.
    `deployer`: the address of what takes changes back.
    """
    write_copy(
        into.guide,
        tiers=TIERS,
        teams=TEAMS,
        runbooks=into.runbooks.name,
        dashboards=f"{page}{DASHBOARDS}",
        rooms=ROOMS,
        alerts=ALERTS,
        alert_hosts=ALERT_HOSTS,
        watchdog_within=WATCHDOG_WITHIN,
        webhooks={DEPLOYER: f"{deployer}{ROLLBACKS}"},
        rollbacks=dict.fromkeys(DEPLOYED, DEPLOYER),
        roles=ROLES,
    )
    into.runbooks.mkdir(exist_ok=True)
    for runbook in files("bot.sandbox").joinpath(_RUNBOOKS).iterdir():
        if runbook.name.endswith(".md"):
            into.runbooks.joinpath(runbook.name).write_bytes(runbook.read_bytes())
    shipped = files("manifests").joinpath(_APP)
    into.app.write_text(json.dumps(parse(shipped.read_text("utf-8"), _APP).data, indent=2), encoding="utf-8")
