from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import manifests
from handlers.http import SLACK_PATH
from tests.support.front import Front

MANIFEST = Path(manifests.__file__).parent / "slack-app.yaml"


@pytest.fixture
def app() -> Any:
    return yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))


def test_the_commands_offered_are_those_that_are_answered(app: Any) -> None:
    offered = {command["command"] for command in app["features"]["slash_commands"]}
    assert offered == set(Front().door().commands)


def test_the_events_subscribed_to_are_those_that_are_heard(app: Any) -> None:
    assert set(app["settings"]["event_subscriptions"]["bot_events"]) == set(Front().door().events)


def test_the_shortcuts_offered_are_those_that_are_answered(app: Any) -> None:
    offered = {shortcut["callback_id"] for shortcut in app["features"]["shortcuts"]}
    assert offered == set(Front().door().shortcuts)


def test_every_address_is_the_path_that_is_served(app: Any) -> None:
    settings = app["settings"]
    addresses = [
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in app["features"]["slash_commands"]),
    ]
    assert all(address == f"https://opsbot.example.com{SLACK_PATH}" for address in addresses)


def test_buttons_are_sent_to_the_bot(app: Any) -> None:
    assert app["settings"]["interactivity"]["is_enabled"] is True


def test_what_handlers_answer_with_is_allowed(app: Any) -> None:
    assert {"commands", "chat:write", "app_mentions:read"} <= set(app["oauth_config"]["scopes"]["bot"])


def test_texts_are_within_slacks_limits(app: Any) -> None:
    about = app["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    for command in app["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
