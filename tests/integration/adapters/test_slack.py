from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.slack.chat import SlackChat
from bot.adapters.slack.connection import SlackConnection, _proxy_for
from bot.adapters.slack.failures import MEND_WAIT, Effect, Errand, broken
from bot.adapters.slack.posted import metadata
from bot.adapters.slack.replies import SlackReplies
from bot.adapters.slack.workspace import SlackWorkspace
from bot.domain.card import IncidentCard, MessageRef
from bot.domain.event import Event, EventKind
from bot.domain.face import Face, Place
from bot.domain.guide import Channel
from bot.domain.incident import Status
from bot.ports.chat import CardGoneError, Line, Shown
from bot.ports.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.world import DEFAULT_SCOPES
from tests.support.cards import ANA, DECLARED, LEADS, NOBODY, a_card, an_event, an_incident
from tests.support.slack import SteppedClock, serving, slack_stand_in

ALERTS, SECURITY, GENERAL, LEADERSHIP = "C0ALERTS1", "C0SECURE1", "C0GENERAL", "C0LEADER1"
CHANNELS = {
    name: Channel(key=name, name=name, purpose="")
    for name in ("platform-alerts", "security-incidents", "leadership", "general", "nowhere")
}
HOME = Place(channel="platform-alerts")
CARD_KEY = "card/6f9619ff"
SCOPES = DEFAULT_SCOPES | {"commands"}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    clock = SteppedClock(int(DECLARED.timestamp() * 1000))
    async with slack_stand_in(SlackStandIn(clock=clock, scopes=SCOPES)) as served:
        yield served


@pytest.fixture
async def connection(slack: SlackStandIn) -> AsyncIterator[SlackConnection]:
    opened = SlackConnection(token=slack.tokens.bot, base_url=f"{slack.url}/api/")
    yield opened
    await opened.aclose()


@pytest.fixture
async def workspace(connection: SlackConnection) -> SlackWorkspace:
    loaded = SlackWorkspace(connection, CHANNELS.values())
    await loaded.load()
    return loaded


@pytest.fixture
async def chat(connection: SlackConnection, workspace: SlackWorkspace) -> SlackChat:
    return SlackChat(connection, workspace=workspace, channels=CHANNELS)


@pytest.fixture
async def replies(connection: SlackConnection) -> SlackReplies:
    return SlackReplies(connection)


def a_line(event: Event | None = None, **changes: Any) -> Line:
    told = event or an_event(EventKind.ACKNOWLEDGED, actor=ANA, at=DECLARED)
    line = Line(key="line/6f9619ff/3", card=a_card(), event=told, mentions=NOBODY, loud=False, place=HOME)
    return replace(line, **changes)


def a_security_card(**changes: Any) -> IncidentCard:
    incident = an_incident(security=True, channel="security-incidents", title="token leaked")
    return a_card(incident=replace(incident, **changes), service=None)


async def post(chat: SlackChat, card: IncidentCard | None = None, *, uncertain: bool = False) -> MessageRef:
    return await chat.post_face(shown_as(card or a_card()), keys=[CARD_KEY], uncertain=uncertain)


def shown_as(card: IncidentCard) -> Shown:
    return Shown(face=Face.CARD, place=Place(channel=card.incident.channel), card=card)


def only(slack: SlackStandIn) -> Message:
    (message,) = slack.messages
    return message


def arguments(slack: SlackStandIn, method: str) -> dict[str, Any]:
    return dict(slack.calls.of(method)[0].args)


def times_called(slack: SlackStandIn, method: str) -> int:
    return slack.calls.counts[method]


# Cards


async def test_a_card_is_posted_in_its_channel_with_its_key(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await post(chat)
    message = only(slack)
    assert (at.channel, at.ts) == (ALERTS, message.ts)
    assert message.metadata == metadata(CARD_KEY)
    assert message.blocks[0]["text"]["text"] == "P0 #42 · checkout is down"
    assert message.text.startswith("P0 #42 · checkout is down · not acknowledged")


async def test_a_post_makes_no_links_mentions_or_previews_of_words(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    await post(chat)
    asked = arguments(slack, "chat.postMessage")
    given = {key: asked[key] for key in ("parse", "link_names", "unfurl_links", "unfurl_media")}
    assert given == {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


async def test_an_edit_shows_the_newest_state_and_keeps_the_key(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await post(chat)
    incident = an_incident(status=Status.ACKNOWLEDGED, acknowledged_by=ANA, acknowledged_at=DECLARED)
    await chat.edit_face(shown_as(a_card(incident=incident, next_step=None)), at)
    assert "acknowledged by Ana Ortiz" in only(slack).text
    assert only(slack).metadata == metadata(CARD_KEY)


async def test_a_post_that_was_cut_is_found_again_and_not_doubled(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    slack.faults.add("cut", "chat.postMessage", count=1)
    with pytest.raises(UnknownOutcome):
        await post(chat)
    at = await post(chat, uncertain=True)
    assert at.ts == only(slack).ts


async def test_a_post_that_never_arrived_is_made(chat: SlackChat, slack: SlackStandIn) -> None:
    assert (await post(chat, uncertain=True)).ts == only(slack).ts


async def test_a_message_is_found_behind_many_others(
    chat: SlackChat, slack: SlackStandIn, connection: SlackConnection
) -> None:
    at = await post(chat)
    errand = Errand(method="chat.postMessage", effect=Effect.ADDS)
    for number in range(250):
        await connection.call(errand, channel=ALERTS, text=f"noise {number}")
    assert await post(chat, uncertain=True) == at
    assert times_called(slack, "conversations.history") == 2


async def test_a_bot_that_may_not_look_posts_all_the_same(chat: SlackChat, slack: SlackStandIn) -> None:
    slack.faults.add("error", "conversations.history", error="missing_scope")
    await post(chat, uncertain=True)
    assert len(slack.messages) == 1


async def test_looking_that_fails_posts_nothing(chat: SlackChat, slack: SlackStandIn) -> None:
    slack.faults.add("status", "conversations.history", status=503)
    with pytest.raises(TemporaryFailure):
        await post(chat, uncertain=True)
    assert slack.messages == []


# Lines


async def test_a_line_stands_in_the_cards_thread(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await post(chat)
    said = await chat.post_line(a_line(), at, uncertain=False)
    reply = slack.messages_in(ALERTS)[-1]
    assert (reply.ts, reply.thread_ts, reply.broadcast) == (said.ts, at.ts, False)
    assert reply.text == "Acknowledged by Ana Ortiz."


async def test_a_loud_line_shows_in_the_channel_too_and_mentions(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    at = await post(chat)
    await chat.post_line(a_line(loud=True, mentions=LEADS), at, uncertain=False)
    reply = slack.messages_in(ALERTS)[-1]
    assert reply.broadcast
    assert "<!subteam^S0LEADS01>" in reply.text


async def test_a_line_without_a_card_says_of_which_incident(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await chat.post_line(a_line(loud=True), None, uncertain=False)
    assert at.channel == ALERTS
    assert only(slack).text == "P0 #42 · checkout is down: Acknowledged by Ana Ortiz."


async def test_a_line_whose_card_was_deleted_is_said_in_the_channel(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    gone = MessageRef(channel=ALERTS, ts="1.000001")
    await chat.post_line(a_line(), gone, uncertain=True)
    assert only(slack).thread_ts is None
    assert only(slack).text.startswith("P0 #42")


async def test_a_line_for_another_channel_stands_there(chat: SlackChat, slack: SlackStandIn) -> None:
    said = await chat.post_line(a_line(place=Place(channel="leadership")), None, uncertain=False)
    assert said.channel == LEADERSHIP
    assert slack.messages_in(LEADERSHIP)[0].thread_ts is None


async def test_a_line_that_was_cut_is_found_again_in_its_thread(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await post(chat)
    slack.faults.add("cut", "chat.postMessage", count=1)
    with pytest.raises(UnknownOutcome):
        await chat.post_line(a_line(), at, uncertain=False)
    said = await chat.post_line(a_line(), at, uncertain=True)
    assert [message.ts for message in slack.messages] == [at.ts, said.ts]


async def test_a_line_that_was_cut_before_there_was_a_card_is_not_said_again_under_it(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    slack.faults.add("cut", "chat.postMessage", count=1)
    with pytest.raises(UnknownOutcome):
        await chat.post_line(a_line(loud=True), None, uncertain=False)
    alone = only(slack)
    at = await post(chat)
    assert (await chat.post_line(a_line(loud=True), at, uncertain=True)).ts == alone.ts
    assert [message.ts for message in slack.messages] == [alone.ts, at.ts]


# Security


async def test_a_security_incident_shows_its_text_in_its_private_channel(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    at = await post(chat, a_security_card())
    assert at.channel == SECURITY
    assert "token leaked" in only(slack).text


@pytest.fixture
async def exposed(slack: SlackStandIn, workspace: SlackWorkspace) -> SlackStandIn:
    slack.workspace.channels[SECURITY].private = False
    await workspace.load()
    return slack


async def test_a_security_incident_shows_no_text_in_a_public_channel(
    chat: SlackChat, exposed: SlackStandIn
) -> None:
    at = await post(chat, a_security_card())
    await chat.edit_face(shown_as(a_security_card(update="rotating the token")), at)
    event = an_event(EventKind.UPDATED, {"text": "rotating the token"}, actor=ANA)
    home = Place(channel="security-incidents")
    await chat.post_line(a_line(event, card=a_security_card(), place=home), at, uncertain=False)
    shown = "".join(f"{message.text}{message.blocks}" for message in exposed.messages)
    assert "Security incident 42, P0" in shown
    assert "#security-incidents is public: no details are posted here. Make it private." in shown
    assert "token" not in shown


async def test_a_card_that_stands_in_a_channel_made_public_loses_its_text(
    chat: SlackChat, slack: SlackStandIn, workspace: SlackWorkspace
) -> None:
    at = await post(chat, a_security_card())
    slack.workspace.channels[SECURITY].private = False
    await workspace.load()
    await chat.edit_face(shown_as(a_security_card()), at)
    assert "token" not in f"{only(slack).text}{only(slack).blocks}"


async def test_a_security_incidents_line_elsewhere_has_no_text(chat: SlackChat, slack: SlackStandIn) -> None:
    event = an_event(EventKind.RESOLVED, {"text": "token rotated"}, actor=ANA)
    place = Place(channel="leadership")
    await chat.post_line(a_line(event, card=a_security_card(), place=place), None, uncertain=False)
    assert only(slack).text == "Security incident 42, P0: resolved."


# Failures


async def test_a_rate_limit_is_temporary_and_holds_for_the_method(
    chat: SlackChat, slack: SlackStandIn
) -> None:
    slack.faults.add("ratelimited", "chat.postMessage", retry_after=7)
    with pytest.raises(TemporaryFailure) as failed:
        await post(chat)
    assert failed.value.retry_after == timedelta(seconds=7)
    assert failed.value.lane == "slack/chat.postMessage"


async def test_a_rate_limit_on_edits_holds_for_edits(chat: SlackChat, slack: SlackStandIn) -> None:
    at = await post(chat)
    slack.faults.add("ratelimited", "chat.update", retry_after=3)
    with pytest.raises(TemporaryFailure) as failed:
        await chat.edit_face(shown_as(a_card()), at)
    assert failed.value.lane == "slack/chat.update"


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "error", "error": "fatal_error"}]
)
async def test_a_failing_slack_may_have_posted(
    chat: SlackChat, slack: SlackStandIn, fault: dict[str, Any]
) -> None:
    slack.faults.add(call="chat.postMessage", **fault)
    with pytest.raises(UnknownOutcome):
        await post(chat)


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "error", "error": "fatal_error"}]
)
async def test_a_failing_slack_is_simply_asked_again_to_edit(
    chat: SlackChat, slack: SlackStandIn, fault: dict[str, Any]
) -> None:
    at = await post(chat)
    slack.faults.add(call="chat.update", **fault)
    with pytest.raises(TemporaryFailure):
        await chat.edit_face(shown_as(a_card()), at)


@pytest.mark.parametrize("error", ["service_unavailable", "request_timeout", "team_added_to_org"])
async def test_what_passes_by_itself_is_temporary(chat: SlackChat, slack: SlackStandIn, error: str) -> None:
    slack.faults.add("error", "chat.postMessage", error=error)
    with pytest.raises(TemporaryFailure):
        await post(chat)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("invalid_blocks", "a bug in opsbot"),
        ("msg_blocks_too_long", "a bug in opsbot"),
        ("something_new", "Slack refuses. (chat.postMessage: something_new)"),
    ],
)
async def test_a_refusal_says_what_to_do(
    chat: SlackChat, slack: SlackStandIn, error: str, advice: str
) -> None:
    slack.faults.add("error", "chat.postMessage", error=error)
    with pytest.raises(PermanentFailure, match=advice.replace("(", r"\(").replace(")", r"\)")):
        await post(chat)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("channel_not_found", "invite the bot to it"),
        ("not_in_channel", "invite the bot to #platform-alerts"),
        ("is_archived", "#platform-alerts is archived: unarchive it"),
        ("invalid_auth", "set SLACK_BOT_TOKEN"),
        ("token_revoked", "set SLACK_BOT_TOKEN"),
        ("missing_scope", "lacks the scope"),
    ],
)
async def test_what_a_person_can_mend_says_how_and_is_tried_again(
    chat: SlackChat, slack: SlackStandIn, error: str, advice: str
) -> None:
    slack.faults.add("error", "chat.postMessage", error=error)
    with pytest.raises(TemporaryFailure, match=advice) as failed:
        await post(chat)
    assert failed.value.retry_after == MEND_WAIT


async def test_a_card_that_was_deleted_is_to_be_posted_anew(chat: SlackChat) -> None:
    with pytest.raises(CardGoneError, match=r"in #platform-alerts is gone"):
        await chat.edit_face(shown_as(a_card()), MessageRef(channel=ALERTS, ts="1.000001"))


async def test_a_slack_that_hangs_up_may_have_posted(chat: SlackChat, slack: SlackStandIn) -> None:
    slack.faults.add("down", "chat.postMessage")
    with pytest.raises(UnknownOutcome):
        await post(chat)


async def test_a_slack_that_nobody_listens_for_is_temporary(workspace: SlackWorkspace) -> None:
    closed = SlackConnection(token="xoxb-x", base_url="http://127.0.0.1:1/api/")
    chat = SlackChat(closed, workspace=workspace, channels=CHANNELS)
    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        await post(chat)
    await closed.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "hello", "content_type": "text/plain"},
        {"text": "<html>", "content_type": "text/html"},
        {"text": "[1]", "content_type": "application/json"},
        {"text": "{", "content_type": "application/json"},
        {"text": "", "content_type": "application/json"},
        {"body": b"\xff\xfe", "content_type": "application/json"},
    ],
)
async def test_an_answer_that_is_no_answer_may_hide_a_post(
    workspace: SlackWorkspace, answer: dict[str, Any]
) -> None:
    async def odd(_request: web.Request) -> web.Response:
        return web.Response(**answer)

    app = web.Application()
    app.router.add_post("/api/chat.postMessage", odd)
    async with serving(app) as url:
        other = SlackConnection(token="xoxb-x", base_url=f"{url}/api/")
        with pytest.raises(UnknownOutcome):
            await post(SlackChat(other, workspace=workspace, channels=CHANNELS))
        await other.aclose()


async def test_no_failure_tells_the_token(chat: SlackChat, slack: SlackStandIn) -> None:
    slack.faults.add("error", "chat.postMessage", error="invalid_auth")
    with pytest.raises(TemporaryFailure) as failed:
        await post(chat)
    assert slack.tokens.bot not in f"{failed.value!r} {failed.value.__cause__!r} {chat!r}"


async def test_a_channel_that_slack_does_not_show_is_named(chat: SlackChat) -> None:
    with pytest.raises(TemporaryFailure, match="#nowhere"):
        await post(chat, a_card(incident=an_incident(channel="nowhere")))


async def test_before_slack_was_reached_a_card_waits(connection: SlackConnection) -> None:
    unknown = SlackWorkspace(connection, CHANNELS.values())
    with pytest.raises(TemporaryFailure) as failed:
        await post(SlackChat(connection, workspace=unknown, channels=CHANNELS))
    assert failed.value.retry_after == timedelta(seconds=30)


# Workspace


async def test_the_workspace_knows_its_channels(workspace: SlackWorkspace) -> None:
    assert workspace.team_id is not None
    assert (workspace.bot_user_id, workspace.bot_id) == ("U0OPSBOT1", "B0OPSBOT1")
    assert workspace.channel_id("platform-alerts") == ALERTS
    assert workspace.channel_key(SECURITY) == "security-incidents"
    assert workspace.is_private("security-incidents")
    assert not workspace.is_private("platform-alerts")
    assert not workspace.is_private("nowhere")


async def test_what_is_amiss_is_said(workspace: SlackWorkspace) -> None:
    assert workspace.problems == (
        "The bot is not in #general: invite the bot to #general.",
        "Slack shows the bot no channel #nowhere: create it, or invite the bot to it.",
    )


async def test_missing_scopes_are_said_and_the_rest_is_known() -> None:
    async with slack_stand_in(SlackStandIn(scopes=SCOPES - {"groups:read"})) as slack:
        connection = SlackConnection(token=slack.tokens.bot, base_url=f"{slack.url}/api")
        workspace = SlackWorkspace(connection, [CHANNELS["platform-alerts"]])
        await workspace.load()
        await connection.aclose()
    assert workspace.channel_id("platform-alerts") == ALERTS
    assert any("lacks the scope groups:read (finding private" in one for one in workspace.problems)
    assert any("private channels cannot be listed" in one for one in workspace.problems)


@pytest.mark.parametrize("lost", ["public_channel", "private_channel"])
async def test_channels_of_a_kind_that_cannot_be_listed_any_more_stay_known(lost: str) -> None:
    refused: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        kind = request.query.get("types", "")
        if kind in refused:
            return web.json_response({"ok": False, "error": "missing_scope", "needed": "x:read"})
        listed: dict[str, list[dict[str, Any]]] = {
            "public_channel": [{"id": "C1", "name": "platform-alerts"}, {"id": "C2", "name": "general"}],
            # Shared with outsiders: listed as private, but not to be taken for private.
            "private_channel": [
                {"id": "C3", "name": "security-incidents", "is_private": True},
                {"id": "C4", "name": "leadership", "is_private": True, "is_ext_shared": True},
            ],
        }
        channels = [one for one in listed.get(kind, ()) if not refused or one["id"] not in {"C2", "C4"}]
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U1", "channels": channels})

    app = web.Application()
    app.router.add_get("/api/{method}", answer)
    async with serving(app) as url:
        connection = SlackConnection(token="xoxb-x", base_url=f"{url}/api/")
        workspace = SlackWorkspace(connection, CHANNELS.values())
        await workspace.load()
        recalled = SlackWorkspace(connection, CHANNELS.values())
        recalled.from_json(workspace.to_json())
        refused.append(lost)
        await recalled.load()
        await connection.aclose()
    known = {name: recalled.channel_id(name) for name in CHANNELS}
    always = {"platform-alerts": "C1", "security-incidents": "C3", "nowhere": None}
    kept = {"general": "C2" if lost == "public_channel" else None}
    kept |= {"leadership": "C4" if lost == "private_channel" else None}
    assert known == always | kept


async def test_a_workspace_of_many_channels_is_read_to_its_end(
    slack: SlackStandIn, workspace: SlackWorkspace
) -> None:
    channels = slack.workspace.channels
    last = channels.pop(ALERTS)
    for number in range(1100):
        channels[f"C{number}"] = replace(last, id=f"C{number}", name=f"noise-{number}")
    channels[ALERTS] = last
    await workspace.load()
    assert workspace.channel_id("platform-alerts") == ALERTS


async def test_a_workspace_is_remembered_as_text(
    connection: SlackConnection, workspace: SlackWorkspace
) -> None:
    recalled = SlackWorkspace(connection, CHANNELS.values())
    recalled.from_json(workspace.to_json())
    assert recalled.to_json() == workspace.to_json()
    assert recalled.channel_id("platform-alerts") == ALERTS


async def test_that_a_channel_was_private_once_is_no_proof(
    connection: SlackConnection, workspace: SlackWorkspace
) -> None:
    recalled = SlackWorkspace(connection, CHANNELS.values())
    recalled.from_json(workspace.to_json())
    assert not recalled.is_private("security-incidents")
    assert not recalled.is_privacy_known("security-incidents")
    await recalled.load()
    assert recalled.is_private("security-incidents")
    assert recalled.is_privacy_known("security-incidents")


async def test_a_channel_that_the_guide_names_anew_is_not_remembered(
    connection: SlackConnection, workspace: SlackWorkspace
) -> None:
    renamed = Channel(key="platform-alerts", name="ops-alerts", purpose="")
    recalled = SlackWorkspace(connection, [renamed])
    recalled.from_json(workspace.to_json())
    assert recalled.channel_id("platform-alerts") is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"channels": 3}', '{"channels": {"a": {"odd": 1}}}'])
async def test_what_cannot_be_remembered_is_forgotten(connection: SlackConnection, text: str) -> None:
    recalled = SlackWorkspace(connection, CHANNELS.values())
    recalled.from_json(text)
    assert recalled.team_id is None


async def test_a_failing_slack_leaves_the_workspace_as_it_was(
    slack: SlackStandIn, workspace: SlackWorkspace
) -> None:
    slack.faults.add("status", "conversations.list", status=502)
    before = workspace.to_json()
    with pytest.raises(TemporaryFailure):
        await workspace.load()
    assert workspace.to_json() == before


async def test_a_channel_that_outsiders_share_is_not_private() -> None:
    async def answer(request: web.Request) -> web.Response:
        shared = {"id": "C1", "name": "leadership", "is_private": True, "is_ext_shared": True}
        channels = [shared] if "private" in request.query.get("types", "") else []
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U1", "channels": channels})

    app = web.Application()
    app.router.add_get("/api/{method}", answer)
    async with serving(app) as url:
        connection = SlackConnection(token="xoxb-x", base_url=f"{url}/api/")
        workspace = SlackWorkspace(connection, [CHANNELS["leadership"]])
        await workspace.load()
        await connection.aclose()
    assert workspace.channel_id("leadership") == "C1"
    assert not workspace.is_private("leadership")


# Replies

TEXT: dict[str, Any] = {"text": "done", "blocks": []}


async def test_an_ephemeral_is_shown_to_one_user(replies: SlackReplies, slack: SlackStandIn) -> None:
    await replies.ephemeral(ALERTS, "U0ANA0001", **TEXT)
    assert [message.text for message in slack.ephemerals("ana")] == ["done"]
    assert slack.messages == []


async def test_a_response_url_answers_its_user(replies: SlackReplies, slack: SlackStandIn) -> None:
    url = slack.world.response_urls.issue("U0ANA0001", ALERTS)
    await replies.respond(f"{slack.url}/response/{url}", **TEXT)
    assert [message.text for message in slack.ephemerals("ana")] == ["done"]


async def test_an_answer_to_a_button_leaves_the_card_as_it_is(
    chat: SlackChat, replies: SlackReplies, slack: SlackStandIn
) -> None:
    await post(chat)
    card = only(slack)
    url = slack.world.response_urls.issue("U0ANA0001", ALERTS, card)
    await replies.respond(f"{slack.url}/response/{url}", **TEXT)
    assert only(slack).text.startswith("P0 #42")


async def test_a_response_url_that_is_used_up_is_a_refusal_without_the_url(
    replies: SlackReplies, slack: SlackStandIn
) -> None:
    with pytest.raises(PermanentFailure, match="used up") as failed:
        await replies.respond(f"{slack.url}/response/secret-part", **TEXT)
    assert "secret-part" not in f"{failed.value!r}{failed.value.__cause__!r}"


async def test_a_response_url_that_breaks_is_not_told(replies: SlackReplies, slack: SlackStandIn) -> None:
    slack.faults.add("down", "response_url")
    url = slack.world.response_urls.issue("U0ANA0001", ALERTS)
    with pytest.raises(UnknownOutcome) as failed:
        await replies.respond(f"{slack.url}/response/{url}", **TEXT)
    assert url not in f"{failed.value!r}"
    assert failed.value.__suppress_context__


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "ftp://slack.com/x", "/x", "", "http://[/x", "https:///x", "file:///etc"]
)
async def test_only_slacks_addresses_are_posted_to(replies: SlackReplies, url: str) -> None:
    with pytest.raises(PermanentFailure, match="no address of Slack's"):
        await replies.respond(url, **TEXT)


async def test_a_modal_opens_once(replies: SlackReplies, slack: SlackStandIn) -> None:
    trigger = slack.world.triggers.issue("U0ANA0001", ALERTS)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Declare"}, "blocks": [section]}
    await replies.open_view(trigger, view)
    assert len(slack.views("ana")) == 1
    with pytest.raises(PermanentFailure):
        await replies.open_view(trigger, view)


async def test_a_connection_that_was_closed_opens_again(connection: SlackConnection) -> None:
    errand = Errand(method="auth.test", effect=Effect.READS)
    await connection.call(errand)
    await connection.aclose()
    assert (await connection.call(errand))["ok"]


async def test_closing_twice_is_no_error(connection: SlackConnection) -> None:
    await connection.aclose()
    await connection.aclose()


@pytest.mark.parametrize(
    ("error", "effect", "expected"),
    [
        (TimeoutError(), Effect.ADDS, UnknownOutcome),
        (TimeoutError(), Effect.SETS, UnknownOutcome),
        (TimeoutError(), Effect.READS, TemporaryFailure),
        (aiohttp.ConnectionTimeoutError(), Effect.ADDS, TemporaryFailure),
        (aiohttp.SocketTimeoutError(), Effect.ADDS, UnknownOutcome),
        (aiohttp.ServerDisconnectedError(), Effect.ADDS, UnknownOutcome),
        (aiohttp.ClientPayloadError(), Effect.SETS, UnknownOutcome),
        (aiohttp.InvalidURL("http://secret"), Effect.ADDS, PermanentFailure),
    ],
)
def test_a_broken_connection_says_whether_it_may_have_been_done(
    error: Exception, effect: Effect, expected: type[Exception]
) -> None:
    failure = broken(Errand(method="chat.postMessage", effect=effect), error)
    assert type(failure) is expected
    assert "secret" not in failure.reason


def test_a_connection_does_not_show_its_token() -> None:
    assert "secret" not in repr(SlackConnection(token="xoxb-secret"))


@pytest.mark.parametrize(("url", "proxy"), [("http://127.0.0.1:1/", None), ("http://[::1]:1/", None)])
def test_loopback_is_called_without_a_proxy(
    url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    assert _proxy_for(url) == proxy


def test_other_addresses_are_called_through_the_environments_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "internal.example")
    assert _proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    assert _proxy_for("https://internal.example/") is None
