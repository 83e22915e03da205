from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.severity import Severity
from bot.domain.statistics import Counted, Paged, Span, statistics
from bot.views.statistics import statistics_message
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens

SERVICES = {"payment": "Payment Service", "identity": "Identity Service"}
SPAN = Span(since=MONDAY_NOON - timedelta(days=30), until=MONDAY_NOON)
DECLARED = MONDAY_NOON - timedelta(days=3)


def counted(service: str | None = "payment", *, security: bool = False) -> Counted:
    return Counted(
        severity=Severity.P0,
        service=service,
        security=security,
        declared_at=DECLARED,
        acknowledged_at=DECLARED + timedelta(minutes=4),
        resolved_at=DECLARED + timedelta(hours=2),
        pages=(Paged(at=DECLARED, step=0), Paged(at=DECLARED + timedelta(hours=12), step=1)),
    )


def test_statistics_are_as_they_were_last_looked_at() -> None:
    incidents = [counted(), counted("identity"), counted(None), counted(security=True), counted("gone")]
    shown = statistics(incidents, SPAN, NEW_YORK)
    check_golden("statistics", statistics_message(shown, SERVICES, zone=NEW_YORK))


def test_nothing_declared_is_said() -> None:
    shown = statistics_message(statistics([], SPAN, NEW_YORK), SERVICES, zone=NEW_YORK)
    assert shown.text == "Incidents of the last 30 d: no incident was declared."


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=60))
def test_any_services_make_a_message_that_slack_takes(titles: dict[str, str]) -> None:
    shown = statistics([counted(key) for key in titles] or [counted()], SPAN, NEW_YORK)
    body = statistics_message(shown, titles, zone=NEW_YORK).to_json()
    check_message(body)
    assert tokens(body) == []
