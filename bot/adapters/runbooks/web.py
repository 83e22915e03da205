"""Runbooks under an address: fetched as they are, never from another host than the guide's."""

from __future__ import annotations

import aiohttp
from typing_extensions import override
from yarl import URL

from bot.adapters.runbooks.source import Source, text_of
from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import SIZE_LIMIT
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure

CALL_SECONDS = 5.0
CONNECT_SECONDS = 3.0
MOST_REDIRECTS = 3

_ACCEPT = "text/markdown, text/plain;q=0.9, */*;q=0.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429})


class Web(Source):
    """Fetches. The session is opened by the first call; no proxy or credentials of the environment."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @override
    async def read(self, runbook: Runbook) -> str:
        if runbook.url is None:
            raise PermanentFailure(f"The guide does not say where {runbook.file} is.")
        try:
            return await self._fetched(URL(runbook.url), runbook.file)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _broken(error) from None  # its text may hold the address

    @override
    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def _fetched(self, url: URL, name: str) -> str:
        home = url.origin()
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
        for _ in range(MOST_REDIRECTS + 1):
            async with self._opened().get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    _refuse(answer, name)
                    return text_of(await _bounded(answer.content), name)
                url = url.join(URL(answer.headers.get("Location", "")))
            if url.scheme not in {"http", "https"} or url.origin() != home:
                raise PermanentFailure(
                    f"{name} leads to another host than runbooks.base: that is not followed."
                )
        raise PermanentFailure(f"{name} leads in a circle.")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(
                headers={"Accept": _ACCEPT}, trust_env=False, cookie_jar=jar
            )
        return self._session


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """The content, or more of it than there may be."""
    read = bytearray()
    async for chunk in content.iter_any():
        read += chunk
        if len(read) > SIZE_LIMIT:
            break
    return bytes(read)


def _refuse(answer: aiohttp.ClientResponse, name: str) -> None:
    """Raise what an answer means that has no Markdown."""
    if answer.status in _LATER or answer.status >= 500:  # noqa: PLR2004 - HTTP's own
        raise TemporaryFailure(f"Where the runbooks are, {name} cannot be given now (HTTP {answer.status}).")
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own
        raise PermanentFailure(f"Where the runbooks are, there is no {name} (HTTP {answer.status}).")
    if answer.content_type == "text/html":
        raise PermanentFailure(
            f"{name} is a page for browsers there: runbooks.base must lead to the Markdown files themselves."
        )


def _broken(error: Exception) -> DeliveryFailure:
    match error:
        case aiohttp.InvalidURL() | ValueError():
            return PermanentFailure("The address of the runbooks has no valid form.")
        case aiohttp.ClientSSLError():
            return TemporaryFailure("Where the runbooks are cannot be reached: no trusted TLS.")
        case TimeoutError():
            return TemporaryFailure("Where the runbooks are did not answer in time.")
        case _:
            return TemporaryFailure("Where the runbooks are cannot be reached.")
