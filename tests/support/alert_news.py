"""What an Alertmanager posts to a world's bot, by hand: so that it comes twice, late, or odd."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import aiohttp

from bot.domain.alert import Alert, AlertGroup
from tests.support.firing import ALERTS_TOKEN
from tests.support.harness import World

KEY = '{}:{alertname="HighErrorRate"}'
_NEVER = "0001-01-01T00:00:00Z"


def told(
    since: datetime,
    until: datetime | None = None,
    *,
    annotations: Mapping[str, str] | None = None,
    **labels: str,
) -> dict[str, Any]:
    """One alert as Alertmanager tells it."""
    its = {"alertname": "HighErrorRate", "severity": "critical", **labels}
    return {
        "status": "resolved" if until else "firing",
        "labels": its,
        "annotations": {"summary": "5 % of requests fail"} if annotations is None else dict(annotations),
        "startsAt": since.isoformat(),
        "endsAt": until.isoformat() if until else _NEVER,
        "generatorURL": "http://prometheus:9090/graph",
        "fingerprint": sha256(json.dumps(sorted(its.items())).encode()).hexdigest()[:16],
    }


def news(*alerts: Mapping[str, Any], key: str = KEY, **changes: Any) -> dict[str, Any]:
    """A group as Alertmanager tells it."""
    return {
        "version": "4",
        "groupKey": key,
        "status": "firing",
        "receiver": "opsbot",
        "groupLabels": {"alertname": "HighErrorRate"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "truncatedAlerts": 0,
        "alerts": list(alerts),
        **changes,
    }


async def post(world: World, body: Any, *, token: str | None = ALERTS_TOKEN) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the answer. Bytes go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{world.url}/webhooks/alertmanager", data=BytesIO(content), headers=headers
        ) as response,
    ):
        text = await response.text()
        return response.status, json.loads(text) if text else {}


async def hears(world: World, *alerts: Mapping[str, Any], **changes: Any) -> None:
    """Alertmanager tells the bot of a group, and what follows at once happens."""
    status, answer = await post(world, news(*alerts, **changes))
    assert status == 200, answer
    await world.settle()


async def groups_of(world: World) -> list[AlertGroup]:
    """Every alert group, by number."""

    def body(tx: Any) -> list[AlertGroup]:
        found: list[AlertGroup] = []
        while one := tx.alert_groups.by_number(len(found) + 1):
            found.append(one)
        return found

    return await world.bot.store.read(body)


async def the_group(world: World) -> AlertGroup:
    """The only one."""
    (group,) = await groups_of(world)
    return group


async def alerts_of(world: World, group: AlertGroup) -> Sequence[Alert]:
    """A group's alerts, the newest first."""
    return await world.bot.store.read(lambda tx: tx.alerts.of(group.id))
