"""What people do and see in Slack, as a story tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.messages import Content, Message

OPS = "platform-alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as it was when it was looked at; its thread is always that of now."""

    slack: SlackStandIn
    message: Message
    content: Content

    @classmethod
    def of(cls, slack: SlackStandIn, message: Message) -> Card:
        """The card as it is now."""
        return cls(slack=slack, message=message, content=message.content)

    @property
    def text(self) -> str:
        return readable(self.content)

    @property
    def channel(self) -> str:
        """The name of the channel in which it stands."""
        return self.slack.workspace.channels[self.message.channel].name

    @property
    def thread(self) -> list[str]:
        """What was said in its thread, oldest first."""
        return [readable(reply.content) for reply in self._replies()]

    @property
    def loud(self) -> list[str]:
        """What of its thread the channel shows as well."""
        return [readable(reply.content) for reply in self._replies() if reply.broadcast]

    @property
    def prompts(self) -> list[Card]:
        """What of its thread has buttons, or had, oldest first."""
        return [Card.of(self.slack, reply) for reply in self._replies() if _was_asked(reply)]

    @property
    def labels(self) -> list[str]:
        """What can be pressed or chosen."""
        return [label for label, _, _ in self._elements()]

    def says(self, text: str) -> bool:
        return text in self.text

    def find(self, label: str) -> tuple[str, str]:
        """The action id and value of the first element whose label begins so."""
        for shown, action_id, value in self._elements():
            if shown.startswith(label):
                return action_id, value
        raise AssertionError(f"there is no {label!r} on the card, only {self.labels}")

    def _elements(self) -> Iterator[tuple[str, str, str]]:
        for element in _interactive(self.content):
            if element["type"] == "button":
                yield element["text"]["text"], element["action_id"], element["value"]
            for option in element.get("options", ()):
                yield option["text"]["text"], element["action_id"], option["value"]

    def _replies(self) -> list[Message]:
        return self.slack.workspace.channels[self.message.channel].replies(self.message.ts)


class Scene(Protocol):
    """Where people act: Slack, the card that they look at, and a way to let happen what follows."""

    @property
    def slack(self) -> SlackStandIn: ...

    def card(self, number: int | None = None) -> Card: ...

    async def settle(self) -> None: ...


class Person:
    """Somebody in the workspace. When they have acted, what follows from it at once has happened."""

    def __init__(self, scene: Scene, name: str) -> None:
        self._scene = scene
        self.name = name

    async def types(self, line: str, *, channel: str = OPS) -> Reply:
        """Enter a slash command."""
        command, _, text = line.partition(" ")
        reply = await self._scene.slack.command(self.name, channel, command, text)
        await self._scene.settle()
        return reply

    async def presses(self, label: str, *, card: Card | None = None) -> Reply:
        """Press a button, or choose from the menu, by how its label begins.

        `card` may have been looked at earlier: what is pressed is the button of then.
        """
        seen = card or self._scene.card()
        action_id, value = seen.find(label)
        message, shown = seen.message, seen.message.content
        message.content = seen.content
        where = (message.channel, message.ts)
        reply = await self._scene.slack.click(self.name, *where, action_id, value)
        if seen.content is not shown:
            message.content = shown
        await self._scene.settle()
        return reply

    async def sends(self, **values: object) -> Reply:
        """Send the form that is open, with these values and what is filled in already."""
        reply = await self._scene.slack.submit(self.name, values)
        await self._scene.settle()
        return reply

    async def changes_severity(self, severity: str, *, card: Card | None = None) -> None:
        """Choose another severity from the card's menu."""
        await self.presses("Severity", card=card)
        await self.sends(severity=severity)

    async def does_more(self, what: str, words: str = "", *, card: Card | None = None) -> None:
        """Choose one of the things behind "More" in the card's menu, with words."""
        await self.presses("More", card=card)
        await self.sends(what=what, words=words)

    async def mentions(self, text: str, *, thread: Card | None = None, channel: str = OPS) -> Reply:
        """Write `@opsbot text`, in a card's thread where one is given."""
        where = thread.message.channel if thread else channel
        ts = thread.message.ts if thread else None
        reply = await self._scene.slack.mention(self.name, where, text, thread_ts=ts)
        await self._scene.settle()
        return reply

    @property
    def sees(self) -> list[str]:
        """What only this person sees, oldest first."""
        return [readable(message.content) for message in self._scene.slack.ephemerals(self.name)]


def readable(content: Content) -> str:
    """Everything that is shown as text."""
    return "\n".join([content.text, *_texts(content.blocks)])


def is_card(message: Message) -> bool:
    """Whether the message has an incident's buttons."""
    return any(block.get("block_id") == "incident.actions" for block in message.blocks)


def is_alert_card(message: Message) -> bool:
    """Whether the message shows an alert group: what is over has no buttons, so its metadata tell."""
    return _key_of(message).startswith("alert/")


def is_run_card(message: Message) -> bool:
    """Whether the message shows a run of a checklist."""
    return _key_of(message).startswith("run/")


def is_change_card(message: Message) -> bool:
    """Whether the message shows a change of production."""
    return _key_of(message).startswith("change/")


def _key_of(message: Message) -> str:
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key"))


def _was_asked(message: Message) -> bool:
    texts = readable(message.content)
    return (
        any(block["type"] == "actions" for block in message.blocks)
        or "ow do things stand" in texts
        or "still on it?" in texts
    )


def _interactive(content: Content) -> Iterator[Mapping[str, Any]]:
    for block in content.blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        elif "accessory" in block:
            yield block["accessory"]


def _texts(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The texts of blocks, without those of buttons."""
    for block in blocks:
        for part in (block.get("text"), *block.get("fields", ()), *_elements_that_read(block)):
            if isinstance(part, Mapping) and isinstance(part.get("text"), str):
                yield part["text"]


def _elements_that_read(block: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    elements: Iterable[Mapping[str, Any]] = block["elements"] if block.get("type") == "context" else ()
    return elements
