from __future__ import annotations

import json
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import App, Command, Shortcut, SlackError, SlackStandIn
from bot.sandbox.slack.acts import Acts
from bot.sandbox.slack.api import METHODS
from bot.sandbox.slack.manifest import parse, read
from bot.sandbox.slack.scopes import SCOPES, SCOPES_OF_EVENTS
from tests.support.slack import RecordingBot
from tests.support.slack_told import ALERTS, ANA, client_of, installed, kinds, refusal, told

ANAS = "D0ANA0001"
DECLARE = Shortcut(name="Declare", kind="message", callback_id="declare", description="From a message")
OPEN = Shortcut(name="New incident", kind="global", callback_id="open", description="From anywhere")
INCIDENT = Command(command="/incident", description="Incidents", usage_hint="p0 checkout is down")
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "opsbot"},
    "features": {
        "bot_user": {"display_name": "opsbot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/incident", "description": "Incidents", "usage_hint": "p0 checkout is down"}
        ],
        "shortcuts": [
            {
                "name": "Declare",
                "type": "message",
                "callback_id": "declare",
                "description": "From a message",
            }
        ],
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "commands", "chat:write"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
    },
}


@pytest.fixture
async def bot() -> RecordingBot:
    return RecordingBot()


@pytest.fixture
async def slack(bot: RecordingBot) -> AsyncIterator[SlackStandIn]:
    async with installed(App(commands=(INCIDENT,), shortcuts=(DECLARE, OPEN)), bot) as slack:
        yield slack


def changed(path: str, value: object) -> dict[str, Any]:
    """The manifest with another value at a place."""
    manifest: dict[str, Any] = json.loads(json.dumps(MANIFEST))
    place: Any = manifest
    keys = path.split(".")
    for key in keys[:-1]:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[keys[-1]] = value
    return manifest


def test_a_manifest_says_what_the_app_may_and_hears_of() -> None:
    assert parse(MANIFEST) == App(
        name="opsbot",
        scopes=frozenset({"app_mentions:read", "commands", "chat:write"}),
        commands=(INCIDENT,),
        shortcuts=(DECLARE,),
        events=frozenset({"app_mention", "app_home_opened"}),
    )


def test_what_a_manifest_leaves_out_is_off() -> None:
    app = parse({"display_information": {"name": "opsbot"}})
    assert (app.scopes, app.commands, app.shortcuts, app.events) == (frozenset(), (), (), frozenset())
    assert (app.home_tab, app.messages_tab, app.interactive) == (False, False, False)


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("display_information.name", "", "manifest.display_information.name must be a text"),
        ("features", ["slash"], "manifest.features must be an object"),
        ("features.slash_commands", {}, "manifest.features.slash_commands must be a list"),
        (
            "features.slash_commands.0.command",
            "incident",
            "manifest.features.slash_commands[0].command: 'incident' must be / and lower case",
        ),
        (
            "features.slash_commands.0.description",
            None,
            "manifest.features.slash_commands[0].description must be a text",
        ),
        (
            "features.slash_commands",
            [{"command": "/a", "description": "a"}] * 2,
            r"slash_commands[1].command: /a is there twice",
        ),
        (
            "features.slash_commands",
            [{"command": f"/a{number}", "description": "a"} for number in range(51)],
            "manifest.features.slash_commands: Slack takes at most 50",
        ),
        ("features.shortcuts.0.type", "other", "shortcuts[0].type: 'other' must be global or message"),
        ("features.shortcuts.0.name", "n" * 25, "shortcuts[0].name has 25 characters, Slack takes 24"),
        ("features.app_home.home_tab_enabled", "yes", "home_tab_enabled must be true or false"),
        ("oauth_config.scopes.bot", [1], "manifest.oauth_config.scopes.bot: 1 is not a string"),
        ("settings.event_subscriptions", "all", "manifest.settings.event_subscriptions must be an object"),
    ],
)
def test_a_wrong_manifest_is_refused_with_the_place(path: str, value: object, error: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the text is compared below
        parse(changed(path, value))
    assert error in str(refused.value)


def test_a_manifests_file_is_named_in_the_error(tmp_path: Path) -> None:
    file = tmp_path / "app.json"
    file.write_text("{")
    with pytest.raises(ValueError, match=r"app\.json: Expecting"):
        read(file)
    with pytest.raises(ValueError, match="No such file"):
        read(tmp_path / "missing.json")
    file.write_text(json.dumps(MANIFEST))
    assert read(file).commands == (INCIDENT,)


def test_the_known_scopes_are_those_that_something_asks_for() -> None:
    asked = {scope for method in METHODS.values() for scope in method.scopes}
    asked |= {scope for scopes in SCOPES_OF_EVENTS.values() for scope in scopes}
    assert asked - SCOPES == set()


async def test_only_the_apps_own_commands_are_taken(slack: SlackStandIn, bot: RecordingBot) -> None:
    with pytest.raises(ValueError, match="/foo is not a valid command"):
        await slack.command("ana", "platform-alerts", "/foo")
    assert bot.received == []
    assert (await slack.command("ana", "platform-alerts", "/incident")).ok


async def test_a_commands_text_comes_with_ids_where_the_app_asks_for_it(bot: RecordingBot) -> None:
    escaped = Command(command="/incident", description="Incidents", escaped=True)
    typed = "ask @lee or @oncall in #general & not #security-incidents or @nobody: http://x.test/?a=1"
    async with installed(App(commands=(escaped, Command(command="/raw", description="Raw"))), bot) as slack:
        await slack.command("ana", "platform-alerts", "/incident", typed)
        await slack.command("ana", "platform-alerts", "/raw", typed)
    escaped_text, raw = (received.form["text"] for received in bot.received)
    assert raw == typed
    assert escaped_text == (
        "ask <@U0LEE0001|lee> or <!subteam^S0ONCALL1|@oncall> in <#C0GENERAL|general> &amp; "
        "not #security-incidents or @nobody: <http://x.test/?a=1>"
    )


async def test_without_the_scope_there_are_no_commands(bot: RecordingBot) -> None:
    async with installed(App(commands=(INCIDENT,), scopes=frozenset()), bot) as slack:
        with pytest.raises(ValueError, match="/incident is not a valid command"):
            await slack.command("ana", "platform-alerts", "/incident")


async def test_a_global_shortcut_has_neither_channel_nor_response_url(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    await slack.global_shortcut("ana", "open")
    payload = bot.received[0].payload
    assert (payload["type"], payload["callback_id"], payload["user"]["id"]) == ("shortcut", "open", ANA)
    assert payload["trigger_id"]
    assert not {"channel", "message", "response_url"} & payload.keys()


async def test_only_the_apps_own_shortcuts_are_offered(slack: SlackStandIn) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    with pytest.raises(ValueError, match="opsbot has no global shortcut 'declare'"):
        await slack.global_shortcut("ana", "declare")
    with pytest.raises(ValueError, match="opsbot has no message shortcut 'open'"):
        await slack.shortcut("ana", "platform-alerts", said.ts, "open")


async def test_an_app_without_interactivity_is_not_clicked(bot: RecordingBot) -> None:
    async with installed(App(interactive=False), bot) as slack:
        with pytest.raises(ValueError, match="not configured to handle interactive responses"):
            await slack.global_shortcut("ana", "open")


async def test_the_home_tab_is_opened_with_what_is_published_there(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    first = await slack.home("ana")
    view = {"type": "home", "callback_id": "home", "blocks": [{"type": "divider"}]}
    await client_of(slack).views_publish(user_id=ANA, view=view)
    await slack.home("ana")
    before, after = (received.payload["event"] for received in bot.received)
    assert first is not None
    assert first.ok
    assert (before["type"], before["tab"], before["channel"], before["user"]) == (
        "app_home_opened",
        "home",
        ANAS,
        ANA,
    )
    assert "view" not in before
    assert after["view"]["callback_id"] == "home"


async def test_an_element_of_the_home_tab_is_used(slack: SlackStandIn, bot: RecordingBot) -> None:
    text = {"type": "plain_text", "text": "New"}
    button = {"type": "button", "action_id": "new", "text": text, "value": "1"}
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    published = (await client_of(slack).views_publish(user_id=ANA, view=view))["view"]
    await slack.act("ana", "new", view_id=published["id"])
    payload = bot.received[0].payload
    assert payload["container"] == {"type": "view", "view_id": published["id"]}
    assert (payload["view"]["type"], payload["actions"][0]["value"]) == ("home", "1")


async def test_a_tab_that_is_off_cannot_be_opened(bot: RecordingBot) -> None:
    async with installed(App(home_tab=False), bot) as slack:
        with pytest.raises(ValueError, match="opsbot has no home tab"):
            await slack.home("ana")
        assert (await slack.home("ana", tab="messages")) is not None
        with pytest.raises(ValueError, match="'about' is no tab"):
            await slack.home("ana", tab="about")


@pytest.mark.parametrize("app", [App(messages_tab=False), App(messages_read_only=True)])
async def test_nobody_writes_to_an_app_that_takes_no_messages(bot: RecordingBot, app: App) -> None:
    async with installed(app, bot) as slack:
        with pytest.raises(SlackError, match="messages_tab_disabled"):
            slack.say("ana", ANAS, "hello")


async def test_only_what_the_app_subscribes_to_is_told(bot: RecordingBot) -> None:
    async with installed(App(events=frozenset({"message.im", "reaction_added"})), bot) as slack:
        said = slack.say("ana", "platform-alerts", "not for the bot")
        slack.react("ana", "platform-alerts", said.ts, "eyes")
        slack.say("ana", ANAS, "for the bot")
        assert await slack.home("ana") is None
        assert kinds(await told(slack, bot)) == ["reaction_added", "message"]


async def test_an_event_needs_its_scope(bot: RecordingBot) -> None:
    async with installed(App(scopes=frozenset({"im:history"})), bot) as slack:
        said = slack.say("ana", "platform-alerts", "not for the bot")
        slack.react("ana", "platform-alerts", said.ts, "eyes")
        slack.say("ana", ANAS, "for the bot")
        assert kinds(await told(slack, bot)) == ["message"]


async def test_an_app_without_mentions_is_not_told_of_them(bot: RecordingBot) -> None:
    async with installed(App(events=frozenset()), bot) as slack:
        with pytest.raises(ValueError, match="opsbot is not told of mentions here"):
            await slack.mention("ana", "platform-alerts", "ack")
        body = {"user": "ana", "channel": "platform-alerts", "text": "ack"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{slack.url}/control/mention", json=body) as response,
        ):
            assert (await response.json())["message"]["text"] == "<@U0OPSBOT1> ack"
    assert bot.received == []


async def test_an_event_that_is_not_taken_is_sent_again(bot: RecordingBot) -> None:
    async with installed(App(events=frozenset({"message.im"})), bot) as slack:
        bot.fail(500)
        slack.say("ana", ANAS, "hello")
        await slack.settled()
    retries = [received.headers.get("X-Slack-Retry-Num") for received in bot.received]
    assert retries == [None, "1"]


async def test_the_state_shows_the_app(slack: SlackStandIn) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/control/state") as response,
    ):
        app = (await response.json())["app"]
    assert app["commands"] == [
        {"command": "/incident", "description": "Incidents", "usage_hint": "p0 checkout is down"}
    ]
    assert [(shortcut["type"], shortcut["callback_id"]) for shortcut in app["shortcuts"]] == [
        ("message", "declare"),
        ("global", "open"),
    ]
    assert (app["id"], app["name"], app["bot_user"], app["home_tab"], app["any_command"]) == (
        "A0OPSBOT1",
        "opsbot",
        "U0OPSBOT1",
        True,
        False,
    )
    assert "message.im" in app["events"]
    assert "chat:write" in app["scopes"]


async def test_shortcuts_and_home_have_routes(slack: SlackStandIn, bot: RecordingBot) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    await slack.settled()
    bot.received.clear()
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("shortcut", {"user": "ana", "callback_id": "open"}),
        ("shortcut", {"user": "ana", "callback_id": "declare", "channel": ALERTS, "ts": said.ts}),
        ("home", {"user": "ana"}),
    ]
    async with aiohttp.ClientSession() as session:
        for path, body in bodies:
            async with session.post(f"{slack.url}/control/{path}", json=body) as response:
                assert (await response.json())["ok"]
        wrong = {"user": "ana", "channel": ALERTS, "command": "/foo"}
        async with session.post(f"{slack.url}/control/command", json=wrong) as response:
            assert (response.status, await response.json()) == (
                400,
                {"error": "/foo is not a valid command"},
            )
    assert [received.payload["type"] for received in bot.received] == [
        "shortcut",
        "message_action",
        "event_callback",
    ]


async def run(*arguments: str) -> tuple[int, str, str]:
    process = await create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.slack", *arguments, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def started(lines: int, *arguments: str) -> AsyncIterator[list[str]]:
    """The stand-in as a process, and the first lines that it prints."""
    process = await create_subprocess_exec(sys.executable, "-m", "bot.sandbox.slack", *arguments, stdout=PIPE)
    assert process.stdout is not None
    try:
        yield [(await process.stdout.readline()).decode().rstrip() for _ in range(lines)]
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_alone_it_says_what_a_bot_needs() -> None:
    async with started(8) as lines:
        url = lines[0].removeprefix("Slack stand-in: ")
        assert f"  SLACK_API_URL={url}/api/" in lines
        assert "  SLACK_BOT_TOKEN=xoxb-stand-in" in lines
        assert "  SLACK_SIGNING_SECRET=signing-secret-of-the-stand-in" in lines
        assert (await AsyncWebClient("xoxb-stand-in", base_url=f"{url}/api/").auth_test())["ok"]


async def test_secrets_that_were_given_are_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "app.json"
    file.write_text(json.dumps(MANIFEST))
    secret = ("--bot-token", "xoxb-mine", "--signing-secret", "mine")
    async with started(8, "--manifest", str(file), *secret) as lines:
        url = lines[0].removeprefix("Slack stand-in: ")
        client = AsyncWebClient("xoxb-mine", base_url=f"{url}/api/")
        assert "mine" not in "\n".join(lines)
        assert await refusal(client.users_list()) == "missing_scope"


async def test_a_wrong_manifest_ends_it_with_the_reason(tmp_path: Path) -> None:
    code, _, err = await run("--manifest", str(tmp_path / "missing.json"))
    assert code == 1
    assert "missing.json" in err
    assert "Traceback" not in err


async def test_its_options_are_explained() -> None:
    code, out, _ = await run("--help")
    assert code == 0
    for option in ("--port", "--clock", "--manifest", "--bot-url", "--signing-secret", "--rates"):
        assert option in out
    for act in Acts(SlackStandIn()).every():
        assert act in out
