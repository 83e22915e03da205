"""Calls of PagerDuty's stand-in, as a bot, a person and a test make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.sandbox.pagerduty.people import BOT, routing_key
from bot.sandbox.pagerduty.rest_api import API_KEY

KEY = "incident/1/0"
PAYLOAD = {"summary": "checkout is down", "source": "payment", "severity": "critical"}
AUTH = {"Authorization": f"Token token={API_KEY}"}


def event(action: str = "trigger", **changes: Any) -> dict[str, Any]:
    made = {"routing_key": routing_key("on-call"), "event_action": action, "dedup_key": KEY}
    return {**made, **({"payload": PAYLOAD} if action == "trigger" else {}), **changes}


async def enqueue(http: aiohttp.ClientSession, body: Any) -> tuple[int, dict[str, Any]]:
    async with http.post("/v2/enqueue", json=body) as answer:
        return answer.status, await answer.json()


async def rest(
    http: aiohttp.ClientSession,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] = AUTH,
) -> tuple[int, Any]:
    async with http.get(path, params=params, headers=headers) as answer:
        return answer.status, await answer.json()


async def change(
    http: aiohttp.ClientSession, identity: str, requester: str = BOT.email, **incident: Any
) -> tuple[int, Any]:
    headers = {**AUTH, "From": requester}
    async with http.put(f"/incidents/{identity}", json={"incident": incident}, headers=headers) as answer:
        return answer.status, await answer.json()


async def control(http: aiohttp.ClientSession, name: str, **body: Any) -> tuple[int, Any]:
    async with http.post(f"/control/{name}", json=body) as answer:
        return answer.status, await answer.json()


async def state(http: aiohttp.ClientSession) -> Any:
    async with http.get("/control/state") as answer:
        return await answer.json()
