"""Regular expressions: Prometheus has Go's, the stand-in has Python's."""

from __future__ import annotations

import re

from bot.sandbox.prometheus.promql.errors import UnknownError

_TOLD_APART = re.compile(r"\\[1-9AbBCpPQEzZ]|\(\?(?!:|P<|[imsU])|\[\[|\[:|&&|\|\||~~|--")
"""What the two may understand differently."""


def check_alike(pattern: str, at: int) -> None:
    """Raises `UnknownError` for a pattern that Prometheus might read otherwise."""
    if foreign := _TOLD_APART.search(pattern):
        raise UnknownError(f"regular expressions with {foreign[0]!r}", at)
