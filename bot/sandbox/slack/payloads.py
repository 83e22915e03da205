"""What Slack tells an app that a person did."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.elements import STATEFUL, chosen, find_element, state_values
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import Channel, User
from bot.sandbox.slack.world import World

TOKEN = "verification-token-of-the-stand-in"  # noqa: S105 - Slack's legacy field, which nobody checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The element that is used, the option's or input's value, and what stands in the other elements."""

    action_id: str
    value: object
    values: Mapping[str, object]


def channel_name(channel: Channel) -> str:
    """The channel's name as payloads have it: Slack does not tell those of private ones."""
    if channel.im_with is not None:
        return "directmessage"
    if channel.mpim:
        return channel.name
    return "privategroup" if channel.private else channel.name


def command(
    world: World, user: User, channel: Channel, *, name: str, text: str, response_url: str
) -> dict[str, Any]:
    """A slash command's form."""
    return {
        "token": TOKEN,
        "team_id": world.identity.team_id,
        "team_domain": world.identity.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": world.identity.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.triggers.issue(user.id),
    }


def message_action(
    world: World,
    user: User,
    channel: Channel,
    message: Message,
    *,
    act: Act,
    response_url: str,
) -> dict[str, Any]:
    """block_actions of an element in a message. An ephemeral message is not carried along."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    payload = _acted(world, user, message.blocks, act) | {
        "container": container,
        "trigger_id": world.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_url,
    }
    if message.only_for is None:
        payload["message"] = world.workspace.message_json(message)
    return payload


def view_action(world: World, user: User, view: View, act: Act) -> dict[str, Any]:
    """block_actions of an element in a modal."""
    payload = _acted(world, user, view.blocks, act)
    shown = world.modals.to_json(view)
    shown["state"] = payload.pop("state")
    return payload | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.triggers.issue(user.id, view.id),
        "view": shown,
    }


def view_submission(world: World, user: User, view: View, state: dict[str, Any]) -> dict[str, Any]:
    """A modal's submission."""
    return _interaction(world, user, "view_submission") | {
        "trigger_id": world.triggers.issue(user.id, view.id),
        "view": world.modals.to_json(view) | {"state": {"values": state}},
        "response_urls": [],
    }


def view_closed(world: World, user: User, view: View, state: dict[str, Any]) -> dict[str, Any]:
    """A modal closed by its user, where the app asked to be notified."""
    return _interaction(world, user, "view_closed") | {
        "view": world.modals.to_json(view) | {"state": {"values": state}},
        "is_cleared": False,
    }


def message_shortcut(
    world: World, user: User, channel: Channel, message: Message, *, callback_id: str, response_url: str
) -> dict[str, Any]:
    """A shortcut of a message's menu."""
    return _interaction(world, user, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": world.triggers.issue(user.id),
        "action_ts": world.workspace.next_ts(),
        "response_url": response_url,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": world.workspace.message_json(message),
    }


def global_shortcut(world: World, user: User, callback_id: str) -> dict[str, Any]:
    """A shortcut that is there everywhere: of no channel, and without a response_url."""
    return _interaction(world, user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": world.triggers.issue(user.id),
        "action_ts": world.workspace.next_ts(),
    }


def event(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """An event in its envelope."""
    identity = world.identity
    return {
        "token": TOKEN,
        "team_id": identity.team_id,
        "api_app_id": identity.app_id,
        "event": body,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": world.clock() // 1000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": identity.team_id,
                "user_id": identity.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def _interaction(world: World, user: User, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": world.identity.app_id,
        "token": TOKEN,
        "team": {"id": world.identity.team_id, "domain": world.identity.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _acted(world: World, user: User, blocks: list[dict[str, Any]], act: Act) -> dict[str, Any]:
    block, element = find_element(blocks, act.action_id, act.value)
    action = {"action_id": act.action_id, "block_id": block["block_id"], "type": element["type"]}
    if element["type"] == "button":
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    else:
        action |= chosen(element, act.value)
    action["action_ts"] = world.workspace.next_ts()
    touched = {act.action_id: act.value} if element["type"] in STATEFUL else {}
    state = {"values": state_values(blocks, {**act.values, **touched})}
    return _interaction(world, user, "block_actions") | {"state": state, "actions": [action]}
