"""What a PostgreSQL error means for the transaction that met it."""

from __future__ import annotations

from enum import Enum, auto

from sqlalchemy.exc import DBAPIError


class Fault(Enum):
    """What to do about an error."""

    PASSING = auto()  # run it again: a lost connection, an unknown commit, a deadlock
    RACE = auto()  # run it again: another process has just written the same key; if it stays, it is ours
    MOVED = auto()  # run it again on new connections: this server takes no writes any more
    LASTING = auto()  # the database is in no state to serve; do not make it worse
    OURS = auto()  # a mistake of this code


_PASSING = {"40001", "40P01", "57P01", "57P02", "57P03", "55P03"}
_UNIQUE_VIOLATION = "23505"
_READ_ONLY = "25006"
_LASTING_CLASSES = {"25", "28", "3D", "53", "55", "57", "58", "XX"}


def sort(error: Exception) -> Fault:
    """Say what kind of fault an error is. Without a word from the server it is the connection's."""
    if not isinstance(error, DBAPIError):
        return Fault.PASSING if isinstance(error, OSError) else Fault.LASTING
    state = _sqlstate(error)
    if error.connection_invalidated or not state or state in _PASSING or state[:2] == "08":
        return Fault.PASSING
    if state == _UNIQUE_VIOLATION:
        return Fault.RACE
    if state == _READ_ONLY:
        return Fault.MOVED
    return Fault.LASTING if state[:2] in _LASTING_CLASSES else Fault.OURS


def name_of(error: Exception) -> str:
    """The error's own name and number, without its text: that may quote what was to be written."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    state = _sqlstate(error) if isinstance(error, DBAPIError) else ""
    return f"{type(cause).__name__} ({state})" if state else type(cause).__name__


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
