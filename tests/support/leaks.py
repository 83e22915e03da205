"""Where words of a security incident could get out: all that outsiders see, all that vendors are given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from bot.sandbox.slack.dump import dump
from tests.support.harness import World

WORDS = ("zebra", "quagga", "okapi", "dugong", "axolotl", "pangolin", "narwhal", "tapir")
"""What is said of the incident and of nothing else, one word for each way of saying something."""

OUTSIDERS = ("kim", "gus")
"""Who is in no group that an incident calls, and in no private channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A word where it should not be."""

    word: str
    where: str
    text: str

    @override
    def __str__(self) -> str:
        """For a failing test: with some of what stands around it."""
        at = self.text.lower().index(self.word)
        return f"{self.word} in {self.where}: …{self.text[max(0, at - 100) : at + 60]}…"


def leaks(world: World, logs: Iterable[object] = ()) -> list[str]:
    """Every place in which one of the words is read by somebody who should not."""
    places = [
        *((f"what {name} sees", _json(_seen_by(world, name))) for name in OUTSIDERS),
        *_said_where_outsiders_read(world),
        *_files_that_outsiders_open(world),
        *(("PagerDuty", _json(alert.to_json())) for alert in world.alerts()),
        *(("a page", _json(page.to_json())) for page in world.pages()),
        *((f"the name of #{name}", name) for name in _names(world)),
        *(("a log", str(vars(record)) if hasattr(record, "__dict__") else str(record)) for record in logs),
    ]
    found = (
        Leak(word=word, where=where, text=text)
        for where, text in places
        for word in WORDS
        if word in text.lower()
    )
    return [str(leak) for leak in found]


def _seen_by(world: World, name: str) -> dict[str, Any]:
    slack = world.slack
    return dump(slack.world, slack.transport, slack.workspace.find_user(name).id)


def _said_where_outsiders_read(world: World) -> Iterator[tuple[str, str]]:
    """What the bot has ever posted there, also where it has edited it since."""
    workspace = world.slack.workspace
    outsiders = {workspace.find_user(name).id for name in OUTSIDERS}
    for call in world.slack.calls.recent:
        channel = workspace.channels.get(str(call.args.get("channel")))
        to_outsider = str(call.args.get("user")) in outsiders
        if to_outsider or (channel and any(workspace.sees(one, channel) for one in outsiders)):
            yield f"{call.method} to {channel.name if channel else 'an outsider'}", _json(dict(call.args))


def _files_that_outsiders_open(world: World) -> Iterator[tuple[str, str]]:
    workspace = world.slack.workspace
    outsiders = [workspace.find_user(name).id for name in OUTSIDERS]
    for file in workspace.files:
        shared = {channel for channels in file.shares.values() for channel in channels}
        if any(workspace.sees(one, workspace.channels[channel]) for one in outsiders for channel in shared):
            yield f"the file {file.name}", f"{file.name} {file.title} {file.data!r}"
        yield f"the name of the file {file.name}", file.name


def _names(world: World) -> list[str]:
    """A private channel's name gets about: who leaves it, is invited or searches has read it."""
    return [channel.name for channel in world.slack.workspace.channels.values()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
