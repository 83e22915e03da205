"""What tables are made of: their register, and the types of columns that no database has."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, MetaData, TypeDecorator
from typing_extensions import override

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds_of(instant: datetime) -> int:
    """An aware instant as UTC milliseconds since 1970; what is finer is cut."""
    return (instant - _EPOCH) // _MILLISECOND


def instant_of(milliseconds: int) -> datetime:
    """The instant of `milliseconds_of`."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


class Instant(TypeDecorator[datetime]):
    """An aware instant as UTC milliseconds since 1970; what is finer is cut. Refuses naive values."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"An instant needs a time zone; {value.isoformat()} has none.")
        return milliseconds_of(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant_of(value)


to_json: Final[Callable[[Any], str]] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""How JSON columns are written."""

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
