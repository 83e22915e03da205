"""Posts to the guide's webhooks, each signed with its own secret.

`X-Opsbot-Signature: t=1780000000,v1=<hex>` is HMAC-SHA256 of `<t>.<body>`, so that whoever is asked knows
that it was this bot, and when. Addresses may hold secrets of their own: they are in no text.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

import aiohttp
from typing_extensions import override

from bot.domain.text import clean
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.hooks import HookCall, Hooks

SIGNATURE: Final = "X-Opsbot-Signature"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
CALL_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 5.0

_LARGEST_ANSWER = 16 * 1024
_SAID_LIMIT = 200
_SLOW_DOWN = frozenset({408, 425, 429})
_NOT_DONE = frozenset({503})


class SignedHooks(Hooks):
    """Webhooks whose secrets are known, by the guide's key. The session is opened by the first call.

    Neither a proxy nor credentials are taken from the environment. `clock` is the real one: whoever checks a
    signature looks at theirs.
    """

    def __init__(self, secrets: Mapping[str, str], *, clock: Clock) -> None:
        self._secrets = dict(secrets)
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close the session; a later call would open another."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    @override
    def reaches(self, webhook: str) -> bool:
        return webhook in self._secrets

    @override
    async def post(self, call: HookCall) -> str | None:
        name, secret = call.webhook.key, self._secrets.get(call.webhook.key)
        if secret is None:
            raise PermanentFailure(f"The webhook {name} has no secret to be signed with.")
        body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            IDEMPOTENCY_KEY: call.key,
            SIGNATURE: signature(secret, round(self._clock.now().timestamp()), body),
        }
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self._opened().post(
                call.webhook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                said = _said(await answer.content.read(_LARGEST_ANSWER))
                if not 200 <= answer.status < 300:  # noqa: PLR2004 - HTTP's own
                    raise _refusal(name, answer.status, said)
                return said
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _broken(name, error) from None  # its text may hold the address

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        return self._session


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves that a body was sent by whoever has the secret, at a Unix time."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _said(content: bytes) -> str | None:
    """An answer in words, on one line: a JSON object's message, or the text itself, unless it is a page."""
    text = content.decode(errors="replace").strip()
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return clean(text, _SAID_LIMIT) or None
        words = next((found[key] for key in ("message", "error", "status") if found.get(key)), None)
        return (clean(words, _SAID_LIMIT) or None) if isinstance(words, str) else None
    return None if text.startswith("<") else clean(text, _SAID_LIMIT) or None


def _refusal(name: str, status: int, said: str | None) -> DeliveryFailure:
    told = f"{status}: {said}" if said else f"HTTP {status}"
    if status in _SLOW_DOWN or status in _NOT_DONE:
        return TemporaryFailure(f"The webhook {name} takes nothing for now ({told}).")
    if status >= 500:  # noqa: PLR2004 - HTTP's own
        return UnknownOutcome(f"The webhook {name} failed ({told}).")
    if 300 <= status < 400:  # noqa: PLR2004 - the same
        return PermanentFailure(f"The webhook {name} leads elsewhere, which is not followed ({told}).")
    return PermanentFailure(f"The webhook {name} refused it ({told}).")


def _broken(name: str, error: Exception) -> DeliveryFailure:
    """What it means that no answer came. What had not been sent yet is temporary, the rest unknown."""
    match error:
        case aiohttp.InvalidURL() | aiohttp.InvalidUrlClientError():
            return PermanentFailure(f"The address of the webhook {name} has no valid form.")
        case aiohttp.ClientSSLError():
            return TemporaryFailure(f"The webhook {name} cannot be reached: no trusted TLS.")
        case aiohttp.ConnectionTimeoutError():
            return TemporaryFailure(f"The webhook {name} cannot be reached: no connection in time.")
        case aiohttp.ClientConnectorError():
            return TemporaryFailure(
                f"The webhook {name} cannot be reached: connection refused, or name not found."
            )
        case TimeoutError():
            return UnknownOutcome(f"The webhook {name} did not answer in time.")
        case _:
            return UnknownOutcome(f"The connection to the webhook {name} broke.")
