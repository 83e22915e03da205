"""The Web API, one file a family."""

from __future__ import annotations

from bot.sandbox.slack.api import (
    apps,
    auth,
    bookmarks,
    channels,
    chat,
    conversations,
    direct,
    files,
    pins,
    reactions,
    team,
    usergroups,
    users,
    views,
)
from bot.sandbox.slack.api.method import Method

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **auth.METHODS,
    **bookmarks.METHODS,
    **channels.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **direct.METHODS,
    **files.METHODS,
    **pins.METHODS,
    **reactions.METHODS,
    **team.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
