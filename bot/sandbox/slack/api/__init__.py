"""The Web API, one file a family."""

from __future__ import annotations

from bot.sandbox.slack.api import apps, auth, chat, conversations, users, views
from bot.sandbox.slack.api.method import Method

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **users.METHODS,
    **views.METHODS,
}
