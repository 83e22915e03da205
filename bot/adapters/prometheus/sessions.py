"""prometheus-api-client, and the transport it is built on: their only home.

It drops the warnings of an answer, reads answers of any size, tries again by itself and shows whole pages in
its errors. The session that it is given here does each of these better; one call is one request.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import requests
from prometheus_api_client import PrometheusConnect
from typing_extensions import override
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError
from urllib3.exceptions import TimeoutError as SocketTimeout
from urllib3.util.retry import Retry

from bot.adapters.prometheus.failures import NO_PROMETHEUS, hidden, parsed, refusal
from bot.adapters.prometheus.limits import Limits
from bot.adapters.prometheus.replies import Reply, answer_of, course_of
from bot.domain.slo.samples import Answer, Course
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.metrics import TookTooLong

_CHUNK = 64 * 1024
_LONGEST_IN_ADDRESS = 2000
"""Characters of a query that every proxy takes as part of an address; longer ones are sent in a body."""


class Connection:
    """Asks one Prometheus. Used by one thread only."""

    def __init__(self, url: str, token: str | None, limits: Limits) -> None:
        self._limits = limits
        self._session = _Session(token, limits)
        self._client = PrometheusConnect(
            url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            retry=Retry(total=0, read=False),  # without the second, a time out looks like a broken connection
            session=self._session,
            timeout=(limits.connect_seconds, limits.read_seconds),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, query: str, at: datetime) -> Answer:
        """What a query gives at an instant. Raises TemporaryFailure, PermanentFailure."""
        with _failures(self._limits):
            self._client.custom_query(query, params=self._bounded(time=_seconds(at)))
        return answer_of(self._session.reply, most_series=self._limits.most_series)

    def course(self, query: str, since: datetime, until: datetime, step: timedelta) -> Course:
        """What a query gives over a span. Raises TemporaryFailure, PermanentFailure."""
        # The client rounds both ends to seconds; what `params` says counts.
        span = self._bounded(start=_seconds(since), end=_seconds(until))
        with _failures(self._limits):
            self._client.custom_query_range(query, since, until, f"{step.total_seconds():g}", params=span)
        return course_of(self._session.reply, most_series=self._limits.most_series)

    def _bounded(self, **when: str) -> dict[str, str]:
        return {**when, "timeout": f"{round(self._limits.query_seconds * 1000)}ms"}


class _Session(requests.Session):
    """Reads no more than an answer may hold, follows nowhere, and keeps the whole of the last answer.

    Nothing is taken from the environment: ~/.netrc would replace the token, a proxy would see it.
    """

    reply: Reply

    def __init__(self, token: str | None, limits: Limits) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = _trusted()
        self._token = token
        self._limits = limits

    @override
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: to know where, requests would read all of the page that redirects."""

    @override
    def request(self, *given: Any, **how: Any) -> requests.Response:
        ends = time.monotonic() + self._limits.connect_seconds + self._limits.read_seconds
        with super().request(*given, **_sent(how)) as answer:
            body = parsed(self._content(answer, ends))
        if answer.status_code != requests.codes.ok or not _is_success(body):
            raise self._refusal(answer, body)
        self.reply = Reply(
            kind=body["data"]["resultType"], result=body["data"]["result"], warnings=self._warnings(body)
        )
        return _Whole(body)

    def _content(self, answer: requests.Response, ends: float) -> bytes:
        content = bytearray()
        # Whatever has come at each look: a read that waits for all of it could be kept waiting by drops.
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > self._limits.largest_answer:
                raise PermanentFailure(
                    f"Prometheus' answer is larger than {self._limits.largest_answer / 1024**2:g} MiB, which "
                    "are read at most. Narrow the metric's selector in the guide."
                )
            if time.monotonic() > ends:
                raise _too_slow(self._limits)
        return bytes(content)

    def _refusal(self, answer: requests.Response, body: Any) -> DeliveryFailure:
        if answer.status_code == requests.codes.ok and not (isinstance(body, dict) and "errorType" in body):
            return PermanentFailure(NO_PROMETHEUS)
        return refusal(answer.status_code, answer.headers, body, token=self._token)

    def _warnings(self, body: dict[str, Any]) -> tuple[str, ...]:
        """What Prometheus warns of, then what it remarks."""
        said = [
            one for name in ("warnings", "infos") if isinstance(body.get(name), list) for one in body[name]
        ]
        return tuple(hidden(str(one), self._token) for one in said[: self._limits.most_warnings])


class _Whole(requests.Response):
    """An answer that has been read already, as the client takes it."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.status_code = requests.codes.ok
        self._body = body

    @override
    def json(self, **kwargs: Any) -> Any:
        return self._body


def _sent(how: dict[str, Any]) -> dict[str, Any]:
    """The request as it is sent: with a long query in a body, which the client never does."""
    streamed = {**how, "stream": True}
    if len(how["params"]["query"]) <= _LONGEST_IN_ADDRESS:
        return streamed
    return {**streamed, "method": "POST", "data": how["params"], "params": None}


def _is_success(body: Any) -> bool:
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or body.get("status") != "success":
        return False
    return isinstance(data.get("resultType"), str) and "result" in data


def _trusted() -> str | bool:
    """Whom the machine trusts, as all other calls of the bot do; requests would bring a list of its own."""
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath or True


def _seconds(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


@contextmanager
def _failures(limits: Limits) -> Iterator[None]:
    """Raise what goes wrong on the way as one of the port's failures."""
    try:
        yield
    except ValueError:
        # What was wrong is left out, and cut from the traceback: requests' complaint quotes the header.
        raise PermanentFailure("PROMETHEUS_URL or PROMETHEUS_TOKEN has no valid form.") from None
    except (requests.RequestException, HTTPError) as error:
        raise _broken(error, limits) from error


def _broken(error: Exception, limits: Limits) -> DeliveryFailure:
    """What it means that no answer came."""
    match error:
        case requests.ConnectTimeout():
            return TookTooLong(
                f"Prometheus cannot be reached: no connection within {limits.connect_seconds:g} s."
            )
        case requests.Timeout() | SocketTimeout():
            return _too_slow(limits)
        case requests.exceptions.SSLError():
            return TemporaryFailure("Prometheus cannot be reached: no trusted TLS connection.")
        case requests.ConnectionError(args=(MaxRetryError(reason=NewConnectionError()),)):
            return TemporaryFailure("Prometheus cannot be reached: connection refused, or name not found.")
        case _:
            return TemporaryFailure("The connection to Prometheus broke before its answer was complete.")


def _too_slow(limits: Limits) -> TookTooLong:
    return TookTooLong(f"Prometheus did not answer within {limits.read_seconds:g} s.")
