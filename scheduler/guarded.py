"""The one place where any trouble is caught: a loop records it and goes on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")

_log = logging.getLogger("scheduler")


async def guarded(call: Awaitable[Result], *, otherwise: Result, what: str, **facts: str) -> Result:
    """The call's result; `otherwise` where it fails, with `what` and `facts` in the log."""
    try:
        return await call
    except Exception:  # noqa: BLE001 - a loop's boundary: whatever it is, the loop goes on
        _log.exception("%s failed; going on", what, extra=facts)
        return otherwise
