"""Who and what is in a workspace: users, user groups, channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.messages import Message

FAMILIES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot. `stranger` is of another workspace, met in a shared channel."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    title: str = ""
    tz: str = "America/New_York"
    guest: bool = False
    stranger: bool = False
    bot: bool = False
    admin: bool = False
    deleted: bool = False

    def to_json(self) -> dict[str, Any]:
        """The user as users.info answers."""
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "profile": self._profile(),
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_stranger": self.stranger,
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": 0,
        }

    def _profile(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "email": self.email,
            "team": self.team_id,
        }


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """A user group, mentioned as `@handle`."""

    id: str
    team_id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)

    def to_json(self, *, users: bool) -> dict[str, Any]:
        """The group as usergroups.list answers, with its users where asked for."""
        body: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_delete": 0,
            "user_count": len(self.users),
        }
        if users:
            body["users"] = list(self.users)
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A channel's topic or purpose: who set it last, and when (epoch seconds)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0

    def to_json(self) -> dict[str, Any]:
        """The note as a channel carries it."""
        return {"value": self.value, "creator": self.creator, "last_set": self.last_set}


EMPTY = Note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Who pinned a message, and when (epoch seconds)."""

    by: str
    at: int


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel; or (`im_with`) the app's direct messages with a user; or (`mpim`) those of several people.

    Messages are by ts, oldest first. `pins` are by the pinned message's ts, the newest pin last; `bookmarks`
    are as bookmarks.list answers; `created` is epoch seconds.
    """

    id: str
    name: str
    private: bool = False
    archived: bool = False
    mpim: bool = False
    im_with: str | None = None
    members: set[str] = field(default_factory=set)
    creator: str = ""
    created: int = 0
    topic: Note = EMPTY
    purpose: Note = EMPTY
    pins: dict[str, Pin] = field(default_factory=dict)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is, in the words of conversations.list: `public_channel` or `im`, say."""
        if self.im_with is not None:
            return "im"
        if self.mpim:
            return "mpim"
        return "private_channel" if self.private else "public_channel"

    @property
    def family(self) -> str:
        """The family of scopes and events that it belongs to: `channels`, `groups`, `im` or `mpim`."""
        return FAMILIES[self.kind]

    @property
    def hidden(self) -> bool:
        """Whether only its members know of it."""
        return self.kind != "public_channel"

    @property
    def is_general(self) -> bool:
        """Whether it is the channel that nobody can leave."""
        return self.name == "general"

    def to_json(self, viewer: str) -> dict[str, Any]:
        """The channel as conversations.info answers `viewer`."""
        base = {"id": self.id, "created": self.created, "is_archived": self.archived}
        if self.im_with is not None:
            return base | {"is_im": True, "user": self.im_with, "is_org_shared": False}
        return base | {
            "name": self.name,
            "name_normalized": self.name,
            "creator": self.creator,
            "is_channel": self.kind == "public_channel",
            "is_group": self.hidden,
            "is_im": False,
            "is_mpim": self.mpim,
            "is_private": self.hidden,
            "is_general": self.is_general,
            "is_member": viewer in self.members,
            "is_shared": False,
            "topic": self.topic.to_json(),
            "purpose": self.purpose.to_json(),
            "num_members": len(self.members),
        }

    def state(self, viewer: str) -> dict[str, Any]:
        """The channel with what its page shows: members, pins and bookmarks; the same for direct messages."""
        return self.to_json(viewer) | {
            "name": self.name,
            "is_im": self.im_with is not None,
            "is_private": self.hidden,
            "topic": self.topic.to_json(),
            "purpose": self.purpose.to_json(),
            "members": sorted(self.members),
            "pins": list(self.pins),
            "bookmarks": [dict(bookmark) for bookmark in self.bookmarks],
        }

    def top_level(self) -> list[Message]:
        """What the channel shows: no replies but those that were broadcast; oldest first."""
        return [message for message in self.messages.values() if message.in_channel]

    def replies(self, ts: str) -> list[Message]:
        """The thread's replies, oldest first, without the message that they answer."""
        return [self.messages[reply] for reply in self.threads.get(ts, ())]

    def message_json(self, message: Message, *, metadata: bool = False) -> dict[str, Any]:
        """The message with what its thread and the channel's pins add to it."""
        body = message.to_json(metadata=metadata)
        if message.ts in self.pins:
            body["pinned_to"] = [self.id]
        replies = self.replies(message.ts)
        if replies:
            body |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users_count": len({reply.user for reply in replies}),
                "reply_users": sorted({reply.user for reply in replies}),
                "latest_reply": replies[-1].ts,
                "is_locked": False,
                "subscribed": False,
            }
        return body
