"""pdpyras, and the transport it is built on: their only home.

pdpyras retries by itself, for ever on a 429, and sends POSTs again after read timeouts. The outbox owns
retries here, so each of its own is off and one call is one request.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests
from urllib3.exceptions import NewConnectionError

from bot.adapters.pagerduty.failures import Errand, refusal
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome

with warnings.catch_warnings():
    # It says at each import that it is deprecated; docs/adr says why it is used all the same.
    warnings.filterwarnings("ignore", message='The package "pdpyras" is deprecated', category=UserWarning)
    import pdpyras

CONNECT_SECONDS = 3
READ_SECONDS = 6


class _Refused(Exception):  # noqa: N818 - an answer, on its way through pdpyras
    """An answer other than 2xx. Raised inside of pdpyras, so that it neither retries nor explains it."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class _Session:
    """What both of PagerDuty's interfaces have in common. Used by one thread only."""

    def __init__(self, session: Any, url: str) -> None:
        session.url = url.rstrip("/")
        session.retry = {}
        session.max_network_attempts = 0
        session.max_redirects = 0  # a redirect would turn a POST into a GET
        session.timeout = (CONNECT_SECONDS, READ_SECONDS)
        session.auth = _as_it_is
        session.postprocess = _refuse
        self._session = session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()


class EventsSession(_Session):
    """Events API v2, for every routing key."""

    def __init__(self, url: str) -> None:
        super().__init__(pdpyras.EventsAPISession("set before each event"), url)

    def send(
        self, errand: Errand, routing_key: str, action: str, key: str, properties: Mapping[str, Any]
    ) -> None:
        """Enqueue one event; return when PagerDuty has accepted it. Raises the three failures."""
        with _failures(errand, routing_key):
            self._session.api_key = routing_key
            self._session.send_event(action, dedup_key=key, **properties)


class RestSession(_Session):
    """REST API v2. `from_email` is the user in whose name incidents are changed."""

    def __init__(self, url: str, api_key: str, from_email: str | None) -> None:
        super().__init__(pdpyras.APISession(api_key, default_from=from_email), url)

    def get(self, errand: Errand, path: tuple[str, ...], params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read the resource at `path`. Raises the three failures."""
        with _failures(errand, self._session.api_key):
            return _object(self._session.get(_joined(path), params=dict(params)))

    def put(self, errand: Errand, path: tuple[str, ...], body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the resource at `path`. Raises the three failures."""
        with _failures(errand, self._session.api_key):
            return _object(self._session.put(_joined(path), json=dict(body)))


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that adds nothing: without one, a default entry in ~/.netrc replaces the API key."""
    return request


def _refuse(response: requests.Response) -> None:
    if not 200 <= response.status_code < 300:  # noqa: PLR2004 - HTTP's success
        raise _Refused(response)


def _joined(path: tuple[str, ...]) -> str:
    return "/" + "/".join(quote(part, safe="") for part in path)


def _object(response: requests.Response) -> Mapping[str, Any]:
    body = _json(response)
    if not isinstance(body, dict):
        raise pdpyras.PDServerError("no JSON object", response)
    return body


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


@contextmanager
def _failures(errand: Errand, secret: str) -> Iterator[None]:
    """Raise what goes wrong inside as one of the three failures."""
    try:
        yield
    except _Refused as refused:
        answer = refused.response
        raise refusal(errand, answer.status_code, answer.headers, _json(answer), secret=secret) from refused
    except pdpyras.PDHTTPError as error:  # 2xx, but not in PagerDuty's form
        raise _unsure(
            errand, f"the answer to {errand.what} is not PagerDuty's: check the address it was sent to"
        ) from error
    except pdpyras.PDClientError as error:
        if isinstance(error.__cause__, ValueError):
            raise _invalid(errand) from None
        raise _network_failure(errand, error.__cause__) from error
    except ValueError:
        raise _invalid(errand) from None


def _network_failure(errand: Errand, error: BaseException | None) -> DeliveryFailure:
    """What it means that no answer came. What had not been sent yet is temporary, the rest unknown."""
    match error:
        case requests.TooManyRedirects():
            return PermanentFailure(
                f"PagerDuty's address redirects {errand.what}: redirects are not followed, set the address "
                "that it leads to."
            )
        case requests.ConnectTimeout():
            return TemporaryFailure(
                f"PagerDuty could not be reached for {errand.what}: no connection in time."
            )
        case requests.exceptions.SSLError():
            return TemporaryFailure(
                f"PagerDuty could not be reached for {errand.what}: no trusted TLS connection."
            )
        case requests.exceptions.ProxyError():
            return TemporaryFailure(f"PagerDuty could not be reached for {errand.what}: the proxy failed.")
        case requests.Timeout():
            return _unsure(errand, f"PagerDuty did not answer in time to {errand.what}")
        case requests.ConnectionError() if _never_connected(error):
            return TemporaryFailure(
                f"PagerDuty could not be reached for {errand.what}: connection refused, or name not found."
            )
        case _:
            return _unsure(errand, f"the connection to PagerDuty broke at {errand.what}")


def _invalid(errand: Errand) -> PermanentFailure:
    # What was wrong is left out, and cut from the traceback: requests' complaint quotes the header.
    return PermanentFailure(f"PagerDuty's address or the key for {errand.what} has no valid form.")


def _unsure(errand: Errand, reason: str) -> DeliveryFailure:
    text = f"{reason[0].upper()}{reason[1:]}."
    return TemporaryFailure(text) if errand.reads else UnknownOutcome(text)


def _never_connected(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)
