from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup, AlertSource, AlertStatus, Silence, SilenceState
from bot.domain.alert_listing import (
    AlertDetails,
    Asked,
    Listed,
    SignOfLife,
    SilenceList,
    StormDetails,
    arranged,
)
from bot.domain.severity import Severity
from bot.views.alert_details import alert_details
from bot.views.alert_help import alert_help
from bot.views.alert_list import alert_list, silence_list, storm_details
from bot.views.blocks import Message
from tests.support.builders import ANA, NEW_YORK, an_alert, an_alert_group
from tests.support.clock import MONDAY_NOON
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, text_objects, tokens

NOW = MONDAY_NOON + timedelta(minutes=42)
URL = "https://example.slack.com/archives/C1/p2"


def listed(number: int = 12, *, service: str | None = "API Gateway", **changes: Any) -> Listed:
    group = an_alert_group(id=f"g{number}", number=number, **changes)
    return Listed(group=group, service=service, url=URL)


def acknowledged(number: int) -> Listed:
    return listed(number, acknowledged_by=ANA, acknowledged_at=MONDAY_NOON + timedelta(minutes=3))


def silenced(number: int) -> Listed:
    return listed(number, silenced_by=ANA, silenced_until=NOW + timedelta(hours=4))


def a_storm(number: int = 40) -> Listed:
    return listed(number, source=AlertSource.STORM, name="Storm", summary="25 alerts", service=None)


def a_silence(**changes: Any) -> Silence:
    silence = Silence(
        id="s1",
        group="g12",
        remote_id="r1",
        matchers=(("alertname", "HighErrorRate"),),
        by=ANA,
        comment="a deploy goes on",
        starts_at=MONDAY_NOON,
        ends_at=NOW + timedelta(hours=4),
        state=SilenceState.ACTIVE,
    )
    return replace(silence, **changes)


def words_of(message: Message) -> str:
    return "\n".join(text["text"] for text in text_objects(message.to_json()["blocks"]))


def test_a_list_is_as_it_was_last_looked_at() -> None:
    groups = [
        listed(12),
        listed(9, severity=Severity.P0, name="Down", summary="nothing answers <!here>", flaps=4),
        listed(13, service="Payment Service", firing=3, resolved=2),
        listed(14, started_at=MONDAY_NOON - timedelta(days=2)),
        acknowledged(15),
        silenced(16),
        a_storm(),
        listed(17, storm="g40"),
    ]
    heard = SignOfLife(at=NOW - timedelta(seconds=40), overdue=False)
    shown = arranged(groups, NOW, hidden=2, heard=heard)
    check_golden("alert_list", alert_list(shown, zone=NEW_YORK))


def test_the_worst_comes_first_then_by_service_then_the_oldest() -> None:
    groups = [
        listed(1, severity=Severity.P2),
        listed(2, service="Payment"),
        listed(3, service="API"),
        listed(4, service="API", started_at=MONDAY_NOON - timedelta(hours=1)),
    ]
    text = alert_list(arranged(groups, NOW), zone=NEW_YORK).text
    assert text.index("A4") < text.index("A3") < text.index("A2") < text.index("A1")


def test_nothing_firing_is_said_and_what_is_hidden_counted() -> None:
    assert alert_list(arranged([], NOW), zone=NEW_YORK).text == "No alert is firing."
    hidden = alert_list(arranged([], NOW, hidden=1), zone=NEW_YORK).text
    assert hidden == "No other alert is firing. 1 security alert is firing; its channel shows it."
    asked = Asked(severity=Severity.P1, service="API Gateway")
    none = alert_list(arranged([], NOW, asked=asked), zone=NEW_YORK).text
    assert none == "No alert is firing (P1 of API Gateway)."


def test_a_monitoring_system_that_is_silent_is_pointed_out() -> None:
    heard = SignOfLife(at=NOW - timedelta(minutes=9), overdue=True)
    assert "No sign of life from Alertmanager for 9 min" in words_of(
        alert_list(arranged([], NOW, heard=heard), zone=NEW_YORK)
    )


def test_a_long_list_is_cut_and_says_by_how_many_and_what_comes_later_is_seen_too() -> None:
    groups = [listed(number) for number in range(1, 60)]
    groups += [acknowledged(number) for number in range(60, 70)] + [silenced(70)]
    message = alert_list(arranged(groups, NOW), zone=NEW_YORK)
    check_message(message.to_json())
    words = words_of(message)
    first_left_out = next(number for number in range(1, 60) if f"|A{number}>" not in words)
    assert f"and {60 - first_left_out} more" in words
    assert first_left_out > 40
    assert "A60" in words
    assert "A70" in words


def test_members_of_a_storm_are_listed_where_the_list_is_narrowed() -> None:
    groups = [a_storm(), listed(17, storm="g40")]
    assert "A17" not in words_of(alert_list(arranged(groups, NOW), zone=NEW_YORK))
    narrowed = arranged(groups, NOW, asked=Asked(severity=Severity.P1))
    assert "A17" in words_of(alert_list(narrowed, zone=NEW_YORK))


def test_details_are_as_they_were_last_looked_at() -> None:
    alerts = (
        an_alert(labels={"alertname": "HighErrorRate", "pod": "api-1"}),
        an_alert(fingerprint="f2", ends_at=NOW - timedelta(minutes=5)),
    )
    storm = an_alert_group(number=40)
    shown = AlertDetails(listed=silenced(12), now=NOW, alerts=alerts, silences=(a_silence(),), storm=storm)
    check_golden("alert_details", alert_details(shown, zone=NEW_YORK))


def test_a_hidden_alert_shows_its_number_and_how_things_stand() -> None:
    shown = AlertDetails(listed=listed(12, security=True), now=NOW, hidden=True)
    message = alert_details(shown, zone=NEW_YORK)
    assert "Security alert A12" in message.text
    assert "Firing" in message.text
    assert "HighErrorRate" not in str(message.to_json())


def test_a_storm_lists_its_members() -> None:
    shown = StormDetails(storm=a_storm(), now=NOW, members=tuple(listed(n) for n in range(1, 80)))
    message = storm_details(shown, zone=NEW_YORK)
    check_message(message.to_json())
    assert "A40: a storm of 79 alerts" in message.text
    assert "more" in words_of(message)


def test_silences_are_as_they_were_last_looked_at() -> None:
    foreign = a_silence(foreign=True, by=Actor(id="", name="ops"), state=SilenceState.ENDING)
    pairs = ((a_silence(), silenced(12)), (foreign, silenced(13)))
    check_golden("alert_silences", silence_list(SilenceList(now=NOW, silences=pairs), zone=NEW_YORK))


def test_no_silence_is_said() -> None:
    assert silence_list(SilenceList(now=NOW, silences=()), zone=NEW_YORK).text == "No alert is silenced."
    hidden = silence_list(SilenceList(now=NOW, silences=(), hidden=2), zone=NEW_YORK).text
    assert hidden == "No other alert is silenced. 2 silences of security alerts: their channel shows them."


def test_help_is_as_it_was_last_looked_at() -> None:
    check_golden("alert_help", alert_help())


texts = st.text(max_size=400) | st.sampled_from(
    ["<!channel>", "<https://evil.example|x>" * 40, "\u202e*b*", "`" * 500, "🔥" * 900, "\x00\n"]
)


@st.composite
def groups(draw: st.DrawFn) -> AlertGroup:
    who = Actor(id="U1", name=draw(texts))
    return an_alert_group(
        name=draw(texts),
        summary=draw(texts),
        labels={draw(texts): draw(texts)},
        severity=draw(st.sampled_from(Severity)),
        status=draw(st.sampled_from(AlertStatus)),
        source=draw(st.sampled_from(AlertSource)),
        acknowledged_by=draw(st.none() | st.just(who)),
        silenced_by=who,
        silenced_until=draw(st.none() | st.just(NOW)),
        flaps=draw(st.integers(0, 5)),
        storm=draw(st.none() | st.just("g40")),
    )


@given(st.lists(groups(), min_size=1, max_size=4), texts, st.integers(1, 60))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_text_breaks_slacks_limits_or_mentions_or_links(
    drawn: list[AlertGroup], text: str, times: int
) -> None:
    shown = [Listed(group=group, service=text, url=URL) for group in drawn] * times
    alert = an_alert(labels={"alertname": text, text: text}, annotations={text: text})
    silence = a_silence(comment=text, by=Actor(id="x", name=text))
    for message in (
        alert_list(arranged(shown, NOW), zone=NEW_YORK),
        alert_list(arranged(shown, NOW, asked=Asked(service=text)), zone=NEW_YORK),
        alert_details(
            AlertDetails(listed=shown[0], now=NOW, alerts=(alert,) * times, silences=(silence,) * times),
            zone=NEW_YORK,
        ),
        storm_details(StormDetails(storm=shown[0], now=NOW, members=tuple(shown)), zone=NEW_YORK),
        silence_list(SilenceList(now=NOW, silences=tuple((silence, one) for one in shown)), zone=NEW_YORK),
    ):
        body = message.to_json()
        check_message(body)
        assert [token for token in tokens(body) if not token.startswith(("!date^", URL))] == []
