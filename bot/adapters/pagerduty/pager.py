"""The `Pager` port by PagerDuty: events for paging, the REST API for reading back and for levels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from typing_extensions import override

from bot.adapters.pagerduty.calls import (
    API_URL,
    OVERALL_SECONDS,
    Json,
    RestCalls,
    Secret,
    done,
    revealed,
    waited,
)
from bot.adapters.pagerduty.events import trigger_properties
from bot.adapters.pagerduty.failures import Errand
from bot.adapters.pagerduty.incidents import (
    assignees,
    incident_in,
    incident_of,
    lowest_level,
    merged_into,
    newest_of,
    policy,
)
from bot.adapters.pagerduty.sessions import EventsSession
from bot.adapters.threads import BlockingThreads
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.pager import Page, Pager, PagerIncident, PagerIncidentGoneError, PagerStatus

EVENTS_URL = "https://events.pagerduty.com"

EVENT_THREADS = 32
REST_THREADS = 4
CLOSE_SECONDS = 1.0


class PagerDuty(Pager):
    """Pages through the routing keys of the guide's tiers.

    `link_for` gives, for a guide's channel key and the id of a room (or None), the https link to the
    channel in which the card stands.
    Every operation, however many requests it takes, has succeeded or failed within ten seconds; nothing
    is retried here.
    """

    def __init__(
        self,
        *,
        routing_keys: Mapping[str, Secret | str],
        link_for: Callable[[str, str | None], str | None],
        api_key: Secret | str | None = None,
        from_email: str | None = None,
        events_url: str = EVENTS_URL,
        api_url: str = API_URL,
        client: str = "opsbot",
        client_url: str | None = None,
        overall_seconds: float = OVERALL_SECONDS,
    ) -> None:
        self._routing_keys = dict(routing_keys)
        self._link_for = link_for
        self._client = client
        self._client_url = client_url
        self._overall_seconds = overall_seconds
        self._events = BlockingThreads(
            partial(EventsSession, events_url), name="pagerduty-events", count=EVENT_THREADS
        )
        self._rest: RestCalls | None = None
        if api_key is not None and revealed(api_key):
            self._rest = RestCalls(
                api_key=api_key,
                from_email=from_email,
                api_url=api_url,
                name="pagerduty-rest",
                count=REST_THREADS,
                overall_seconds=overall_seconds,
            )

    @property
    @override
    def can_look_up(self) -> bool:
        return self._rest is not None

    @override
    def reaches(self, tier: str) -> bool:
        return tier in self._routing_keys

    @override
    async def trigger(self, page: Page) -> None:
        card_link = self._link_for(page.channel, page.room) if page.channel else None
        properties = trigger_properties(page, card_link, client=self._client, client_url=self._client_url)
        await self._send(page.tier, "trigger", page.key, properties)

    @override
    async def acknowledge(self, tier: str, key: str) -> None:
        await self._send(tier, "acknowledge", key, {})

    @override
    async def resolve(self, tier: str, key: str) -> None:
        await self._send(tier, "resolve", key, {})

    @override
    async def look_up(self, key: str) -> PagerIncident | None:
        async with self._reached.in_time("looking up a page"):
            raw = await self._newest(key)
            return None if raw is None else incident_of(raw, key=key)

    @override
    async def set_level(self, key: str, level: int) -> None:
        # A level is absolute: where the time runs out over the change itself, the next try does no harm.
        async with self._reached.in_time(f"raising the incident to level {level}"):
            await self._set_level(key, level)

    async def verify_access(self) -> None:
        """Prove that the API key is accepted. Raises the port's failures, which say what is wrong."""
        async with self._reached.in_time("the check of the API key"):
            await self._reached.get("the check of the API key", ("abilities",))

    async def aclose(self) -> None:
        """Let go of the threads: within a second, also of those that hang."""
        await asyncio.to_thread(self._events.close, CLOSE_SECONDS / 2)
        if self._rest is not None:
            await self._rest.aclose(CLOSE_SECONDS / 2)

    async def _set_level(self, key: str, level: int) -> None:
        raw = await self._newest(key)
        if raw is None:
            raise TemporaryFailure(f"PagerDuty shows no incident yet that could be raised to level {level}.")
        if raw["status"] == PagerStatus.RESOLVED:
            raise PagerIncidentGoneError("It is resolved in PagerDuty, and cannot be raised any more.")
        if level <= (await self._level(raw) or 0):
            return
        body = {"incident": {"type": "incident", "escalation_level": level}}
        path = ("incidents", raw["id"])
        await self._reached.put(f"raising the incident to level {level}", path, body)

    async def _send(self, tier: str, action: str, key: str, properties: Json) -> None:
        errand = Errand(what=f"the {action} for {tier}", lane=f"pagerduty/{tier}")
        routing_key = self._routing_keys.get(tier)
        if routing_key is None:
            variable = f"PAGERDUTY_ROUTING_KEY_{tier.upper().replace('-', '_')}"
            raise PermanentFailure(f"No PagerDuty service is configured for {tier}: set {variable}.")
        secret = revealed(routing_key)
        future = self._events.submit(lambda session: session.send(errand, secret, action, key, properties))
        try:
            async with asyncio.timeout(self._overall_seconds):
                await done(future)
        except TimeoutError as error:
            reason = waited(errand.what, self._overall_seconds)
            if future.cancelled():  # it had not begun
                raise TemporaryFailure(reason) from error
            raise UnknownOutcome(reason) from error

    async def _newest(self, key: str) -> Json | None:
        """The newest incident under the key; where it was merged away, the one that it is part of now."""
        query = {"incident_key": key, "date_range": "all", "sort_by": "created_at:desc", "limit": 1}
        found = await self._reached.get("looking up a page", ("incidents",), query)
        newest = newest_of(found)
        target = merged_into(newest) if newest else None
        if target is None:
            return newest
        return incident_in(await self._reached.get("looking up a merged page", ("incidents", target)))

    async def _level(self, raw: Json) -> int | None:
        """The level of the policy at which the incident is, or None where PagerDuty does not let it be seen.

        That is no reason to fail: what is known of the incident counts more than its level.
        """
        holders, by = assignees(raw), policy(raw)
        if not holders or by is None:
            return None
        query = {"escalation_policy_ids": [by], "user_ids": list(holders), "limit": 100}
        try:
            found = await self._reached.get("reading an incident's level", ("oncalls",), query)
        except DeliveryFailure:
            return None
        return lowest_level(found.get("oncalls"))

    @property
    def _reached(self) -> RestCalls:
        if self._rest is None:
            raise PermanentFailure("PagerDuty's REST API is not configured: set PAGERDUTY_API_KEY.")
        return self._rest
