from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.ports.pager_news import PagerNewsKind
from handlers.webhooks.pagerduty_news import MalformedNewsError, is_signed, read_news

BODY = '{"event": "Zürich"}'.encode()


def signature(body: bytes, secret: str) -> str:
    return "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def webhook(event_type: str = "incident.acknowledged", **changes: Any) -> bytes:
    event: dict[str, Any] = {
        "id": "5ac64822",
        "event_type": event_type,
        "resource_type": "incident",
        "occurred_at": "2026-03-02T18:45:22.169Z",
        "agent": {"id": "PLH1HKV", "type": "user_reference", "summary": "Ana Ortiz"},
        "client": None,
        "data": incident(),
    }
    return json.dumps({"event": {**event, **changes}}).encode()


def incident(**changes: Any) -> dict[str, Any]:
    return {
        "id": "PGR0VU2",
        "type": "incident",
        "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2",
        "status": "acknowledged",
        "incident_key": "8d2e/1/0",
        "resolve_reason": None,
        **changes,
    }


def test_a_right_signature_is_accepted() -> None:
    assert is_signed(BODY, signature(BODY, "secret"), ["secret"])


def test_a_wrong_signature_is_refused() -> None:
    assert not is_signed(BODY, signature(BODY, "other"), ["secret"])


def test_a_signature_of_another_body_is_refused() -> None:
    assert not is_signed(BODY + b" ", signature(BODY, "secret"), ["secret"])


def test_one_right_signature_among_several_is_enough() -> None:
    several = f"{signature(BODY, 'old')},{signature(BODY, 'secret')}"

    assert is_signed(BODY, several, ["secret"])


def test_each_of_several_secrets_is_accepted() -> None:
    assert is_signed(BODY, signature(BODY, "old"), ["secret", "old"])


@pytest.mark.parametrize("header", [None, "", "v1=", ",", "v2=abc", "nonsense"])
def test_a_header_without_a_signature_is_refused(header: str | None) -> None:
    assert not is_signed(BODY, header, ["secret"])


def test_another_version_of_signature_is_refused() -> None:
    other = signature(BODY, "secret").replace("v1=", "v0=")

    assert not is_signed(BODY, other, ["secret"])


def test_a_signature_that_is_not_ascii_is_refused() -> None:
    assert not is_signed(BODY, "v1=é\udcff".encode(errors="replace").decode(), ["secret"])


def test_without_a_secret_nothing_is_accepted() -> None:
    assert not is_signed(BODY, signature(BODY, ""), [""])


def test_a_secret_that_is_not_ascii_works() -> None:
    assert is_signed(BODY, signature(BODY, "Schlüssel"), ["Schlüssel"])


@pytest.mark.parametrize("kind", [kind for kind in PagerNewsKind if kind is not PagerNewsKind.OTHER])
def test_every_known_type_of_event_is_read(kind: PagerNewsKind) -> None:
    assert read_news(webhook(f"incident.{kind}")).kind is kind


def test_news_carry_the_page_and_the_incident() -> None:
    news = read_news(webhook())

    assert (news.event_id, news.key, news.incident_id) == ("5ac64822", "8d2e/1/0", "PGR0VU2")
    assert news.html_url == "https://acme.pagerduty.com/incidents/PGR0VU2"


def test_the_instant_is_in_utc_and_cut_to_milliseconds() -> None:
    news = read_news(webhook(occurred_at="2026-03-02T19:45:22.169999+01:00"))

    assert news.at == datetime(2026, 3, 2, 18, 45, 22, 169000, tzinfo=UTC)


def test_a_person_who_acted_is_named() -> None:
    assert read_news(webhook()).by_person == "Ana Ortiz"


@pytest.mark.parametrize("agent", [None, {"type": "service_reference", "summary": "On-call"}, "Ana"])
def test_a_service_that_acted_is_no_person(agent: Any) -> None:
    assert read_news(webhook(agent=agent)).by_person is None


def test_a_persons_name_is_made_fit_for_one_line() -> None:
    agent = {"type": "user_reference", "summary": "Ana\u202e\n Ortiz"}

    assert read_news(webhook(agent=agent)).by_person == "Ana Ortiz"


def test_a_merged_incident_is_told_apart_from_a_resolved_one() -> None:
    reason = {"type": "merge_resolve_reason", "incident": {"id": "PTARGET"}}

    assert read_news(webhook("incident.resolved", data=incident(resolve_reason=reason))).merged
    assert not read_news(webhook("incident.resolved")).merged


def test_an_incident_may_hide_its_key() -> None:
    assert read_news(webhook(data=incident(incident_key=None))).key is None


def test_an_unknown_event_of_an_incident_is_other() -> None:
    note = {"id": "P2LA89X", "type": "incident_note", "incident": {"id": "PGR0VU2"}}

    news = read_news(webhook("incident.annotated", data=note))

    assert (news.kind, news.incident_id) == (PagerNewsKind.OTHER, "PGR0VU2")


def test_the_test_event_of_a_new_subscription_is_other() -> None:
    news = read_news(webhook("pagey.ping", agent=None, data={"message": "Hello", "type": "ping"}))

    assert (news.kind, news.incident_id) == (PagerNewsKind.OTHER, None)


def test_an_event_type_named_other_is_other() -> None:
    assert read_news(webhook("incident.other", data={})).kind is PagerNewsKind.OTHER


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no event"),
        (b'{"event": 1}', "no event"),
        (webhook(event_type=""), "no event_type"),
        (webhook(id=None), "no id"),
        (webhook(occurred_at=None), "occurred_at"),
        (webhook(occurred_at="yesterday"), "occurred_at"),
        (webhook(data=None), "names no incident"),
    ],
)
def test_a_malformed_body_is_refused_with_what_is_missing(body: bytes, said: str) -> None:
    with pytest.raises(MalformedNewsError, match=said):
        read_news(body)
