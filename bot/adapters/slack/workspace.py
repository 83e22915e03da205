"""The guide's channels in the Slack workspace: ids, and who can read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Effect, Errand
from bot.adapters.slack.pages import every_page
from bot.domain.card import MessageRef
from bot.domain.guide import Channel
from bot.ports.failures import PermanentFailure
from bot.ports.workspace import Workspace

SCOPES = {
    "chat:write": "posting",
    "channels:read": "finding public channels",
    "groups:read": "finding private channels",
    "channels:history": "finding a message again after a broken connection",
    "groups:history": "finding a message again after a broken connection",
    "commands": "slash commands",
    "im:history": "answering direct messages",
    "users:read": "people's names, and who is a guest",
    "usergroups:read": "who is in the guide's groups",
    "users:read.email": "who is on call",
}
"""What the bot's token must be allowed, and for what."""

_WHO = Errand(method="auth.test", effect=Effect.READS)
_LIST = Errand(method="conversations.list", effect=Effect.READS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A channel as Slack shows it, and the kind of channel among which it is listed.

    `private`: only invited people of this workspace can read it.
    """

    id: str
    name: str
    kind: str
    private: bool
    member: bool


class SlackWorkspace(Workspace):
    """What Slack says of the guide's channels; empty until `load` or `from_json`.

    `problems` are what the last `load` found amiss, one line each for an operator. `secret` is the key of the
    channel that should be private.
    """

    name = "slack/workspace"

    def __init__(
        self, connection: SlackConnection, channels: Iterable[Channel], *, secret: str | None = None
    ) -> None:
        self._connection = connection
        self._channels = tuple(channels)
        self._secret = secret
        self._team_id: str | None = None
        self._url: str | None = None
        self._places: dict[str, _Place] = {}
        self._told: frozenset[str] = frozenset()
        self._open: frozenset[str] = frozenset()
        self.bot_user_id: str | None = None
        self.bot_id: str | None = None
        self.problems: tuple[str, ...] = ()

    @property
    @override
    def team_id(self) -> str | None:
        return self._team_id

    @override
    def channel_id(self, key: str) -> str | None:
        place = self._places.get(key)
        return place.id if place else None

    @override
    def channel_key(self, channel_id: str) -> str | None:
        return next((key for key, place in self._places.items() if place.id == channel_id), None)

    @override
    def url(self, at: MessageRef) -> str | None:
        if self._url is None:
            return None
        return f"{self._url.rstrip('/')}/archives/{at.channel}/p{at.ts.replace('.', '')}"

    @override
    def is_private(self, key: str) -> bool:
        place = self._places.get(key)
        return place is not None and place.private and key in self._told

    @override
    def is_open(self, channel_id: str) -> bool:
        return channel_id in self._open

    @override
    def is_privacy_known(self, key: str) -> bool:
        return key in self._told

    async def load(self) -> None:
        """Read it from Slack. Raises DeliveryFailure's subclasses, and changes nothing then.

        Of a kind of channels that cannot be listed, those that were known stay known.
        """
        who = await self._connection.call(_WHO)
        problems = list(_scope_problems(who))
        found: dict[str, _Place] = {}
        told: set[str] = set()
        for kind in ("public_channel", "private_channel"):
            try:
                listed = await every_page(
                    self._connection, _LIST, "channels", types=kind, exclude_archived=True
                )
                found |= {place.name: place for place in (_place(one, kind) for one in listed)}
                told |= {one["name"] for one in listed}
            except PermanentFailure as failure:
                found = self._known(kind) | found
                problems.append(f"{kind.replace('_', ' ')}s cannot be listed: {failure.reason}")
        self._team_id, self.bot_user_id, self.bot_id = who["team_id"], who["user_id"], who.get("bot_id")
        self._url = who.get("url")
        self._places = {one.key: found[one.name] for one in self._channels if one.name in found}
        self._open = frozenset(place.id for place in found.values() if not place.private)
        self._told = frozenset(one.key for one in self._channels if one.name in told)
        self.problems = (*problems, *self._channel_problems())

    def to_json(self) -> str:
        """What is known, as text."""
        return json.dumps(
            {
                "team_id": self._team_id,
                "url": self._url,
                "bot_user_id": self.bot_user_id,
                "bot_id": self.bot_id,
                "channels": {key: asdict(place) for key, place in self._places.items()},
            },
            sort_keys=True,
        )

    def from_json(self, text: str) -> None:
        """Take up what `to_json` wrote, for channels that the guide still names so; else nothing."""
        try:
            kept = json.loads(text)
            places = {key: _Place(**place) for key, place in kept["channels"].items()}
            team_id, user_id, bot_id = kept["team_id"], kept["bot_user_id"], kept["bot_id"]
        except (ValueError, TypeError, KeyError, AttributeError):
            return
        self._team_id, self.bot_user_id, self.bot_id = team_id, user_id, bot_id
        self._url = kept.get("url")
        named = {channel.key: channel.name for channel in self._channels}
        self._places = {key: place for key, place in places.items() if named.get(key) == place.name}

    def _known(self, kind: str) -> dict[str, _Place]:
        return {place.name: place for place in self._places.values() if place.kind == kind}

    def _channel_problems(self) -> Iterator[str]:
        for channel in self._channels:
            place = self._places.get(channel.key)
            if place is None:
                yield f"Slack shows the bot no channel #{channel.name}: create it, or invite the bot to it."
                continue
            if not place.member:
                yield f"The bot is not in #{channel.name}: invite the bot to #{channel.name}."
            if channel.key == self._secret and channel.key in self._told and not place.private:
                yield f"#{channel.name} is public: security incidents show no details there. Make it private."


def _place(channel: Mapping[str, Any], kind: str) -> _Place:
    shared = bool(channel.get("is_ext_shared"))
    return _Place(
        id=channel["id"],
        name=channel["name"],
        kind=kind,
        private=bool(channel.get("is_private")) and not shared,
        member=bool(channel.get("is_member")),
    )


def _scope_problems(who: Mapping[str, Any]) -> Iterator[str]:
    scopes = who.get("oauth_scopes")
    if scopes is None:
        return
    granted = {scope.strip() for scope in scopes.split(",")}
    for scope, purpose in SCOPES.items():
        if scope not in granted:
            yield f"The bot's token lacks the scope {scope} ({purpose}): add it and reinstall the app."
