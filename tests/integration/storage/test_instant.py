from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine.default import DefaultDialect

from storage.schema import Instant

_DIALECT = DefaultDialect()
_INSTANTS = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001 - the strategy adds the zone
    datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def _round_trip(at: datetime) -> datetime | None:
    column = Instant()
    return column.process_result_value(column.process_bind_param(at, _DIALECT), _DIALECT)


@given(_INSTANTS)
def test_an_instant_comes_back_cut_to_milliseconds(at: datetime) -> None:
    back = _round_trip(at)
    assert back is not None
    assert timedelta() <= at - back < timedelta(milliseconds=1)


@given(_INSTANTS)
def test_an_instant_comes_back_in_utc(at: datetime) -> None:
    back = _round_trip(at)
    assert back is not None
    assert back.tzinfo is UTC


@given(_INSTANTS, _INSTANTS)
def test_the_order_of_instants_is_kept(one: datetime, other: datetime) -> None:
    low, high = (Instant().process_bind_param(at, _DIALECT) for at in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert low <= high


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), _DIALECT)  # noqa: DTZ001
