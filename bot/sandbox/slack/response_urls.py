"""Where an app answers what a user did: five times, within thirty minutes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.slack.content import content_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Workspace

USES = 5
LIFE_MS = 30 * 60 * 1000
KEPT = 5_000


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Who did something in which channel, and the message that `replace_original` is about, if any."""

    user: str
    channel: str
    until: int
    original: Message | None = None
    uses: int = 0


class ResponseUrls:
    """The response_urls that were given out, the newest of them."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._given: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, original: Message | None = None) -> str:
        """The id of a new response_url."""
        url_id = secrets.token_urlsafe(18)
        self._given[url_id] = ResponseUrl(
            user=user, channel=channel, until=self._clock() + LIFE_MS, original=original
        )
        if len(self._given) > KEPT:
            self._given.pop(next(iter(self._given)))
        return url_id

    def use(self, url_id: str, body: Mapping[str, Any]) -> Message | None:
        """Answer by a response_url. Raises `used_url`, `expired_url`, `invalid_url`, `no_text`."""
        url = self._given.get(url_id)
        if url is None:
            raise SlackError("invalid_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        if self._clock() > url.until:
            raise SlackError("expired_url")
        url.uses += 1
        return self.answer(url, body)

    def answer(self, url: ResponseUrl, body: Mapping[str, Any]) -> Message | None:
        """Do what an app's answer says: post, whisper, replace or delete. Returns the message shown."""
        if body.get("delete_original") and url.original is not None:
            self._workspace.delete(url.original)
            return None
        content = content_of(body, may_show=self._workspace.files.may_show)
        if body.get("replace_original") and url.original is not None:
            content.metadata = content.metadata or url.original.metadata
            self._workspace.edit(url.original, content)
            return url.original
        channel = self._workspace.channels[url.channel]
        thread_ts = body.get("thread_ts")
        if body.get("response_type") == "in_channel":
            message = self._workspace.post(
                channel, self._workspace.identity.bot_user, content, thread_ts=thread_ts
            )
        else:
            message = self._workspace.whisper(channel, url.user, content, thread_ts=thread_ts)
        if url.original is None:
            url.original = message
        return message

    def reply(self, url_id: str, body: Mapping[str, Any]) -> Message | None:
        """Do what the app's direct reply to a slash command says; it is no use of the response_url."""
        return self.answer(self._given[url_id], body)
