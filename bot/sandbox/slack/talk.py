"""What people do with messages and channels."""

from __future__ import annotations

from bot.sandbox.slack import channels, happenings
from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.people import Channel, User
from bot.sandbox.slack.places import SLACKBOT


class Talk(Deliveries):
    """People among themselves and with the app. What follows for the bot is sent beside it.

    Users and channels are given by id or name, `ts` is a message's. Raises SlackError where Slack would not
    let the person do it.
    """

    def say(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None, broadcast: bool = False
    ) -> Message:
        """Write a message as a person. The app hears of it where it subscribes to that, or is mentioned."""
        who, where = self._there(user, channel)
        message = self._write(who, where, text, thread_ts=thread_ts, broadcast=broadcast)
        bot = self.world.identity.bot_user
        if f"<@{bot}>" in text and where.im_with is None:
            if bot in where.members:
                self.world.workspace.tell(where, happenings.mentioned(message))
            else:
                hint = Content(text=f"You mentioned <@{bot}>, but they're not in this channel.")
                self.world.workspace.whisper(where, who.id, hint, by=SLACKBOT)
        return message

    def hears_mentions(self, channel: str) -> bool:
        """Whether a mention there is sent to the app; in direct messages it is a message like others."""
        where = self.world.workspace.find_channel(channel)
        return self.world.app.hears("app_mention") and where.im_with is None

    async def mention(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Reply:
        """Write `@opsbot text`, in a thread too, and wait for the bot's answer to that.

        The bot must be in the channel. Raises ValueError where mentions are not sent to the app.
        """
        who, where = self._there(user, channel)
        bot = self.world.identity.bot_user
        if not self.hears_mentions(where.id):
            raise ValueError(f"{self.world.app.name} is not told of mentions here")
        if bot not in where.members:
            raise SlackError("not_in_channel")
        message = self._write(who, where, f"<@{bot}> {text}".rstrip(), thread_ts=thread_ts)
        return await self.event(happenings.mentioned(message))

    def edit(self, user: str, channel: str, ts: str, text: str) -> Message:
        """Write one's own message anew. Raises `cant_update_message` for those of others."""
        who, _, message = self._at(user, channel, ts)
        if message.user != who.id or message.subtype is not None:
            raise SlackError("cant_update_message")
        if not text.strip():
            raise SlackError("no_text")
        self.world.workspace.edit(message, Content(text=text), shown_as_edited=True)
        return message

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message, or any as an administrator. Raises `cant_delete_message`."""
        who, _, message = self._at(user, channel, ts)
        if message.user != who.id and not who.admin:
            raise SlackError("cant_delete_message")
        self.world.workspace.delete(message)

    def react(self, user: str, channel: str, ts: str, name: str, *, remove: bool = False) -> Message:
        """Put an emoji (`eyes`) under a message, or take one's own away."""
        who, _, message = self._at(user, channel, ts)
        change = self.world.workspace.unreact if remove else self.world.workspace.react
        change(message, who.id, name)
        return message

    def pin(self, user: str, channel: str, ts: str, *, remove: bool = False) -> Message:
        """Pin a message to its channel, or take it from there."""
        who, _, message = self._at(user, channel, ts)
        change = self.world.workspace.unpin if remove else self.world.workspace.pin
        change(message, who.id)
        return message

    def join(self, user: str, channel: str) -> Channel:
        """Enter a public channel."""
        workspace = self.world.workspace
        who = workspace.find_user(user)
        where = workspace.seen_by(who.id, channel)
        if where.archived:
            raise SlackError("is_archived")
        if who.id not in where.members:
            channels.enter(workspace, where, who.id)
        return where

    def leave(self, user: str, channel: str) -> Channel:
        """Leave a channel."""
        who, where = self._there(user, channel)
        if where.im_with is not None or where.mpim:
            raise SlackError("method_not_supported_for_channel_type")
        channels.leave(self.world.workspace, where, who.id)
        return where

    def _there(self, user: str, channel: str) -> tuple[User, Channel]:
        """A person and the channel in which they are. Raises `not_in_channel` or `is_archived`."""
        workspace = self.world.workspace
        who = workspace.find_user(user)
        where = workspace.seen_by(who.id, channel)
        if where.archived:
            raise SlackError("is_archived")
        if who.id not in where.members:
            raise SlackError("not_in_channel")
        return who, where

    def _at(self, user: str, channel: str, ts: str) -> tuple[User, Channel, Message]:
        who, where = self._there(user, channel)
        message = where.messages.get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return who, where, message

    def _write(
        self, who: User, where: Channel, text: str, *, thread_ts: str | None, broadcast: bool = False
    ) -> Message:
        app = self.world.app
        if where.im_with is not None and (not app.messages_tab or app.messages_read_only):
            raise SlackError("messages_tab_disabled")
        if not text.strip():
            raise SlackError("no_text")
        if thread_ts is not None and thread_ts not in where.messages:
            raise SlackError("thread_not_found")
        content = Content(text=text)
        return self.world.workspace.post(where, who.id, content, thread_ts=thread_ts, broadcast=broadcast)
