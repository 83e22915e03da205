"""Telling the receiver: the notifications under way, and what became of those before."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import aiohttp

from bot.sandbox.alertmanager.groups import Groups, Telling
from bot.sandbox.alertmanager.times import MILLISECOND
from bot.sandbox.alertmanager.webhook import SENDING, Notification, Webhook, body, notify, patience
from bot.sandbox.clock import Clock

KEPT = 500

_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)


class Teller:
    """Notifies the webhook, if there is one. `changed` hears of every notification whenever it changes."""

    def __init__(
        self,
        webhook: Webhook | None,
        groups: Groups,
        *,
        external_url: str,
        clock: Clock,
        changed: Callable[[Notification], None],
    ) -> None:
        self.webhook = webhook
        self.external_url = external_url
        self.notifications: deque[Notification] = deque(maxlen=KEPT)
        self._groups = groups
        self._clock = clock
        self._changed = changed
        self._numbered = 0
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, telling: Telling) -> None:
        """Start to tell; the group is settled when it is told or given up."""
        if self.webhook is None:
            self._settle(telling, told=True)
            return
        self._numbered += 1
        notification = Notification(
            number=self._numbered,
            at=self._clock(),
            group_key=telling.group.key,
            group_labels=telling.group.labels,
            firing=len(telling.firing),
            resolved=len(telling.resolved),
        )
        self.notifications.append(notification)
        self._changed(notification)
        # Not in a TaskGroup: a server is set up and torn down by different tasks, which a group cannot span.
        task = asyncio.get_running_loop().create_task(self._notify(self.webhook, telling, notification))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until no notification is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def restore(self, notifications: Iterable[Notification]) -> None:
        """Remember these; those that were under way did not arrive, as far as is known."""
        for each in notifications:
            if each.state == SENDING:
                each.state, each.error = "failed", each.error or "context canceled"
            self.notifications.append(each)
            self._numbered = each.number

    def clear(self) -> None:
        """Give up what is under way, and forget every notification."""
        for task in self._tasks:
            task.cancel()
        self.notifications.clear()

    async def close(self) -> None:
        """Stop everything."""
        self.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _notify(self, webhook: Webhook, telling: Telling, notification: Notification) -> None:
        told = False
        try:
            told = await notify(
                self._session(),
                webhook,
                body(telling, self.external_url),
                notification,
                seconds=patience(telling),
                tried=lambda: self._changed(notification),
            )
        finally:
            self._settle(telling, told=told)
        self._changed(notification)

    def _settle(self, telling: Telling, *, told: bool) -> None:
        self._groups.settle(telling, self._clock() * MILLISECOND, told=told)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=_NO_TIMEOUT)
        return self._http
