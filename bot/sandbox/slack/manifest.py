"""The app as it is installed: what its manifest asks Slack for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.slack.scopes import SCOPES, SCOPES_OF_EVENTS

COMMAND_NAME = re.compile(r"/[a-z0-9_\-]{1,31}")
COMMANDS, SHORTCUTS = 50, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command, with what Slack shows of it while one types.

    `escaped`: people, channels and links in its text come with their ids.
    """

    command: str
    description: str
    usage_hint: str = ""
    escaped: bool = False

    def to_json(self) -> dict[str, str]:
        """The command as control shows it."""
        return {
            "command": self.command,
            "description": self.description,
            "usage_hint": self.usage_hint,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut: `kind` is `global` (everywhere) or `message` (in a message's menu)."""

    name: str
    kind: str
    callback_id: str
    description: str = ""

    def to_json(self) -> dict[str, str]:
        """The shortcut as control shows it."""
        return {
            "name": self.name,
            "type": self.kind,
            "callback_id": self.callback_id,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the app may do, and what it is told.

    `commands` and `shortcuts` are None where any is taken. `scopes` are those of the bot's token. Where
    `messages_read_only`, people cannot write to the app.
    """

    name: str = "opsbot"
    scopes: frozenset[str] = SCOPES
    commands: tuple[Command, ...] | None = None
    shortcuts: tuple[Shortcut, ...] | None = None
    events: frozenset[str] = frozenset(SCOPES_OF_EVENTS)
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    interactive: bool = True

    def hears(self, event: str) -> bool:
        """Whether it is told of an event: it subscribes to it, and its token has a scope for it."""
        if event not in self.events:
            return False
        needed = SCOPES_OF_EVENTS.get(event, ())
        return not needed or not self.scopes.isdisjoint(needed)

    def command(self, name: str) -> Command | None:
        """The app's slash command of this name, or None where it has none."""
        if self.commands is None:
            return Command(command=name, description="")
        if "commands" not in self.scopes:
            return None
        return next((command for command in self.commands if command.command == name), None)

    def has_shortcut(self, kind: str, callback_id: str) -> bool:
        """Whether a shortcut is the app's."""
        if self.shortcuts is None:
            return True
        offered = {(shortcut.kind, shortcut.callback_id) for shortcut in self.shortcuts}
        return "commands" in self.scopes and (kind, callback_id) in offered

    def to_json(self) -> dict[str, Any]:
        """The app as control shows it. `any_*` says that what is not listed is taken too."""
        return {
            "name": self.name,
            "scopes": sorted(self.scopes),
            "commands": [command.to_json() for command in self.commands or ()],
            "any_command": self.commands is None,
            "shortcuts": [shortcut.to_json() for shortcut in self.shortcuts or ()],
            "any_shortcut": self.shortcuts is None,
            "events": sorted(self.events),
            "home_tab": self.home_tab,
            "messages_tab": self.messages_tab,
            "messages_read_only": self.messages_read_only,
            "interactive": self.interactive,
        }


def read(path: Path) -> App:
    """The app of a manifest's JSON file. Raises ValueError, which names the file and the field."""
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as wrong:
        raise ValueError(f"{path}: {wrong}") from wrong


def parse(manifest: object) -> App:
    """The app that a manifest describes, by Slack's rules. Raises ValueError, which names the field."""
    root = _Part(manifest, "manifest")
    features, settings = root.part("features"), root.part("settings")
    home = features.part("app_home")
    name = root.part("display_information").text("name", 35, required=True)
    return App(
        name=features.part("bot_user").text("display_name", 80) or name,
        scopes=frozenset(root.part("oauth_config").part("scopes").words("bot")),
        commands=tuple(_commands(features.parts("slash_commands", COMMANDS))),
        shortcuts=tuple(_shortcut(part) for part in features.parts("shortcuts", SHORTCUTS)),
        events=frozenset(settings.part("event_subscriptions").words("bot_events")),
        home_tab=home.flag("home_tab_enabled"),
        messages_tab=home.flag("messages_tab_enabled"),
        messages_read_only=home.flag("messages_tab_read_only_enabled"),
        interactive=settings.part("interactivity").flag("is_enabled"),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """An object in the manifest, and how one gets there. What is not there counts as empty."""

    value: object
    path: str

    def part(self, key: str) -> _Part:
        return _Part(self._get(key) or {}, self._at(key))

    def parts(self, key: str, most: int) -> list[_Part]:
        found = self._list(key)
        if len(found) > most:
            raise ValueError(f"{self._at(key)}: Slack takes at most {most}")
        return [_Part(item, f"{self._at(key)}[{index}]") for index, item in enumerate(found)]

    def words(self, key: str) -> list[str]:
        found = self._list(key)
        for item in found:
            if not isinstance(item, str):
                raise ValueError(f"{self._at(key)}: {item!r} is not a string")  # noqa: TRY004 - a file's fault
        return [str(item) for item in found]

    def text(self, key: str, longest: int, *, required: bool = False) -> str:
        found = self._get(key)
        if found is None and not required:
            return ""
        if not isinstance(found, str) or (required and not found):
            raise ValueError(f"{self._at(key)} must be a text")
        if len(found) > longest:
            raise ValueError(f"{self._at(key)} has {len(found)} characters, Slack takes {longest}")
        return found

    def flag(self, key: str) -> bool:
        found = self._get(key)
        if found is not None and not isinstance(found, bool):
            raise ValueError(f"{self._at(key)} must be true or false")
        return bool(found)

    def _get(self, key: str) -> object:
        if not isinstance(self.value, Mapping):
            raise ValueError(f"{self.path} must be an object")  # noqa: TRY004 - a file's fault, not the code's
        return self.value.get(key)

    def _list(self, key: str) -> list[object]:
        found = self._get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise ValueError(f"{self._at(key)} must be a list")  # noqa: TRY004 - a file's fault
        return found

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}"


def _commands(parts: Iterable[_Part]) -> Iterable[Command]:
    seen = set()
    for part in parts:
        name = part.text("command", 32, required=True)
        if not COMMAND_NAME.fullmatch(name):
            raise ValueError(f"{part.path}.command: {name!r} must be / and lower case letters or digits")
        if name in seen:
            raise ValueError(f"{part.path}.command: {name} is there twice")
        seen.add(name)
        yield Command(
            command=name,
            description=part.text("description", 2000, required=True),
            usage_hint=part.text("usage_hint", 1000),
            escaped=part.flag("should_escape"),
        )


def _shortcut(part: _Part) -> Shortcut:
    kind = part.text("type", 7, required=True)
    if kind not in {"global", "message"}:
        raise ValueError(f"{part.path}.type: {kind!r} must be global or message")
    return Shortcut(
        name=part.text("name", 24, required=True),
        kind=kind,
        callback_id=part.text("callback_id", 255, required=True),
        description=part.text("description", 150, required=True),
    )
