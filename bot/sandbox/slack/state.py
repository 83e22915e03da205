"""The workspace: what is in it, and every way in which its messages change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import happenings
from bot.sandbox.slack.elements import elements_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.people import Channel, Pin
from bot.sandbox.slack.places import SLACKBOT, Places

EMOJI_NAME = re.compile(r"[a-z0-9_+'.-]{1,100}(::skin-tone-[2-6])?")
REACTIONS_A_MESSAGE, REACTIONS_A_USER = 50, 23
TOMBSTONE = "This message was deleted."


@dataclass(slots=True)
class Workspace(Places):
    """A team's people and channels, and what they say there."""

    ephemerals: dict[str, dict[str, Message]] = field(default_factory=dict)
    files: Files = field(init=False)
    named_blocks: int = 0

    def __post_init__(self) -> None:
        """Begin without a file."""
        self.files = Files(self.clock, self.identity.team_id, self.identity.domain)

    def post(
        self,
        channel: Channel,
        user: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Iterable[dict[str, Any]] = (),
    ) -> Message:
        """Post as a user, or as the app where `user` is the bot's. `files` as files.info answers them."""
        message = self._message(channel, user, content, thread_ts)
        message.broadcast = broadcast and thread_ts is not None
        message.files = list(files)
        message.subtype = "file_share" if message.files else None
        return self._put(channel, message)

    def note(self, channel: Channel, user: str, subtype: str, text: str, **extra: Any) -> Message:
        """Slack's own words on what a user did to the channel (`channel_join`, `channel_topic`, …)."""
        message = self._message(channel, user, Content(text=f"<@{user}> {text}"), None)
        message.bot_id = message.app_id = None
        message.subtype, message.extra = subtype, extra
        return self._put(channel, message)

    def whisper(
        self,
        channel: Channel,
        only_for: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        by: str | None = None,
    ) -> Message:
        """Show one user an ephemeral message, by default the app's."""
        message = self._message(channel, by or self.identity.bot_user, content, thread_ts)
        message.only_for = only_for
        self.ephemerals.setdefault(only_for, {})[message.ts] = message
        self._publish("ephemeral", message)
        return message

    def edit(self, message: Message, content: Content, *, shown_as_edited: bool = False) -> None:
        """Put `content` in the message's place."""
        before = self.message_json(message, metadata=True)
        self.name_blocks(content.blocks)
        message.content = content
        message.edits += 1
        if shown_as_edited:
            message.edited_ts = self.next_ts()
        self.changed(message)
        if message.only_for is None:
            channel = self.channels[message.channel]
            self.tell(channel, happenings.edited(channel, message, before, self.next_ts()))

    def changed(self, message: Message) -> None:
        """Show a message as it is now: its words, reactions, pins or files changed."""
        self._publish("ephemeral_changed" if message.only_for else "message_changed", message)

    def delete(self, message: Message) -> None:
        """Take the message away. One with a thread leaves a tombstone at its head."""
        if message.only_for is not None:
            self.ephemerals[message.only_for].pop(message.ts, None)
            self._publish("ephemeral_deleted", message)
            return
        channel = self.channels[message.channel]
        if message.ts in channel.pins:
            del channel.pins[message.ts]
            self.publish_channel(channel)
        if channel.replies(message.ts):
            self._bury(message)
            return
        before = self.message_json(message)
        channel.messages.pop(message.ts, None)
        if message.thread_ts is not None and message.ts in channel.threads.get(message.thread_ts, ()):
            channel.threads[message.thread_ts].remove(message.ts)
        self._publish("message_deleted", message)
        self.tell(channel, happenings.deleted(channel, before, self.next_ts()))

    def react(self, message: Message, user: str, name: str) -> None:
        """Put an emoji (`eyes`, without colons) under a message.

        Raises `invalid_name`, `already_reacted`, `too_many_reactions` or `too_many_emoji`.
        """
        if not EMOJI_NAME.fullmatch(name):
            raise SlackError("invalid_name")
        users = message.reactions.get(name, [])
        if user in users:
            raise SlackError("already_reacted")
        if not users and len(message.reactions) >= REACTIONS_A_MESSAGE:
            raise SlackError("too_many_emoji")
        if sum(user in others for others in message.reactions.values()) >= REACTIONS_A_USER:
            raise SlackError("too_many_reactions")
        message.reactions[name] = [*users, user]
        self._reacted(message, user, name, added=True)

    def unreact(self, message: Message, user: str, name: str) -> None:
        """Take one's emoji from under a message. Raises `invalid_name` or `no_reaction`."""
        if not EMOJI_NAME.fullmatch(name):
            raise SlackError("invalid_name")
        if user not in message.reactions.get(name, ()):
            raise SlackError("no_reaction")
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reacted(message, user, name, added=False)

    def pin(self, message: Message, user: str) -> None:
        """Pin a message to its channel, which Slack says there. Raises `already_pinned`."""
        channel = self.channels[message.channel]
        if message.ts in channel.pins:
            raise SlackError("already_pinned")
        channel.pins[message.ts] = Pin(by=user, at=self.clock() // 1000)
        self._pinned(channel, message, user, added=True)
        self.note(channel, user, "pinned_item", "pinned a message to this channel.")

    def unpin(self, message: Message, user: str) -> None:
        """Take a message's pin away. Raises `no_pin`."""
        channel = self.channels[message.channel]
        if message.ts not in channel.pins:
            raise SlackError("no_pin")
        del channel.pins[message.ts]
        self._pinned(channel, message, user, added=False)

    def find_message(self, channel: Channel, ts: str, viewer: str | None = None) -> Message:
        """The message at `ts`, or the viewer's ephemeral one. Raises `message_not_found`."""
        own = self.ephemerals.get(viewer or "", {}).get(ts)
        if own is not None and own.channel == channel.id:
            return own
        message = channel.messages.get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def all_messages(self) -> Iterable[Message]:
        """Every message that is no ephemeral one, by channel."""
        for channel in self.channels.values():
            yield from channel.messages.values()

    def message_json(self, message: Message, *, metadata: bool = False) -> dict[str, Any]:
        """The message as its channel shows it."""
        return self.channels[message.channel].message_json(message, metadata=metadata)

    def name_blocks(self, blocks: list[dict[str, Any]]) -> None:
        """Give a block_id, and each interactive element an action_id, where the app gave none."""
        for block in blocks:
            if not block.get("block_id"):
                self.named_blocks += 1
                block["block_id"] = f"blk{self.named_blocks}"
            for element in elements_of(block):
                if not element.get("action_id"):
                    self.named_blocks += 1
                    element["action_id"] = f"act{self.named_blocks}"

    def _message(self, channel: Channel, user: str, content: Content, thread_ts: str | None) -> Message:
        identity = self.identity
        mine = user == identity.bot_user
        self.name_blocks(content.blocks)
        return Message(
            channel=channel.id,
            ts=self.next_ts(),
            user=user,
            content=content,
            team_id=identity.team_id,
            bot_id=identity.bot_id if mine else None,
            app_id=identity.app_id if mine else None,
            thread_ts=thread_ts,
        )

    def _put(self, channel: Channel, message: Message) -> Message:
        channel.messages[message.ts] = message
        if message.thread_ts is not None:
            channel.threads.setdefault(message.thread_ts, []).append(message.ts)
        self._publish("message", message)
        self.tell(channel, happenings.said(channel, message))
        return message

    def _bury(self, message: Message) -> None:
        message.user, message.bot_id, message.app_id = SLACKBOT, None, None
        message.subtype, message.extra = "tombstone", {"hidden": True}
        message.reactions, message.files = {}, []
        self.edit(message, Content(text=TOMBSTONE))

    def _reacted(self, message: Message, user: str, name: str, *, added: bool) -> None:
        self.changed(message)
        event = happenings.reacted(message, user, name, self.next_ts(), added=added)
        self.tell(self.channels[message.channel], event)

    def _pinned(self, channel: Channel, message: Message, user: str, *, added: bool) -> None:
        self.changed(message)
        self.publish_channel(channel)
        self.tell(channel, happenings.pinned(channel, message, user, self.next_ts(), added=added))

    def _publish(self, kind: str, message: Message) -> None:
        data: dict[str, Any] = {"channel": message.channel, "message": self.message_json(message)}
        if message.only_for is not None:
            data["user"] = message.only_for
        self.feed.publish(kind, data)
