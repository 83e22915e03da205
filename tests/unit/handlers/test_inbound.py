from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.bolt import SlackDoor
from handlers.inbound import Challenge, Inbound, Kind, MalformedError, Payload, check, decode
from tests.support.front import Front
from tests.support.slack_requests import FORM, JSON, form, mentioned, pressed, slash

FIELDS = [
    "actions",
    "authorizations",
    "channel",
    "channel_id",
    "command",
    "container",
    "enterprise",
    "event",
    "event_id",
    "is_ext_shared_channel",
    "message",
    "response_url",
    "response_urls",
    "team",
    "team_id",
    "text",
    "trigger_id",
    "type",
    "user",
    "user_id",
    "user_name",
    "view",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
whole = st.sampled_from(
    [slash("p0 down"), pressed("incident.acknowledge", "abc:1"), mentioned("<@UBOT> ack")]
)


@given(
    st.sampled_from([FORM, JSON, "text/plain"]), st.binary() | values.map(lambda v: json.dumps(v).encode())
)
def test_any_bytes_are_read_or_malformed(content_type: str, body: bytes) -> None:
    with suppress(MalformedError):
        assert isinstance(decode(content_type, body), Inbound)


@pytest.fixture
def door() -> SlackDoor:
    return Front().door()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=whole, changes=st.dictionaries(st.sampled_from(FIELDS), values, max_size=3))
async def test_no_payload_is_answered_with_an_exception(
    door: SlackDoor, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    try:
        reply = await door.dispatch(check(body | changes))
    except MalformedError:
        return
    assert reply.status in {200, 500, 503}


def test_kinds_are_told_apart() -> None:
    assert decode(FORM, form(slash("list"))) == Payload(kind=Kind.COMMAND, body=slash("list"))
    assert check(pressed("a", "v")).kind is Kind.ACTION
    assert check(mentioned("x")).kind is Kind.EVENT
    view = {"id": "V1", "callback_id": "c"}
    assert check({"type": "view_submission", "user": {"id": "U1"}, "view": view}).kind is Kind.VIEW
    assert check({"type": "view_closed"}).kind is Kind.OTHER


def test_a_challenge_is_read() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "xyz"}).encode()
    assert decode(JSON, body) == Challenge(text="xyz")


def test_an_error_tells_nothing_of_the_body() -> None:
    with pytest.raises(MalformedError) as raised:
        check({"type": "event_callback", "event_id": 7, "secret": "s3cret"})
    assert "s3cret" not in str(raised.value)
