"""A message and how Slack shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Content:
    """What an app says: the text, and what is shown in its place or beside it."""

    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class Message:
    """A message in a channel, or (`only_for`) an ephemeral one that one user sees.

    `edits` counts the edits, `edited_ts` is set where Slack shows "(edited)". A message of Slack's own
    (somebody joined, set the topic) has a `subtype`, and what Slack adds to it in `extra`. `reactions` are
    the users by the emoji's name, `files` what files.info says of each.
    """

    channel: str
    ts: str
    user: str
    content: Content
    team_id: str
    bot_id: str | None = None
    app_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edits: int = 0
    edited_ts: str | None = None
    subtype: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The message's text."""
        return self.content.text

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The message's blocks, each with a block_id."""
        return self.content.blocks

    @property
    def metadata(self) -> dict[str, Any] | None:
        """The message's metadata."""
        return self.content.metadata

    @property
    def in_channel(self) -> bool:
        """Whether the channel shows it outside its thread."""
        return self.thread_ts is None or self.thread_ts == self.ts or self.broadcast

    def to_json(self, *, metadata: bool = False) -> dict[str, Any]:
        """The message as conversations.history answers; its metadata only where asked for."""
        body: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.content.text,
            "team": self.team_id,
        }
        marks = {
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "blocks": self.content.blocks,
            "attachments": self.content.attachments,
            "files": list(self.files),
            "thread_ts": self.thread_ts,
            "subtype": self._subtype,
            "reactions": self._reactions(),
            "is_ephemeral": self.only_for is not None,
            "edited": {"user": self.user, "ts": self.edited_ts} if self.edited_ts else None,
        }
        body |= self.extra | {key: value for key, value in marks.items() if value}
        if metadata and self.content.metadata is not None:
            body["metadata"] = self.content.metadata
        return body

    @property
    def _subtype(self) -> str | None:
        if self.only_for is not None:
            return "bot_message"
        return "thread_broadcast" if self.broadcast else self.subtype

    def _reactions(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in self.reactions.items()
        ]
