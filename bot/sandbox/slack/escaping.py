"""Text as Slack sends that of a slash command whose app asks for it to be escaped."""

from __future__ import annotations

import re

from bot.sandbox.slack.state import Workspace

WORD = re.compile(r"(?P<link>https?://[^\s<>]+)|(?<![\w@#])(?P<sign>[@#])(?P<name>[\w-]+)")
BROADCASTS = frozenset({"here", "channel", "everyone"})
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(workspace: Workspace, user: str, text: str) -> str:
    """`&`, `<` and `>` as entities; people, groups, channels that `user` sees, and links with their ids."""
    names = {"@": _people(workspace), "#": _channels(workspace, user)}

    def meant(word: re.Match[str]) -> str:
        if word["link"]:
            return f"<{word['link']}>"
        return names[word["sign"]].get(word["name"], word[0])

    plain = re.sub(r"[&<>]", lambda sign: ENTITIES[sign[0]], text)
    return WORD.sub(meant, plain)


def _people(workspace: Workspace) -> dict[str, str]:
    groups = {group.handle: f"<!subteam^{group.id}|@{group.handle}>" for group in workspace.groups.values()}
    people = {user.name: f"<@{user.id}|{user.name}>" for user in workspace.users.values()}
    return groups | people | {name: f"<!{name}>" for name in BROADCASTS}


def _channels(workspace: Workspace, user: str) -> dict[str, str]:
    return {
        channel.name: f"<#{channel.id}|{channel.name}>"
        for channel in workspace.channels.values()
        if workspace.sees(user, channel)
    }
