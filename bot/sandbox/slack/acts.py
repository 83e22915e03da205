"""What people do, by remote control."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.sender import Sender

Body = dict[str, Any]
Answer = Mapping[str, Any]
OK: Answer = {"ok": True}


class Acts:
    """A method each for what people do; it takes a request's body and answers with what came of it.

    What is sent to the bot is answered with its reply; a change in the workspace with what it is about now.
    """

    def __init__(self, people: Sender) -> None:
        self._people = people

    def every(self) -> Mapping[str, Callable[[Body], Awaitable[Answer]]]:
        """All of them, by name."""
        acts = (
            self.command,
            self.click,
            self.act,
            self.submit,
            self.close,
            self.shortcut,
            self.home,
            self.say,
            self.mention,
            self.edit,
            self.delete,
            self.react,
            self.pin,
            self.join,
            self.leave,
        )
        return {act.__name__: act for act in acts}

    async def command(self, body: Body) -> Answer:
        """`user`, `channel`, `command`, `text`: a slash command."""
        text = str(body.get("text", ""))
        return _told(await self._people.command(body["user"], body["channel"], body["command"], text))

    async def click(self, body: Body) -> Answer:
        """`user`, `channel`, `ts`, `action_id`, `value`, `values`: an element of a message."""
        return _told(
            await self._people.click(
                body["user"],
                body["channel"],
                body["ts"],
                body["action_id"],
                body.get("value"),
                values=body.get("values") or {},
            )
        )

    async def act(self, body: Body) -> Answer:
        """`user`, `action_id`, `value`, `values`, `view_id`: an element of a modal, or of the Home tab."""
        return _told(
            await self._people.act(
                body["user"],
                body["action_id"],
                body.get("value"),
                view_id=body.get("view_id"),
                values=body.get("values") or {},
            )
        )

    async def submit(self, body: Body) -> Answer:
        """`user`, `values`, `view_id`: a modal's submission."""
        values = body.get("values") or {}
        return _told(await self._people.submit(body["user"], values, view_id=body.get("view_id")))

    async def close(self, body: Body) -> Answer:
        """`user`, `view_id`: a modal's cancelling."""
        reply = await self._people.close_view(body["user"], view_id=body.get("view_id"))
        return _told(reply) if reply else OK

    async def shortcut(self, body: Body) -> Answer:
        """`user`, `callback_id`: a global shortcut; with `channel` and `ts`, one of that message."""
        user, callback_id = body["user"], body["callback_id"]
        if body.get("channel") is None:
            return _told(await self._people.global_shortcut(user, callback_id))
        return _told(await self._people.shortcut(user, body["channel"], body["ts"], callback_id))

    async def home(self, body: Body) -> Answer:
        """`user`, `tab`: the Home tab (or the app's `messages`), opened."""
        reply = await self._people.home(body["user"], tab=str(body.get("tab", "home")))
        return _told(reply) if reply else OK

    async def say(self, body: Body) -> Answer:
        """`user`, `channel`, `text`, `thread_ts`, `broadcast`: a message."""
        message = self._people.say(
            body["user"],
            body["channel"],
            body["text"],
            thread_ts=body.get("thread_ts"),
            broadcast=bool(body.get("broadcast")),
        )
        return {"message": message.to_json()}

    async def mention(self, body: Body) -> Answer:
        """`user`, `channel`, `text`, `thread_ts`: a message that mentions the bot."""
        user, channel, text, thread_ts = body["user"], body["channel"], body["text"], body.get("thread_ts")
        if self._people.hears_mentions(channel):
            return _told(await self._people.mention(user, channel, text, thread_ts=thread_ts))
        words = f"<@{self._people.world.identity.bot_user}> {text}".rstrip()
        message = self._people.say(user, channel, words, thread_ts=thread_ts)
        return {**OK, "message": message.to_json()}

    async def edit(self, body: Body) -> Answer:
        """`user`, `channel`, `ts`, `text`: one's own message, written anew."""
        message = self._people.edit(body["user"], body["channel"], body["ts"], body["text"])
        return {"message": message.to_json()}

    async def delete(self, body: Body) -> Answer:
        """`user`, `channel`, `ts`: one's own message, deleted."""
        self._people.delete(body["user"], body["channel"], body["ts"])
        return OK

    async def react(self, body: Body) -> Answer:
        """`user`, `channel`, `ts`, `name`, `remove`: an emoji under a message."""
        remove = bool(body.get("remove"))
        message = self._people.react(
            body["user"], body["channel"], body["ts"], body["name"].strip(":"), remove=remove
        )
        return {"message": message.to_json()}

    async def pin(self, body: Body) -> Answer:
        """`user`, `channel`, `ts`, `remove`: a message pinned to its channel."""
        remove = bool(body.get("remove"))
        message = self._people.pin(body["user"], body["channel"], body["ts"], remove=remove)
        return {"message": self._people.world.workspace.message_json(message)}

    async def join(self, body: Body) -> Answer:
        """`user`, `channel`: a public channel, entered."""
        return self._channel(self._people.join(body["user"], body["channel"]))

    async def leave(self, body: Body) -> Answer:
        """`user`, `channel`: a channel, left."""
        return self._channel(self._people.leave(body["user"], body["channel"]))

    def _channel(self, channel: Channel) -> Answer:
        return {"channel": channel.state(self._people.world.identity.bot_user)}


def _told(reply: Reply) -> Answer:
    return reply.to_json()
