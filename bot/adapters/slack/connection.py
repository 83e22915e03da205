"""slack_sdk and the HTTP session under it: the one place from which Slack is called.

The outbox owns retries, so slack_sdk's own are off: one call is one request. Its client takes a proxy
for every address from the environment; here the address decides, and loopback never has one.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.failures import Effect, Errand, broken, half_done, refusal
from bot.ports.failures import PermanentFailure

SLACK_API_URL = "https://slack.com/api/"
CALL_SECONDS = 10.0
CONNECT_SECONDS = 3.0

_sdk_log = logging.getLogger(f"{__name__}.sdk")
_sdk_log.setLevel(logging.INFO)  # its debug lines hold whole messages, those of security incidents too


class SlackConnection:
    """Calls of one app's Web API. The session is opened by the first call; `aclose` ends it."""

    def __init__(self, *, token: str, base_url: str = SLACK_API_URL) -> None:
        self._token = token
        self._base_url = base_url.rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """slack_sdk's client with the app's token, for Bolt and Socket Mode."""
        return self._opened()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session that everything to Slack shares."""
        self._opened()
        assert self._session is not None
        return self._session

    async def call(self, errand: Errand, **arguments: Any) -> Mapping[str, Any]:
        """Do one call; returns Slack's answer. Raises DeliveryFailure's subclasses."""
        client = self._opened()
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            if errand.effect is Effect.READS:
                answer = await client.api_call(errand.method, http_verb="GET", params=given)
            else:
                answer = await client.api_call(errand.method, json=given)
        except SlackApiError as error:
            raise _refused(errand, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(errand, error) from error
        except (ValueError, AttributeError) as error:  # slack_sdk, at an answer that is no JSON object
            raise half_done(errand, f"Slack's answer to {errand.method} cannot be read.") from error
        return _Answer(answer.data, scopes=answer.headers.get("X-OAuth-Scopes"))

    async def post(self, url: str, body: Mapping[str, Any]) -> None:
        """Send JSON to a response_url, which is a secret: no failure tells it."""
        errand = Errand(method="response_url", effect=Effect.ADDS)
        if not self._may_post_to(url):
            raise PermanentFailure("The response_url is no address of Slack's.")
        self._opened()
        assert self._session is not None
        proxy = _proxy_for(url)
        try:
            async with self._session.post(
                url, json=dict(body), proxy=proxy, allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise _response_refused(errand, response.status, response.headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(errand, error) from None  # its text may hold the URL

    async def upload(self, url: str, content: bytes) -> None:
        """Send a file's bytes to where Slack wants them: nothing is shown yet. No failure tells the URL."""
        errand = Errand(method="upload", effect=Effect.READS)
        if not self._may_post_to(url):
            raise PermanentFailure("The upload's URL is no address of Slack's.")
        self._opened()
        assert self._session is not None
        try:
            async with self._session.post(
                url, data=content, proxy=_proxy_for(url), allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise refusal(errand, response.status, response.headers, None)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(errand, error) from None  # its text may hold the URL

    async def aclose(self) -> None:
        """Close the session; a later call would open another."""
        if self._session is not None:
            await self._session.close()
        self._session = self._client = None

    def _opened(self) -> AsyncWebClient:
        if self._client is None:
            timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
            self._client = AsyncWebClient(
                self._token,
                base_url=self._base_url,
                session=self._session,
                retry_handlers=[],
                logger=_sdk_log,
            )
            self._client.proxy = _proxy_for(self._base_url)
        return self._client

    def _may_post_to(self, url: str) -> bool:
        try:
            asked, own = urlsplit(url), urlsplit(self._base_url)
        except ValueError:
            return False
        return bool(asked.hostname) and (
            asked.scheme == "https" or (asked.scheme, asked.netloc) == (own.scheme, own.netloc)
        )


class _Answer(dict[str, Any]):
    """Slack's answer, and the scopes of the token with which it was asked."""

    def __init__(self, data: Any, *, scopes: str | None) -> None:
        super().__init__(data if isinstance(data, Mapping) else {})
        if scopes is not None:
            self["oauth_scopes"] = scopes


def _refused(errand: Errand, error: SlackApiError) -> Exception:
    """Its `response` is slack_sdk's own, or aiohttp's where the answer was no JSON."""
    response: Any = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    return refusal(errand, status, response.headers, getattr(response, "data", None))


def _response_refused(errand: Errand, status: int, headers: Mapping[str, str]) -> Exception:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN}:
        return PermanentFailure("The response_url has been used up: five answers within 30 minutes.")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != 429:  # noqa: PLR2004
        return PermanentFailure(f"Slack refuses the answer (HTTP {status}).")
    return refusal(errand, status, headers, None)


def _proxy_for(url: str) -> str | None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "localhost" or _is_loopback(host) or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
