"""Who and what is in a workspace: users, user groups, channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.messages import Message


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


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or (`im_with`) the app's direct messages with a user. Messages by ts, oldest first."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    im_with: str | None = None
    members: set[str] = field(default_factory=set)
    topic: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)

    def to_json(self, viewer: str) -> dict[str, Any]:
        """The channel as conversations.info answers `viewer`."""
        if self.im_with is not None:
            return {"id": self.id, "is_im": True, "user": self.im_with, "is_archived": False, "created": 0}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": False,
            "created": 0,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }

    def top_level(self) -> list[Message]:
        """What the channel shows: no replies but those that were broadcast; oldest first."""
        return [message for message in self.messages.values() if message.in_channel]

    def replies(self, ts: str) -> list[Message]:
        """The thread's replies, oldest first, without the message that they answer."""
        return [self.messages[reply] for reply in self.threads.get(ts, ())]

    def message_json(self, message: Message, *, metadata: bool = False) -> dict[str, Any]:
        """The message with what its thread adds to it."""
        body = message.to_json(metadata=metadata)
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
