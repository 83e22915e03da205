from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.severity import Severity
from bot.ports.pager_news import PagerNewsKind
from bot.ports.store import StoreUnavailable
from bot.services.requests import Answer, Declaration, Ref
from bot.services.updates import Word
from bot.views.incident import (
    ACKNOWLEDGE,
    ESCALATE,
    MITIGATE,
    MORE,
    REOPEN,
    RESOLVE,
    Choice,
    Target,
    encode_choice,
)
from handlers import bolt
from handlers.http import web_app
from handlers.probes import Probes
from tests.support.fakes_services import NOW, FakeHealth, card
from tests.support.front import PAGERDUTY_SECRET, Front, Slack
from tests.support.slack_requests import JSON, form, mentioned, pressed, signed, slash

DECLARE = form(slash("p0 checkout is down"))
TARGET = Target(id="abc", epoch=3)


# --- what is believed ---


@pytest.mark.parametrize("away", [timedelta(minutes=6), timedelta(minutes=-6)])
async def test_a_replay_from_outside_five_minutes_is_refused(
    slack: Slack, front: Front, away: timedelta
) -> None:
    response = await slack.post(DECLARE, signed(DECLARE, NOW + away))
    assert response.status == 401
    assert await response.json() == {"error": "the timestamp is more than five minutes from now"}
    assert front.incidents.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=\u00e9"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "9" * 500},
        {"X-Slack-Request-Timestamp": "\u0661"},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
async def test_a_wrong_signature_or_timestamp_is_refused(
    slack: Slack, front: Front, changed: dict[str, str]
) -> None:
    response = await slack.post(DECLARE, signed(DECLARE, NOW) | changed)
    assert response.status == 401
    assert "error" in await response.json()
    assert front.incidents.asked == []


@pytest.mark.parametrize("missing", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_an_unsigned_request_is_refused(slack: Slack, missing: str) -> None:
    headers = signed(DECLARE, NOW)
    del headers[missing]
    assert (await slack.post(DECLARE, headers)).status == 401


async def test_an_unsigned_body_is_not_even_read(slack: Slack) -> None:
    response = await slack.post(b"{", signed(b"{}", NOW, content_type=JSON))
    assert response.status == 401


async def test_the_older_of_two_secrets_is_believed(slack: Slack) -> None:
    response = await slack.post(DECLARE, signed(DECLARE, NOW, secret="older"))
    assert response.status == 200


async def test_a_body_of_more_than_a_mebibyte_is_refused(slack: Slack) -> None:
    body = b"x" * (1024 * 1024 + 1)
    assert (await slack.post(body, signed(body, NOW))).status == 413


# --- what can be read ---


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"&" * 1000, "application/x-www-form-urlencoded"),
        (b"payload=", "application/x-www-form-urlencoded"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"payload=%7B%7D", "application/x-www-form-urlencoded"),
        (b"command=/incident", "application/x-www-form-urlencoded"),
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b"{}", JSON),
        (b"[" * 100_000, JSON),
        (b'{"type": "url_verification"}', JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event_id": "Ev1", "event": 1}', JSON),
        (b'{"type": "event_callback", "event_id": "Ev1", "event": {}}', JSON),
        (b'{"type": "event_callback", "event_id": "Ev1", "event": {"type": "x"}, "team": 1}', JSON),
        (b"hello", "text/plain"),
        (DECLARE, "text/plain"),
    ],
)
async def test_what_slack_never_sends_is_malformed(slack: Slack, body: bytes, content_type: str) -> None:
    response = await slack.post(body, signed(body, NOW, content_type=content_type))
    assert response.status == 400
    assert "error" in await response.json()


@pytest.mark.parametrize("left_out", ["user", "trigger_id", "actions"])
async def test_a_button_without_what_a_button_has_is_malformed(slack: Slack, left_out: str) -> None:
    payload = pressed(ACKNOWLEDGE, "abc:3")
    del payload[left_out]
    assert (await slack.interact(payload)).status == 400


async def test_the_challenge_is_given_back(slack: Slack) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "xyz"}).encode()
    response = await slack.post(body, signed(body, NOW, content_type=JSON))
    assert await response.json() == {"challenge": "xyz"}


async def test_the_certificate_check_is_answered(slack: Slack) -> None:
    body = b"ssl_check=1&token=t"
    assert (await slack.post(body, signed(body, NOW))).status == 200


# --- /incident ---


async def test_a_declaration_is_carried_out_and_answered(slack: Slack, front: Front) -> None:
    reply = await slack.type(slash("p0 service:payment checkout is down", trigger="1.2.xyz"))
    assert reply["text"] == "P0 #42 is declared."
    asked = front.incidents.only
    said = Declaration(severity=Severity.P0, title="checkout is down", service="payment")
    assert asked.given == {"said": said}
    assert (asked.request.source, asked.request.delivery_id) == ("slack/command", "1.2.xyz")
    assert (asked.request.actor.id, asked.request.actor.name) == ("U1", "ana")
    assert (asked.request.channel, asked.request.thread) == ("C1", None)


@pytest.mark.parametrize(
    ("text", "what", "given"),
    [
        ("ack 42", "acknowledge", {"ref": Ref(number=42)}),
        ("ack", "acknowledge", {"ref": Ref()}),
        ("role scribe", "give_role", {"ref": Ref(), "role": "scribe", "to": Actor(id="U1", name="ana")}),
        (
            "role 42 scribe <@U2|lee>",
            "give_role",
            {"ref": Ref(number=42), "role": "scribe", "to": Actor(id="U2", name="lee")},
        ),
        ("role scribe nobody", "give_role", {"ref": Ref(), "role": "scribe", "to": None}),
        ("sev 42 p1", "change_severity", {"ref": Ref(number=42), "severity": Severity.P1}),
        ("escalate", "escalate", {"ref": Ref()}),
        ("mitigate 42", "mitigate", {"ref": Ref(number=42), "text": None}),
        ("resolve fixed", "resolve", {"ref": Ref(), "text": "fixed"}),
        ("cancel 42 a test", "cancel", {"ref": Ref(number=42), "text": "a test"}),
        ("reopen 42", "reopen", {"ref": Ref(number=42)}),
    ],
)
async def test_every_verb_reaches_its_use_case(
    slack: Slack, front: Front, text: str, what: str, given: dict[str, Any]
) -> None:
    await slack.type(slash(text))
    assert (front.incidents.only.what, front.incidents.only.given) == (what, given)


async def test_an_update_reaches_its_use_case(slack: Slack, front: Front) -> None:
    await slack.type(slash("update 42 better"))
    (asked,) = front.updates.asked
    assert (asked.what, asked.given) == ("write", {"ref": Ref(number=42), "word": Word(text="better")})


async def test_a_redelivery_passes_the_same_identity(slack: Slack, front: Front) -> None:
    await slack.type(slash("p0 checkout is down"))
    await slack.type(slash("p0 checkout is down"))
    first, second = front.incidents.asked
    assert first.request == second.request


async def test_a_repeated_answer_says_so(slack: Slack, front: Front) -> None:
    front.incidents.answer = Answer(text="P0 #42 is declared.", repeated=True)
    reply = await slack.type(slash("p0 checkout is down"))
    assert "done already" in json.dumps(reply["blocks"])


async def test_a_refusal_comes_with_what_was_typed(slack: Slack, front: Front) -> None:
    front.incidents.error = InvalidError("2 incidents are open; say which: `ack 42`.")
    reply = await slack.type(slash("ack"))
    assert reply["text"] == "2 incidents are open; say which: `ack 42`.\nYou typed: `/incident ack`"


async def test_an_unknown_word_is_answered_with_the_nearest_and_what_was_typed(
    slack: Slack, front: Front
) -> None:
    reply = await slack.type(slash("resolv 42 disk &amp; cpu"))
    shown = json.dumps(reply)
    assert "resolve" in shown
    assert "resolv 42 disk &amp; cpu" in shown
    assert front.incidents.asked == []


async def test_an_unknown_service_is_refused_before_anything_is_done(slack: Slack, front: Front) -> None:
    reply = await slack.type(slash("p0 service:paymnt checkout is down"))
    assert "Did you mean `payment`?" in reply["text"]
    assert "/incident p0 service:paymnt checkout is down" in reply["text"]
    assert front.incidents.asked == []


async def test_help_is_answered_with_examples(slack: Slack) -> None:
    assert "/incident p0" in (await slack.type(slash("help")))["text"]


async def test_an_empty_line_opens_the_form_and_says_nothing(slack: Slack, front: Front) -> None:
    body = form(slash("", trigger="1.2.xyz"))
    response = await slack.post(body, signed(body, NOW))
    assert (response.status, await response.text()) == (200, "")
    ((trigger, view),) = front.replies.views
    assert (trigger, view["callback_id"]) == ("1.2.xyz", "incident.declare")


async def test_an_empty_mention_is_answered_with_help(slack: Slack, front: Front) -> None:
    await slack.tell(mentioned("<@UBOT>"))
    assert "/incident p0" in (await front.replies.next()).text


async def test_the_list_is_asked_for_the_channel_where_it_is_typed(slack: Slack, front: Front) -> None:
    front.reader.cards = (card(),)
    reply = await slack.type(slash("list"))
    assert "checkout is down" in reply["text"]
    assert front.reader.asked == [("open", "C1")]


async def test_one_incident_is_shown(slack: Slack, front: Front) -> None:
    front.reader.cards = (card(),)
    assert "checkout is down" in (await slack.type(slash("show 42")))["text"]


async def test_a_security_incident_is_shown_without_its_text_outside_its_channel(
    slack: Slack, front: Front
) -> None:
    front.reader.cards = (card(security=True),)
    shown = json.dumps(await slack.type(slash("show 42")))
    assert "Security incident 42" in shown
    assert "checkout is down" not in shown


async def test_a_command_that_nobody_serves_is_answered_in_words(slack: Slack) -> None:
    reply = await slack.type(slash("p0 down", command="/incidents"))
    assert "does not answer `/incidents`" in reply["text"]
    assert "You typed: `/incidents p0 down`" in reply["text"]


@pytest.mark.parametrize(("name", "told"), [("general", ("general", False)), ("privategroup", (None, True))])
async def test_a_command_tells_what_its_channel_is(
    slack: Slack, front: Front, name: str, told: tuple[str | None, bool]
) -> None:
    await slack.type(slash("p0 checkout is down") | {"channel_name": name})
    request = front.incidents.only.request
    assert (request.channel_name, request.is_private) == told


@pytest.mark.parametrize(
    ("channel", "name"), [({"id": "C1", "name": "ops"}, "ops"), ({"id": "C1"}, None), (None, None)]
)
async def test_a_button_tells_the_name_of_its_channel(
    slack: Slack, front: Front, channel: dict[str, str] | None, name: str | None
) -> None:
    await slack.interact(pressed(ACKNOWLEDGE, "abc:3") | {"channel": channel})
    assert front.incidents.only.request.channel_name == name


# --- what goes wrong ---


async def test_a_database_that_is_down_is_said_with_what_was_typed_and_whom_to_reach(
    slack: Slack, front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    front.incidents.error = StoreUnavailable("connection refused")
    reply = await slack.type(slash("p0 checkout is down"))
    assert "The database does not answer: nothing was recorded as far as is known." in reply["text"]
    assert "Look at `/incident list` once it answers again." in reply["text"]
    assert "page by hand: On-call Engineer (PagerDuty escalation)" in reply["text"]
    assert "You typed: `/incident p0 checkout is down`" in reply["text"]
    assert "connection refused" in caplog.text
    assert "1.2.abc" in caplog.text
    assert "checkout" not in caplog.text


async def test_a_bug_is_said_without_a_promise(
    slack: Slack, front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    front.incidents.error = RuntimeError("boom")
    reply = await slack.type(slash("p0 checkout is down"))
    assert "cannot say whether it was done" in reply["text"]
    assert "You typed: `/incident p0 checkout is down`" in reply["text"]
    assert "boom" in caplog.text


async def test_an_answer_that_takes_too_long_is_said_in_time(
    slack: Slack, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bolt, "ANSWER_WITHIN_SECONDS", 0.01)
    front.incidents.wait_for = asyncio.Event()
    reply = await slack.type(slash("p0 checkout is down"))
    assert "it may still be done" in reply["text"]


async def test_bolt_prints_no_request(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await slack.type(slash("p0 secret words", command="/other"))
    await slack.tell(mentioned("secret words", type="reaction_added"))
    assert "secret words" not in caplog.text


# --- buttons ---


@pytest.mark.parametrize(
    ("action_id", "what", "more"),
    [
        (ACKNOWLEDGE, "acknowledge", {}),
        (RESOLVE, "resolve", {"text": None}),
        (REOPEN, "reopen", {}),
    ],
)
async def test_a_button_is_carried_out_and_acknowledged_without_words(
    slack: Slack, front: Front, action_id: str, what: str, more: dict[str, Any]
) -> None:
    response = await slack.interact(pressed(action_id, "abc:3"))
    assert (response.status, await response.text()) == (200, "")
    asked = front.incidents.only
    assert (asked.what, asked.given) == (what, {"ref": Ref(id="abc", epoch=3), **more})
    assert asked.request.source == "slack/action"
    assert asked.request.delivery_id == "1.2.abc/1700000000.000100"
    assert (asked.request.actor.id, asked.request.channel) == ("U1", "C1")
    assert front.replies.said == []


@pytest.mark.parametrize(
    ("choice", "what", "more"),
    [
        (Choice(action=ESCALATE, target=TARGET), "escalate", {}),
        (Choice(action=MITIGATE, target=TARGET), "mitigate", {"text": None}),
    ],
)
async def test_a_choice_of_the_menu_is_carried_out(
    slack: Slack, front: Front, choice: Choice, what: str, more: dict[str, Any]
) -> None:
    response = await slack.interact(pressed(MORE, encode_choice(choice), option=True))
    assert response.status == 200
    asked = front.incidents.only
    assert (asked.what, asked.given) == (what, {"ref": Ref(id="abc", epoch=3), **more})


async def test_a_refused_button_is_told_to_the_one_who_pressed_it(slack: Slack, front: Front) -> None:
    front.incidents.error = AlreadyError("Nothing to do: P0 #42 was acknowledged by bo 3 min ago.")
    response = await slack.interact(pressed(ACKNOWLEDGE, "abc:3"))
    assert (response.status, await response.text()) == (200, "")
    said = await front.replies.next()
    assert said.response_url == "https://hooks.slack.example/actions/1"
    assert said.text == "Nothing to do: P0 #42 was acknowledged by bo 3 min ago."


@pytest.mark.parametrize(
    "payload",
    [
        pressed("incident.gone", "abc:3"),
        pressed(ACKNOWLEDGE, "abc"),
        pressed(MORE, "incident.gone|abc:3", option=True),
        pressed(MORE, "abc:3"),
    ],
)
async def test_a_button_of_another_version_is_told_that_nothing_was_done(
    slack: Slack, front: Front, payload: dict[str, Any]
) -> None:
    assert (await slack.interact(payload)).status == 200
    await front.replies.next()
    assert front.incidents.asked == []


async def test_a_button_pressed_while_the_database_is_down_is_told_so(slack: Slack, front: Front) -> None:
    front.incidents.error = StoreUnavailable("connection refused")
    assert (await slack.interact(pressed(ACKNOWLEDGE, "abc:3"))).status == 200
    assert "nothing was recorded" in (await front.replies.next()).text


async def test_an_interaction_that_nobody_serves_is_acknowledged(slack: Slack) -> None:
    payload = pressed(ACKNOWLEDGE, "abc:3") | {"type": "view_closed", "view": {"callback_id": "x"}}
    assert (await slack.interact(payload)).status == 200


# --- mentions ---


async def test_a_mention_in_a_thread_is_carried_out_and_answered_there(slack: Slack, front: Front) -> None:
    front.incidents.answer = Answer(text="P0 #42 was acknowledged by ana.")
    response = await slack.tell(mentioned("<@UBOT> ack", thread="1700000000.000100"))
    assert response.status == 200
    asked = front.incidents.only
    assert (asked.what, asked.given) == ("acknowledge", {"ref": Ref()})
    assert (asked.request.source, asked.request.delivery_id) == ("slack/event", "Ev1")
    assert (asked.request.channel, asked.request.thread) == ("C1", "1700000000.000100")
    said = await front.replies.next()
    assert (said.channel, said.user, said.thread) == ("C1", "U1", "1700000000.000100")
    assert said.text == "P0 #42 was acknowledged by ana."


@pytest.mark.parametrize("text", ["<@UBOT> ack 42", "hey <@UBOT|opsbot> ack 42", "<@UBOT>   ack #42"])
async def test_a_mention_in_a_channel_has_the_same_grammar(slack: Slack, front: Front, text: str) -> None:
    await slack.tell(mentioned(text))
    assert front.incidents.only.given == {"ref": Ref(number=42)}
    assert (await front.replies.next()).thread is None


async def test_a_refused_mention_is_answered_there(slack: Slack, front: Front) -> None:
    front.incidents.error = InvalidError("Say which.")
    await slack.tell(mentioned("<@UBOT> ack"))
    assert (await front.replies.next()).text == "Say which."


@pytest.mark.parametrize("mark", [{"bot_id": "B1"}, {"subtype": "bot_message", "user": None}])
async def test_a_bots_mention_is_left_alone(slack: Slack, front: Front, mark: dict[str, Any]) -> None:
    assert (await slack.tell(mentioned("<@UBOT> ack", **mark))).status == 200
    assert front.incidents.asked == []


@pytest.mark.parametrize("error", [StoreUnavailable("away"), RuntimeError("boom")])
async def test_a_mention_that_could_not_be_carried_out_is_sent_again(
    slack: Slack, front: Front, error: Exception
) -> None:
    front.incidents.error = error
    assert (await slack.tell(mentioned("<@UBOT> ack"))).status == 503


async def test_an_event_that_nobody_serves_is_acknowledged(slack: Slack) -> None:
    assert (await slack.tell(mentioned("x", type="reaction_added"))).status == 200


# --- PagerDuty ---

NEWS = json.dumps(
    {
        "event": {
            "id": "01ABC",
            "event_type": "incident.acknowledged",
            "occurred_at": "2026-11-24T15:00:00Z",
            "agent": {"type": "user_reference", "summary": "Bo"},
            "data": {"id": "PINC", "type": "incident", "incident_key": "abc/1/0"},
        }
    }
).encode()


def pagerduty_headers(body: bytes, secret: str = PAGERDUTY_SECRET) -> dict[str, str]:
    return {
        "X-PagerDuty-Signature": "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        "Content-Type": JSON,
    }


async def post_news(slack: Slack, body: bytes, secret: str = PAGERDUTY_SECRET) -> int:
    response = await slack.http.post(
        "/webhooks/pagerduty", data=body, headers=pagerduty_headers(body, secret)
    )
    return response.status


async def test_pagerdutys_news_are_heard(slack: Slack, front: Front) -> None:
    assert await post_news(slack, NEWS) == 202
    (news,) = front.sync.heard
    assert (news.kind, news.key, news.by_person) == (PagerNewsKind.ACKNOWLEDGED, "abc/1/0", "Bo")


async def test_news_of_an_unknown_type_are_taken(slack: Slack) -> None:
    assert await post_news(slack, NEWS.replace(b"incident.acknowledged", b"service.shaken")) == 202


async def test_badly_signed_news_are_refused(slack: Slack, front: Front) -> None:
    assert await post_news(slack, NEWS, "another") == 401
    assert front.sync.heard == []


async def test_news_that_cannot_be_read_are_refused(slack: Slack) -> None:
    assert await post_news(slack, b"{") == 400


async def test_news_wait_for_the_database(slack: Slack, front: Front) -> None:
    front.sync.error = StoreUnavailable("away")
    assert await post_news(slack, NEWS) == 503


# --- probes ---


async def test_a_bot_that_is_alive_says_so(slack: Slack, front: Front) -> None:
    assert (await slack.http.get("/livez")).status == 200
    front.health.alive = False
    assert (await slack.http.get("/livez")).status == 503


async def test_readiness_names_what_fails(slack: Slack, front: Front) -> None:
    assert (await slack.http.get("/readyz")).status == 200
    front.health.database_text = "connection refused"
    response = await slack.http.get("/readyz")
    assert response.status == 503
    assert await response.text() == "FAILED database: connection refused\n"


async def test_metrics_are_in_prometheus_text_format(slack: Slack) -> None:
    response = await slack.http.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert await response.text() == "opsbot_up 1\n"


async def test_metrics_without_a_database_fail_the_scrape(slack: Slack, front: Front) -> None:
    front.health.error = StoreUnavailable("away")
    assert (await slack.http.get("/metrics")).status == 503


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/webhooks/told", 405), ("PUT", "/webhooks/told", 405), ("POST", "/webhooks/told/", 404)],
)
async def test_whoever_comes_near_a_webhook_is_told_what_is_right(
    method: str, path: str, status: int
) -> None:
    async def take(_request: web.Request) -> web.Response:
        return web.Response()

    app = web_app(probes=Probes(FakeHealth()), slack=None, posts={"/webhooks/told": take})
    async with TestClient(TestServer(app)) as client:
        answer = await client.request(method, path)
        assert answer.status == status
        assert (await answer.json())["error"].endswith("what is right is POST /webhooks/told")
        assert (await client.get("/elsewhere")).content_type == "text/plain"
        assert (await client.post("/webhooks/told")).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/api/asked", 405), ("GET", "/api/asked/", 404)]
)
async def test_whoever_comes_near_a_question_is_told_what_is_right(
    method: str, path: str, status: int
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"asked": request.query["for"]})

    async def secret(request: web.Request) -> web.Response:
        return web.Response(text=request.match_info["word"])

    gets = {"/api/asked": answer, "/kept/{word}/all.txt": secret}
    app = web_app(probes=Probes(FakeHealth()), slack=None, posts={}, gets=gets)
    async with TestClient(TestServer(app)) as client:
        told = await client.request(method, path)
        assert told.status == status
        assert told.headers["Allow"] == "GET"
        assert (await told.json())["error"].endswith("what is right is GET /api/asked")
        assert await (await client.get("/api/asked?for=it")).json() == {"asked": "it"}
        assert await (await client.get("/kept/sesame/all.txt")).text() == "sesame"
        assert (await client.get("/kept/sesame/")).content_type == "text/plain"
