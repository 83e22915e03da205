from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.noise import Fired, Noise, noise_report
from tests.support.clock import MONDAY_NOON

SINCE = MONDAY_NOON - timedelta(days=7)


def fired(group: str = "g1", **changes: Any) -> Fired:
    values: dict[str, Any] = {
        "group": group,
        "name": "HighErrorRate",
        "service": "api-gateway",
        "channel": "platform-alerts",
        "security": False,
        "fired": 2,
        "pages": 1,
        "acknowledged": False,
    }
    return Fired(**(values | changes))


def test_the_noisiest_come_first_by_alert_and_by_service() -> None:
    report = noise_report(
        [
            fired("g1"),
            fired("g2", acknowledged=True),
            fired("g3", name="DiskFull", service=None, fired=9, pages=0),
            fired("g4", service="payment", fired=1),
        ],
        SINCE,
        MONDAY_NOON,
        hidden=lambda _fired: False,
    )
    assert report.by_alert == (
        (("DiskFull", None), Noise(fired=9, groups=1, pages=0, unacknowledged=1)),
        (("HighErrorRate", "api-gateway"), Noise(fired=4, groups=2, pages=2, unacknowledged=1)),
        (("HighErrorRate", "payment"), Noise(fired=1, groups=1, pages=1, unacknowledged=1)),
    )
    assert [service for service, _ in report.by_service] == [None, "api-gateway", "payment"]
    assert report.all == Noise(fired=14, groups=4, pages=3, unacknowledged=3)


def test_what_is_hidden_is_counted_apart_and_named_nowhere() -> None:
    report = noise_report(
        [fired(), fired("g2", name="TokenLeaked", security=True)],
        SINCE,
        MONDAY_NOON,
        hidden=lambda one: one.security,
    )
    assert report.hidden == Noise(fired=2, groups=1, pages=1, unacknowledged=1)
    assert "TokenLeaked" not in str(report)


@given(
    st.lists(
        st.builds(
            fired,
            st.sampled_from(["g1", "g2", "g3"]),
            name=st.sampled_from("ab"),
            service=st.sampled_from([None, "x"]),
            fired=st.integers(1, 5),
            pages=st.integers(0, 3),
            security=st.booleans(),
        )
    )
)
def test_nothing_is_counted_twice_and_nothing_lost(rows: list[Fired]) -> None:
    report = noise_report(rows, SINCE, MONDAY_NOON, hidden=lambda one: one.security)
    assert sum(one.fired for one in rows) == report.all.fired + report.hidden.fired
    assert sum(one.pages for one in rows) == report.all.pages + report.hidden.pages
    for parts in (report.by_alert, report.by_service):
        assert sum(noise.fired for _, noise in parts) == report.all.fired
        assert [noise.fired for _, noise in parts] == sorted((n.fired for _, n in parts), reverse=True)
