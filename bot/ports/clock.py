"""Where instants and identities come from."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of instants."""

    def now(self) -> datetime:
        """The present, aware, in UTC, cut to milliseconds."""


class IdSource(Protocol):
    """The one source of identities."""

    def new_id(self) -> str:
        """A random identity that no other installation or restored backup shares."""
