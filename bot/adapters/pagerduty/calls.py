"""Calls of PagerDuty's REST API, from threads of their own and within a limit of time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from bot.adapters.pagerduty.failures import Errand
from bot.adapters.pagerduty.sessions import RestSession
from bot.adapters.threads import BlockingThreads
from bot.ports.failures import TemporaryFailure

API_URL = "https://api.pagerduty.com"
REST_LANE = "pagerduty-rest"
OVERALL_SECONDS = 10.0

T = TypeVar("T")
Json = Mapping[str, Any]


class Secret(Protocol):
    """A value that is shown only when asked for, as pydantic's SecretStr."""

    def get_secret_value(self) -> str:
        """The value."""


class RestCalls:
    """The REST API by `count` threads; nothing is retried here."""

    def __init__(
        self,
        *,
        api_key: Secret | str,
        from_email: str | None = None,
        api_url: str = API_URL,
        name: str,
        count: int,
        overall_seconds: float = OVERALL_SECONDS,
    ) -> None:
        self._overall_seconds = overall_seconds
        self._threads = BlockingThreads(
            partial(RestSession, api_url, revealed(api_key), from_email), name=name, count=count
        )

    async def get(self, what: str, path: tuple[str, ...], params: Json | None = None) -> Json:
        """Read the resource at `path`; `what` says it in an error. Raises DeliveryFailure's subclasses."""
        errand = Errand(what=what, lane=REST_LANE, reads=True)
        return await done(self._threads.submit(lambda session: session.get(errand, path, params or {})))

    async def put(self, what: str, path: tuple[str, ...], body: Json) -> Json:
        """Change the resource at `path`. Raises DeliveryFailure's subclasses."""
        errand = Errand(what=what, lane=REST_LANE)
        return await done(self._threads.submit(lambda session: session.put(errand, path, body)))

    @asynccontextmanager
    async def in_time(self, what: str) -> AsyncIterator[None]:
        """Give up on what may be tried again, all of its requests together, after the time allowed."""
        try:
            async with asyncio.timeout(self._overall_seconds):
                yield
        except TimeoutError as error:
            raise TemporaryFailure(waited(what, self._overall_seconds)) from error

    async def aclose(self, within: float) -> None:
        """Let go of the threads, also of those that hang."""
        await asyncio.to_thread(self._threads.close, within)


async def done(future: Future[T]) -> T:
    """What a thread has come to. Whoever stops waiting cannot stop the thread, only what has not begun."""
    return await asyncio.wrap_future(future)


def waited(what: str, seconds: float) -> str:
    """What is said where no answer came."""
    return f"PagerDuty did not answer {what} within {seconds:g} s."


def revealed(secret: Secret | str) -> str:
    """A secret's value."""
    return secret if isinstance(secret, str) else secret.get_secret_value()
