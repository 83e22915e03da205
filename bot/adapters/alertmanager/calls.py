"""Calls of Alertmanager's API v2, and what their failures mean. The only place that knows its address."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from yarl import URL

from bot.adapters.alertmanager.items import items
from bot.domain.text import clean
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome

CALL_SECONDS = 4.5
"""A silence that may have been made is looked for first: two calls are below ten seconds together."""

CONNECT_SECONDS = 3.0
LIST_SECONDS = 30.0
"""For lists, which no lease waits for."""

LARGEST_ANSWER = 64 * 1024**2
"""Bytes of a list that are read at most: some 50,000 alerts."""

_LARGEST_WORD = 64 * 1024
_WORDS_LIMIT = 300
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call. `what` it does, as an error says it; `adds`: doing it twice would make two of it."""

    what: str
    method: str = "GET"
    path: str
    adds: bool = False
    seconds: float = CALL_SECONDS


class RefusedError(PermanentFailure):
    """Alertmanager answered that it does not do it. `said` is its explanation, `status` HTTP's."""

    def __init__(self, reason: str, *, status: int, said: str) -> None:
        super().__init__(reason)
        self.status = status
        self.said = said


class Calls:
    """Does one call after the other. The session is opened by the first; `aclose` ends it.

    Neither a proxy nor credentials are taken from the environment. Those in the address go into a header,
    and into no text.
    """

    def __init__(self, url: str) -> None:
        try:
            given = URL(url)
        except ValueError:
            raise ValueError("ALERTMANAGER_URL has no valid form.") from None
        self._base = given.with_user(None).with_query(None).with_fragment(None)
        self._headers = _credentials(given.user, given.password)
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close the session; a later call would open another."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def call(self, errand: Errand, body: Mapping[str, Any] | None = None) -> Any:
        """Do it; Alertmanager's answer. Raises DeliveryFailure's subclasses."""
        async with self._answer(errand, body=body) as answer:
            try:
                content = await answer.content.read(_LARGEST_WORD)
                return json.loads(content) if content else None
            except (ValueError, RecursionError):
                raise _unsure(errand, f"Alertmanager's answer to {errand.what} cannot be read") from None

    async def list(self, errand: Errand, query: Sequence[tuple[str, str]] = ()) -> AsyncIterator[Any]:
        """Each item of a list. Raises TemporaryFailure where it does not come whole, and the others."""
        async with self._answer(errand, query=query) as answer:
            try:
                async for item in items(_bounded(answer.content)):
                    yield item
            except (ValueError, RecursionError) as error:
                raise TemporaryFailure(f"Alertmanager's list of {errand.what} cannot be read.") from error

    @asynccontextmanager
    async def _answer(
        self,
        errand: Errand,
        *,
        body: Mapping[str, Any] | None = None,
        query: Sequence[tuple[str, str]] = (),
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=errand.seconds, connect=CONNECT_SECONDS)
        try:
            async with self._opened().request(
                errand.method,
                self._base.joinpath("api", "v2", *errand.path.split("/")).with_query(list(query)),
                json=body,
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                if not answer.ok or answer.status >= 300:  # noqa: PLR2004 - HTTP's redirects
                    raise await _refusal(errand, answer)
                yield answer
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _broken(errand, error) from None  # its text may hold the address

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers, trust_env=False)
        return self._session


def _credentials(user: str | None, password: str | None) -> Mapping[str, str]:
    if not user:
        return {}
    encoded = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


async def _bounded(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in content.iter_any():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise ValueError("the list is too long")
        yield chunk


async def _refusal(errand: Errand, answer: aiohttp.ClientResponse) -> DeliveryFailure:
    """The failure that an answer stands for, in Alertmanager's own words."""
    status, said = answer.status, _words(await answer.content.read(_LARGEST_WORD))
    told = f"{status}: {said}" if said else f"HTTP {status}"
    if status in {408, 425, 429}:
        wait = _retry_after(answer.headers)
        return TemporaryFailure(
            f"Alertmanager takes no more calls for now, {errand.what} among them ({told}).", retry_after=wait
        )
    if status >= 500:  # noqa: PLR2004 - HTTP's own
        if "not found" in said or "already expired" in said:  # older versions say so with 500
            return RefusedError(f"Alertmanager refused {errand.what} ({told}).", status=404, said=said)
        return _unsure(errand, f"Alertmanager failed at {errand.what} ({told})")
    if status in {401, 403}:
        return PermanentFailure(
            f"Alertmanager does not accept the credentials of ALERTMANAGER_URL for {errand.what} ({told})."
        )
    if 300 <= status < 400:  # noqa: PLR2004 - the same
        return PermanentFailure(
            f"ALERTMANAGER_URL redirects {errand.what}: redirects are not followed, set the address that it "
            "leads to."
        )
    return RefusedError(f"Alertmanager refused {errand.what} ({told}).", status=status, said=said)


def _words(content: bytes) -> str:
    """An error's explanation: a JSON text, or an object with a message; nothing for a page of HTML."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    if isinstance(found, dict):
        found = found.get("message") or found.get("error")
    return clean(found, _WORDS_LIMIT) if isinstance(found, str) else ""


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    text = headers.get("Retry-After", "")
    return min(timedelta(seconds=int(text[:6])), _LONGEST_WAIT) if text.isdecimal() else None


def _broken(errand: Errand, error: Exception) -> DeliveryFailure:
    """What it means that no answer came. What had not been sent yet is temporary, the rest unknown."""
    match error:
        case aiohttp.InvalidURL() | aiohttp.InvalidUrlClientError():
            return PermanentFailure("ALERTMANAGER_URL has no valid form.")
        case aiohttp.ClientSSLError():
            return TemporaryFailure(f"Alertmanager cannot be reached for {errand.what}: no trusted TLS.")
        case aiohttp.ConnectionTimeoutError():
            return TemporaryFailure(
                f"Alertmanager cannot be reached for {errand.what}: no connection in time."
            )
        case aiohttp.ClientConnectorError():
            return TemporaryFailure(
                f"Alertmanager cannot be reached for {errand.what}: connection refused, or name not found."
            )
        case TimeoutError():
            return _unsure(errand, f"Alertmanager did not answer in time to {errand.what}")
        case _:
            return _unsure(errand, f"the connection to Alertmanager broke at {errand.what}")


def _unsure(errand: Errand, reason: str) -> DeliveryFailure:
    text = f"{reason[0].upper()}{reason[1:]}."
    return UnknownOutcome(text) if errand.adds else TemporaryFailure(text)
