"""bookmarks.*: the links at the top of a channel."""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.sandbox.slack.api.method import TIER_2, TIER_3, Answer, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World

MOST = 100
LINK = re.compile(r"https?://\S+")
EMOJI = re.compile(r":[a-z0-9_+'-]{1,100}:")


def add(world: World, args: Args) -> Answer:
    """bookmarks.add: only links."""
    channel = _channel(world, args)
    title = args.need("title")
    if args.need("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    now = world.clock() // 1000
    bookmark = {
        "id": f"Bk{secrets.token_hex(5).upper()}",
        "channel_id": channel.id,
        "title": title,
        "link": _link(args),
        "emoji": _emoji(args),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": world.identity.bot_user,
        "last_updated_by_team_id": world.identity.team_id,
        "shortcut_id": None,
        "app_id": world.identity.app_id,
    }
    channel.bookmarks.append(bookmark)
    world.workspace.publish_channel(channel)
    return {"bookmark": dict(bookmark)}


def edit(world: World, args: Args) -> Answer:
    """bookmarks.edit: what is given anew."""
    channel = _channel(world, args)
    bookmark = _bookmark(channel, args)
    changed: dict[str, Any] = {}
    if args.get("title"):
        changed["title"] = args.get("title")
    if args.get("link"):
        changed["link"] = _link(args)
    if args.get("emoji"):
        changed["emoji"] = _emoji(args)
    bookmark |= changed | {
        "date_updated": world.clock() // 1000,
        "last_updated_by_user_id": world.identity.bot_user,
    }
    world.workspace.publish_channel(channel)
    return {"bookmark": dict(bookmark)}


def remove(world: World, args: Args) -> Answer:
    """bookmarks.remove."""
    channel = _channel(world, args)
    channel.bookmarks.remove(_bookmark(channel, args))
    world.workspace.publish_channel(channel)
    return {}


def list_bookmarks(world: World, args: Args) -> Answer:
    """bookmarks.list."""
    channel = world.joined(args.need("channel_id"))
    return {"bookmarks": [dict(bookmark) for bookmark in channel.bookmarks]}


def _channel(world: World, args: Args) -> Channel:
    channel = world.joined(args.need("channel_id"))
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _bookmark(channel: Channel, args: Args) -> dict[str, Any]:
    bookmark_id = args.need("bookmark_id")
    found = next((bookmark for bookmark in channel.bookmarks if bookmark["id"] == bookmark_id), None)
    if found is None:
        raise SlackError("not_found")
    return found


def _link(args: Args) -> str:
    link = args.get("link")
    if not LINK.fullmatch(link):
        raise SlackError("invalid_link")
    return link


def _emoji(args: Args) -> str | None:
    emoji = args.get("emoji")
    if emoji and not EMOJI.fullmatch(emoji):
        raise SlackError("invalid_emoji")
    return emoji or None


WRITE = ("bookmarks:write",)
METHODS = {
    "bookmarks.add": Method(run=add, scopes=WRITE, a_minute=TIER_2),
    "bookmarks.edit": Method(run=edit, scopes=WRITE, a_minute=TIER_2),
    "bookmarks.remove": Method(run=remove, scopes=WRITE, a_minute=TIER_2),
    "bookmarks.list": Method(run=list_bookmarks, scopes=("bookmarks:read",), a_minute=TIER_3),
}
