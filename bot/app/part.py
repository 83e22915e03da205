"""A part of the bot: what it has to offer to those who come in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.actions.incident import Press
from handlers.bolt import BodyHandler, FormHandler, SlashHandler
from handlers.commands.doers import Doers
from handlers.events.spoken import Spoken
from handlers.http import Get, Post

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is done now and then: `do`, every so many seconds; at `first` after fewer."""

    every: float
    name: str
    do: Callable[[], Awaitable[object]]
    first: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Who takes what.

    In Slack: lines of `/incident` (`doers`), buttons that stand elsewhere than on an incident's card by
    their action ids, other slash commands by name, what is said in mentions and direct messages by its
    first word (`spoken`), other buttons by the first word of their action ids,
    entries of a message's menu and forms by callback, events by what is subscribed to. Over HTTP: `posts`
    and `gets`, by path. And what is done now and then, by a process that works.
    """

    doers: tuple[Doers, ...] = ()
    buttons: Mapping[str, Press] = field(default_factory=dict)
    commands: Mapping[str, SlashHandler] = field(default_factory=dict)
    spoken: Mapping[str, Spoken] = field(default_factory=dict)
    actions: Mapping[str, BodyHandler] = field(default_factory=dict)
    shortcuts: Mapping[str, BodyHandler] = field(default_factory=dict)
    forms: Mapping[str, FormHandler] = field(default_factory=dict)
    events: Mapping[str, BodyHandler] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    gets: Mapping[str, Get] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()


def together(parts: Iterable[Part]) -> Part:
    """All parts as one. Nothing is taken by two."""
    given = tuple(parts)
    return Part(
        doers=tuple(one for part in given for one in part.doers),
        buttons=_joined(part.buttons for part in given),
        commands=_joined(part.commands for part in given),
        spoken=_joined(part.spoken for part in given),
        actions=_joined(part.actions for part in given),
        shortcuts=_joined(part.shortcuts for part in given),
        forms=_joined(part.forms for part in given),
        events=_joined(part.events for part in given),
        posts=_joined(part.posts for part in given),
        gets=_joined(part.gets for part in given),
        jobs=tuple(job for part in given for job in part.jobs),
    )


def _joined(given: Iterable[Mapping[str, V]]) -> Mapping[str, V]:
    joined: dict[str, V] = {}
    for one in given:
        assert not joined.keys() & one.keys(), f"two parts take {sorted(joined.keys() & one.keys())}"
        joined.update(one)
    return joined
