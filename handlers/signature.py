"""Whether a request is Slack's: the signature over its raw bytes.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

TOLERANCE_SECONDS = 300
"""How far a request's timestamp may be from now: an older one may be a recording, played again."""

_LONGEST_TIMESTAMP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSecrets:
    """The signing secrets that hold now: several while one replaces another."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> SigningSecrets:
        """The secrets as texts. Raises ValueError where there is none: no request could be believed."""
        keys = tuple(secret.encode() for secret in secrets if secret)
        if not keys:
            raise ValueError("There is no signing secret.")
        return cls(keys=keys)

    def refusal(
        self, *, timestamp: str | None, signature: str | None, body: bytes, now: datetime
    ) -> str | None:
        """Why the request is not to be believed, or None where it is Slack's and fresh.

        `timestamp` and `signature` are the headers `X-Slack-Request-Timestamp` and `X-Slack-Signature`
        as they came, `body` the bytes as they came, `now` the present by the wall clock.
        """
        if timestamp is None or signature is None:
            return "the request is not signed"
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIMESTAMP):
            return "the timestamp is not a number of seconds"
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
            return "the timestamp is more than five minutes from now"
        given = signature.encode(errors="replace")
        # A list, not a generator: each secret is tried, so that time tells nothing of which one matched.
        matches = [hmac.compare_digest(_v0(key, timestamp, body), given) for key in self.keys]
        return None if any(matches) else "the signature does not match"


def _v0(key: bytes, timestamp: str, body: bytes) -> bytes:
    base = b"v0:" + timestamp.encode() + b":" + body
    return b"v0=" + hmac.digest(key, base, hashlib.sha256).hex().encode()
