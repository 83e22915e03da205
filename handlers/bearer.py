"""Who comes in by a bearer token."""

from __future__ import annotations

import hmac

_SCHEME = "bearer "


def knows(authorization: str | None, token: str) -> bool:
    """Whether the header carries the token. Takes as long for a near one as for another."""
    said = authorization or ""
    scheme, given = said[: len(_SCHEME)], said[len(_SCHEME) :].strip()
    right = hmac.compare_digest(given.encode(errors="replace"), token.encode())
    return right and scheme.lower() == _SCHEME and bool(token)
