"""The people of the Slack workspace: their names, who is a guest, and who is in the guide's groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Effect, Errand, code_of
from bot.adapters.slack.pages import every_page
from bot.domain.actor import Actor
from bot.ports.failures import PermanentFailure
from bot.ports.on_call import Colleagues

_WHO = Errand(method="auth.test", effect=Effect.READS)
_PEOPLE = Errand(method="users.list", effect=Effect.READS)
_BY_EMAIL = Errand(method="users.lookupByEmail", effect=Effect.READS)
_MEMBERS = Errand(method="usergroups.users.list", effect=Effect.READS)

_UNKNOWN = "users_not_found"


class SlackPeople(Colleagues):
    """Everybody in the workspace; nobody until `load` or `from_json`."""

    name = "slack/people"

    def __init__(self, connection: SlackConnection) -> None:
        self._connection = connection
        self._names: dict[str, str] = {}
        self._outsiders: frozenset[str] = frozenset()
        self._by_email: dict[str, Actor] = {}
        self.problems: tuple[str, ...] = ()

    def name_of(self, user_id: str) -> str | None:
        """The name under which people know a user; None for one who is not known (yet)."""
        return self._names.get(user_id)

    def is_outsider(self, user_id: str) -> bool:
        """Whether a user is a guest, of another workspace, or gone. False for one who is not known."""
        return user_id in self._outsiders

    @override
    async def by_email(self, email: str) -> Actor | None:
        """Slack is asked once for whom it knows, until everybody is read again."""
        known = self._by_email.get(email.casefold())
        if known is None:
            known = await self._looked_up(email)
            if known is None:
                return None
            self._by_email[email.casefold()] = known
        return None if self.is_outsider(known.id) else known

    async def load(self) -> None:
        """Read everybody from Slack. Raises DeliveryFailure's subclasses, and changes nothing then."""
        home = await self._connection.call(_WHO)
        try:
            people = await every_page(self._connection, _PEOPLE, "members")
        except PermanentFailure as failure:
            self.problems = (f"People cannot be listed, and guests not told apart: {failure.reason}",)
            return
        self._names = {person["id"]: _name(person) for person in people}
        self._outsiders = frozenset(person["id"] for person in people if _is_outsider(person, home))
        self._by_email = {}
        self.problems = ()

    async def _looked_up(self, email: str) -> Actor | None:
        try:
            answer = await self._connection.call(_BY_EMAIL, email=email)
        except PermanentFailure as failure:
            if code_of(failure) == _UNKNOWN:
                return None
            raise
        person = answer["user"]
        if _is_outsider(person, await self._connection.call(_WHO)):
            return None
        return Actor(id=person["id"], name=_name(person))

    def to_json(self) -> str:
        """Who is no member: what must be known even where a start finds no Slack. Names can wait."""
        return json.dumps(sorted(self._outsiders))

    def from_json(self, text: str) -> None:
        """Take up what `to_json` wrote."""
        self._outsiders = frozenset(_texts(text))


class SlackGroups:
    """Who is in which of the guide's user groups; nobody until `load` or `from_json`."""

    name = "slack/groups"

    def __init__(self, connection: SlackConnection, groups: Iterable[str]) -> None:
        self._connection = connection
        self._groups = tuple(dict.fromkeys(groups))
        self._members: dict[str, frozenset[str]] = {}
        self.problems: tuple[str, ...] = ()

    def members(self, group: str) -> frozenset[str] | None:
        """The ids of those who are in a group; None where Slack has not told (yet)."""
        return self._members.get(group)

    async def load(self) -> None:
        """Read each group from Slack. A group that Slack refuses to tell keeps who was in it.

        Raises DeliveryFailure's subclasses where Slack cannot be asked.
        """
        problems: list[str] = []
        for group in self._groups:
            try:
                answer = await self._connection.call(_MEMBERS, usergroup=group)
            except PermanentFailure as failure:
                problems.append(f"The guide's user group {group} cannot be read: {failure.reason}")
                continue
            self._members[group] = frozenset(answer.get("users") or ())
        self.problems = tuple(problems)

    def to_json(self) -> str:
        """The members by group, as text."""
        return json.dumps({group: sorted(members) for group, members in sorted(self._members.items())})

    def from_json(self, text: str) -> None:
        """Take up what `to_json` wrote, for groups that the guide still names."""
        try:
            kept = json.loads(text)
            members = {group: frozenset(map(str, users)) for group, users in kept.items()}
        except (ValueError, TypeError, AttributeError):
            return
        self._members = {group: members[group] for group in self._groups if group in members}


def _name(person: Mapping[str, Any]) -> str:
    profile = person.get("profile") or {}
    shown = profile.get("display_name") or profile.get("real_name") or person.get("real_name")
    return str(shown or person.get("name") or person["id"])


def _is_outsider(person: Mapping[str, Any], home: Mapping[str, Any]) -> bool:
    """In an organization of several workspaces its people are at home in each of them."""
    if person.get("is_restricted") or person.get("is_ultra_restricted") or person.get("deleted"):
        return True
    organization = home.get("enterprise_id")
    if organization and (person.get("enterprise_user") or {}).get("enterprise_id") == organization:
        return False
    return bool(person.get("is_stranger")) or person.get("team_id", home["team_id"]) != home["team_id"]


def _texts(text: str) -> Iterable[str]:
    try:
        kept = json.loads(text)
    except ValueError:
        return ()
    return map(str, kept) if isinstance(kept, list) else ()
