"""The whole workspace as JSON, for the browser page and for tests in other processes."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.transport import Transport
from bot.sandbox.slack.world import World


def dump(world: World, transport: Transport, viewer: str | None) -> dict[str, Any]:
    """Everything; for a `viewer` (a user's id) also what only that user sees, and their channels only.

    `cursor` is the feed's number of the newest change that is already in here.
    """
    workspace, identity = world.workspace, world.identity
    channels = [
        _channel(world, channel)
        for channel in workspace.channels.values()
        if viewer is None or workspace.sees(viewer, channel)
    ]
    mine = [viewer] if viewer is not None else list(workspace.users)
    return {
        "cursor": world.feed.last,
        "now": world.clock(),
        "team": {"id": identity.team_id, "name": identity.team_name},
        "bot": {
            "user": identity.bot_user,
            "url": transport.bot_url,
            "socket_connections": world.sockets.count,
        },
        "app": {"id": identity.app_id, "bot_user": identity.bot_user} | world.app.to_json(),
        "users": [user.to_json() for user in workspace.users.values()],
        "usergroups": [group.to_json(users=True) for group in workspace.groups.values()],
        "channels": channels,
        "ephemerals": [
            {"user": user, "channel": message.channel, "message": message.to_json()}
            for user in mine
            for message in workspace.ephemerals.get(user, {}).values()
        ],
        "views": [
            {"user": user, "view": world.modals.to_json(view), "errors": view.errors}
            for user in mine
            for view in world.modals.stack(user)
        ],
        "homes": [
            {"user": view.user, "view": world.homes.to_json(view)}
            for view in world.homes
            if view.user in mine
        ],
    }


def _channel(world: World, channel: Channel) -> dict[str, Any]:
    return channel.state(world.identity.bot_user) | {
        "messages": [
            channel.message_json(message, metadata=True) | {"edits": message.edits}
            for message in channel.messages.values()
        ],
    }
