"""Alertmanager's webhook is read as it is sent; of what is odd the place is named, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert import GroupNews
from bot.domain.text import clean
from handlers.webhooks.alertmanager_news import MalformedNewsError, read_news
from tests.support.clock import MONDAY_NOON

NOW = MONDAY_NOON


def a_body(**changes: Any) -> dict[str, Any]:
    """What Alertmanager posts of one alert that fires, changed."""
    return {
        "version": "4",
        "groupKey": '{}:{alertname="HighErrorRate"}',
        "status": "firing",
        "receiver": "opsbot",
        "groupLabels": {"alertname": "HighErrorRate"},
        "commonLabels": {"alertname": "HighErrorRate", "severity": "critical"},
        "commonAnnotations": {"summary": "5 % of requests fail"},
        "externalURL": "http://alertmanager:9093",
        "truncatedAlerts": 0,
        "alerts": [an_alert()],
        **changes,
    }


def an_alert(**changes: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": "HighErrorRate", "severity": "critical"},
        "annotations": {"summary": "5 % of requests fail"},
        "startsAt": "2026-01-05T10:30:00.123456789+02:00",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=up",
        "fingerprint": "3fa9e1c2b4d5e6f7",
        **changes,
    }


def read(body: Any) -> GroupNews:
    return read_news(json.dumps(body).encode(), NOW)


def refusal(body: Any) -> str:
    with pytest.raises(MalformedNewsError) as refused:
        read(body)
    return str(refused.value)


def test_a_group_that_fires_is_read_whole() -> None:
    news = read(a_body(truncatedAlerts=7))
    assert news.key == '{}:{alertname="HighErrorRate"}'
    assert news.receiver == "opsbot"
    assert news.group_labels == {"alertname": "HighErrorRate"}
    assert news.common_labels == {"alertname": "HighErrorRate", "severity": "critical"}
    assert news.external_url == "http://alertmanager:9093"
    assert news.truncated == 7
    (alert,) = news.alerts
    assert alert.fires
    assert alert.starts_at == datetime(2026, 1, 5, 8, 30, 0, 123000, tzinfo=UTC)
    assert alert.labels["severity"] == "critical"
    assert alert.graph_url == "http://prometheus:9090/graph?g0.expr=up"
    assert alert.fingerprint == "3fa9e1c2b4d5e6f7"
    assert alert.seen_at == NOW


def test_an_alert_that_is_resolved_has_an_end() -> None:
    told = an_alert(status="resolved", endsAt="2026-01-05T09:00:00.5Z")
    assert read(a_body(alerts=[told])).alerts[0].ends_at == datetime(2026, 1, 5, 9, 0, 0, 500000, tzinfo=UTC)


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00Z", "9000-01-01T00:00:00Z", None])
def test_an_end_that_is_not_said_or_lies_far_ahead_is_now(end: str | None) -> None:
    assert read(a_body(alerts=[an_alert(status="resolved", endsAt=end)])).alerts[0].ends_at == NOW


def test_an_end_by_a_clock_that_is_ahead_is_believed() -> None:
    ahead = NOW + timedelta(seconds=40)
    told = an_alert(status="resolved", endsAt=ahead.isoformat())
    assert read(a_body(alerts=[told])).alerts[0].ends_at == ahead


def test_what_is_foretold_of_the_end_of_an_alert_that_fires_says_nothing() -> None:
    assert read(a_body(alerts=[an_alert(endsAt="2027-01-01T00:00:00Z")])).alerts[0].fires


def test_what_go_has_nothing_for_is_null() -> None:
    nothing = {"groupLabels": None, "commonLabels": None, "commonAnnotations": None, "externalURL": None}
    news = read(a_body(**nothing, truncatedAlerts=None, alerts=[an_alert(annotations=None)]))
    assert news.group_labels == news.common_annotations == news.alerts[0].annotations == {}
    assert news.external_url is None
    assert news.truncated == 0


def test_keys_that_are_not_known_are_left_out() -> None:
    assert read(a_body(notificationReason="x", alerts=[an_alert(silenced=[])])) == read(a_body())


def test_texts_are_cleaned_but_for_the_labels_of_the_group() -> None:
    hostile = "a\u202eb\x1b[31m\nc  d"
    news = read(
        a_body(
            groupLabels={"path": "a  b"},
            alerts=[an_alert(labels={"alertname": hostile}, annotations={"summary": hostile})],
        )
    )
    assert news.group_labels == {"path": "a  b"}, "a silence needs them as they are"
    assert news.alerts[0].name == news.alerts[0].annotations["summary"] == "ab[31m c d"


def test_what_no_database_keeps_is_replaced() -> None:
    news = read(a_body(groupKey="a\0b\ud800", groupLabels={"x": "\0\ud800"}))
    assert news.group_labels == {"x": "?"}
    assert news.key.startswith("ab?#")
    assert news.key != read(a_body(groupKey="ab?")).key


def test_keys_that_are_too_long_stay_apart() -> None:
    one, other = (read(a_body(groupKey="x" * 2000 + end)).key for end in "ab")
    assert one != other
    assert len(one) < 1100


def test_an_alert_without_a_fingerprint_is_known_by_its_labels() -> None:
    first, second, third = (
        read(a_body(alerts=[an_alert(fingerprint=None, labels=labels)])).alerts[0].fingerprint
        for labels in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}, {"a": "2"})
    )
    assert first == second != third


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ([], "the body is no JSON object"),
        ({}, 'version: missing; expected "4"'),
        (a_body(version="1"), 'version: not the one that opsbot knows; expected "4"'),
        (a_body(groupKey=None), "groupKey: missing; expected text"),
        (a_body(groupKey=""), "groupKey: empty"),
        (a_body(alerts=None), "alerts: missing; expected a list"),
        (a_body(alerts={}), "alerts: expected a list"),
        (a_body(alerts=[1]), "alerts[0]: expected an object"),
        (a_body(groupLabels=[]), "groupLabels: expected an object"),
        (a_body(commonLabels={"a": 1}), "commonLabels.a: expected text"),
        (a_body(alerts=[an_alert(), an_alert(labels=None)]), "alerts[1].labels: missing; expected an object"),
        (a_body(alerts=[an_alert(labels={"a": None})]), "alerts[0].labels.a: expected text"),
        (a_body(alerts=[an_alert(status="pending")]), 'alerts[0].status: expected "firing" or "resolved"'),
        (a_body(alerts=[an_alert(startsAt=None)]), "alerts[0].startsAt: missing"),
        (a_body(alerts=[an_alert(startsAt="0001-01-01T00:00:00Z")]), "alerts[0].startsAt: missing"),
        (a_body(alerts=[an_alert(startsAt="now")]), "alerts[0].startsAt: expected a time such as"),
        (a_body(alerts=[an_alert(startsAt=5)]), "alerts[0].startsAt: expected a time such as"),
        (a_body(alerts=[an_alert(endsAt="9999-12-31T23:59:59-12:00")]), "alerts[0].endsAt: too far"),
    ],
)
def test_an_odd_body_is_refused_with_the_place(body: Any, why: str) -> None:
    assert refusal(body).startswith(why)


def test_a_refusal_holds_nothing_of_the_body() -> None:
    secret = "hunter2"
    for told in (an_alert(status=secret), an_alert(startsAt=secret), an_alert(labels={"a": [secret]})):
        assert secret not in refusal(a_body(alerts=[told]))
    assert secret not in refusal(a_body(version=secret))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(list(an_alert()) + list(a_body())) | st.text(), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(body=json_values, alert=st.dictionaries(st.sampled_from(list(an_alert())), json_values))
def test_any_json_is_read_or_refused(body: Any, alert: dict[str, Any]) -> None:
    for one in (body, a_body(alerts=[an_alert(**alert)]), a_body(alerts=body)):
        with suppress(MalformedNewsError):
            read(one)


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(MalformedNewsError):
        read_news(body, NOW)


words = st.text(max_size=30)


@given(
    labels=st.dictionaries(words, words, max_size=5),
    starts=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    offset=st.integers(-14 * 60, 14 * 60),
    firing=st.booleans(),
)
def test_whatever_alertmanager_sends_is_taken(
    labels: dict[str, str], starts: datetime, offset: int, *, firing: bool
) -> None:
    local = starts.replace(tzinfo=UTC) + timedelta(minutes=offset)
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    at = f"{local:%Y-%m-%dT%H:%M:%S}.123456789{sign}{minutes // 60:02}:{minutes % 60:02}"
    told = an_alert(labels=labels, annotations=labels, startsAt=at, status="firing" if firing else "resolved")
    (alert,) = read(a_body(alerts=[told], groupLabels=labels)).alerts
    assert alert.fires is firing
    assert abs(alert.starts_at - starts.replace(tzinfo=UTC)) < timedelta(seconds=1)
    assert not alert.ends_at or alert.ends_at >= alert.starts_at
    assert all(clean(text, 1000) == text for text in alert.labels.values())
