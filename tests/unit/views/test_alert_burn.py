"""How fast an error budget burns, on an alert's card."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alert import Alert
from bot.domain.alert_card import AlertCard
from bot.views.alert import alert_card
from tests.support.alert_cards import a_group, an_alert, an_alert_card
from tests.support.cards import after
from tests.support.goldens import check_golden

X = "\N{MULTIPLICATION SIGN}"
NEW_YORK = ZoneInfo("America/New_York")


def burning(
    burn: str = "15.2", budget: str = "43 %", *, service: str = "payment", slo: str = "availability"
) -> Alert:
    alert = an_alert(f"{service}-{slo}")
    labels = {"alertname": "ErrorBudgetBurn", "service": service, "severity": "critical", "slo": slo}
    return replace(alert, labels={**labels, "window": "1h"}, annotations={"burn": burn, "budget": budget})


def a_card(*alerts: Alert) -> AlertCard:
    firing = sum(alert.fires for alert in alerts)
    group = a_group(name="ErrorBudgetBurn", summary="", firing=firing, resolved=len(alerts) - firing)
    return an_alert_card(group=group, alerts=alerts)


def said(*alerts: Alert) -> str:
    return str(alert_card(a_card(*alerts), zone=NEW_YORK).blocks)


@pytest.mark.parametrize(
    ("burn", "budget", "line"),
    [
        ("15.2", "43 %", f"🔥 Burns 15{X} too fast over 1 h · 43 % of the error budget left"),
        ("6.19", "99.96 %", f"🔥 Burns 6.1{X} too fast over 1 h · 99.9 % of the error budget left"),
        ("1250.0", "0 %", f"🔥 Burns 1,250{X} too fast over 1 h · 0 % of the error budget left"),
        ("0.8", "", f"🔥 Burns 0.8{X} as fast as it may over 1 h"),
        ("15.2", "-57 %", f"🔥 Burns 15{X} too fast over 1 h · error budget overdrawn by 57 %"),
        (
            "2.0",
            "43 % (of 62 % of 30d)",
            f"🔥 Burns 2{X} too fast over 1 h · 43 % of the error budget left (of 62 % of 30d)",
        ),
        (
            "2.0",
            "unknown (nothing)",
            f"🔥 Burns 2{X} too fast over 1 h · error budget left: unknown (nothing)",
        ),
        ("", "43 %", "🔥 43 % of the error budget left"),
        ("very fast", "", "🔥 Burn over 1 h: very fast"),
    ],
)
def test_one_line_says_how_fast_it_burns_and_what_is_left(burn: str, budget: str, line: str) -> None:
    assert f"\\n{line}\\n" in said(burning(burn, budget))


def test_what_is_written_there_notifies_nobody_and_leads_nowhere() -> None:
    text = said(burning("<!channel> *now*", "<https://evil.example|100 %>"))
    assert "<!channel>" not in text
    assert "<https://evil" not in text


def test_of_several_each_says_it_for_itself() -> None:
    text = said(burning(), burning("3.4", "-5 %", slo="latency"), burning("x" * 400, "?", slo="error_rate"))
    assert "🔥 Burns" not in text
    assert "slo=availability" in text
    assert f"· 🔥 burns 15{X}, 43 % left" in text
    assert f"· 🔥 burns 3.4{X}, \N{MINUS SIGN}5 % left" in text
    assert "x" * 21 not in text


def test_what_is_over_burns_no_more() -> None:
    over = replace(burning(slo="latency"), ends_at=after(4))
    assert f"🔥 Burns 15{X}" in said(burning(), over)
    assert "🔥" not in said(over)


def test_where_more_fire_than_are_shown_no_one_stands_for_all() -> None:
    card = a_card(burning())
    shown = replace(card, group=replace(card.group, firing=12), more=11)
    assert "🔥 Burns" not in str(alert_card(shown, zone=NEW_YORK).blocks)


@pytest.mark.parametrize(
    ("name", "alerts"),
    [
        ("alert-burn", (burning(),)),
        ("alert-burns", (burning(), burning("3.4", "-5 %", service="content", slo="latency"))),
    ],
)
def test_a_card_is_as_it_was_last_looked_at(name: str, alerts: tuple[Alert, ...]) -> None:
    check_golden(name, alert_card(a_card(*alerts), zone=NEW_YORK))
