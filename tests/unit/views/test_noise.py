from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert_summary import AlertSummary
from bot.domain.noise import Fired, noise_report
from bot.views.noise import alert_summary, noise_message
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens

SINCE = MONDAY_NOON - timedelta(days=7)
SERVICES = {"api-gateway": "API Gateway"}


def fired(name: str, service: str | None, count: int, pages: int, *, taken: bool = False) -> Fired:
    return Fired(
        group=f"{name}/{service}",
        name=name,
        service=service,
        channel="platform-alerts",
        security=name == "secret",
        fired=count,
        pages=pages,
        acknowledged=taken,
    )


def test_noise_is_as_it_was_last_looked_at() -> None:
    rows = [
        fired("HighErrorRate", "api-gateway", 12, 3),
        fired("DiskFull", None, 1, 0, taken=True),
        fired("Slow", "gone", 2, 0),
        fired("secret", None, 4, 1),
    ]
    report = noise_report(rows, SINCE, MONDAY_NOON, hidden=lambda one: one.security)
    check_golden("noise", noise_message(report, SERVICES))


def test_a_summary_is_as_it_was_last_looked_at() -> None:
    rows = [fired(name, "api-gateway", 9 - n, n) for n, name in enumerate("ABCDEFG")]
    report = noise_report(rows, SINCE, MONDAY_NOON, hidden=lambda _fired: False)
    summary = AlertSummary(channel="platform-alerts", report=report, security=False)
    check_golden("alert_summary", alert_summary(summary, SERVICES, zone=NEW_YORK))
    redacted = alert_summary(summary, SERVICES, zone=NEW_YORK, redacted=True)
    assert redacted.text.startswith("Security alerts fired 42 times, with 21 pages.")
    check_message(redacted.to_json())


def test_silence_is_said() -> None:
    report = noise_report([], SINCE, MONDAY_NOON, hidden=lambda _fired: False)
    shown = noise_message(report, SERVICES, service="api-gateway")
    assert shown.text == "Alerts of API Gateway in the last 7 d: none fired."


@given(st.text(max_size=300), st.text(max_size=300), st.integers(1, 80))
def test_any_names_make_a_message_that_slack_takes(name: str, service: str, many: int) -> None:
    rows = [fired(f"{name}{n}", f"{service}{n}", 1, n) for n in range(many)]
    report = noise_report(rows, SINCE, MONDAY_NOON, hidden=lambda _fired: False)
    body = noise_message(report, {}, service=service).to_json()
    check_message(body)
    assert tokens(body) == []
    summary = AlertSummary(channel="x", report=report, security=False)
    body = alert_summary(summary, {}, zone=NEW_YORK).to_json()
    check_message(body)
    assert [token for token in tokens(body) if not token.startswith("!date^")] == []
