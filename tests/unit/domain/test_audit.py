from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.audit import AuditEntry, read_instant
from bot.domain.errors import InvalidError
from tests.support.clock import MONDAY_NOON as NOW


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("30d", NOW - timedelta(days=30)),
        (" 90m ", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("2w", NOW - timedelta(weeks=2)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:30", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("2026-03-01 12:30:05+02:00", datetime(2026, 3, 1, 10, 30, 5, tzinfo=UTC)),
    ],
)
def test_a_time_is_so_long_ago_or_a_date_or_an_instant(text: str, instant: datetime) -> None:
    assert read_instant(text, NOW) == instant


@pytest.mark.parametrize(
    "text", ["", "yesterday", "30", "30 parsecs", "2026-13-01", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_time_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(InvalidError, match="is no time: write 30d"):
        read_instant(text, NOW)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidError):
        assert read_instant(text, NOW).tzinfo is UTC


def test_of_a_security_incident_outsiders_learn_neither_who_nor_what() -> None:
    ana = Actor(id="U1", name="Ana")
    entry = AuditEntry(
        at=NOW, subject="one", sequence=1, actor=ana, kind="updated", data={"text": "zebra"}, security=True
    )
    shown = entry.without_secrets()
    assert (shown.actor, shown.data, shown.redacted) == (Actor(id="", name=""), {}, True)
    assert (shown.at, shown.kind, shown.sequence) == (NOW, "updated", 1)
