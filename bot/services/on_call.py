"""Says who is on call: by the paging service, as people whom the workspace knows; else by the guide."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.domain.actor import PAGERDUTY, Actor, pagerduty_person
from bot.domain.directory import Directory, Via
from bot.domain.on_call import Duty, Shift, Turn, only_person, rota
from bot.ports.failures import PermanentFailure
from bot.ports.on_call import Colleagues, OnCall, OnCallPerson

AHEAD = timedelta(days=28)
"""How far is looked for who comes next."""

_log = logging.getLogger(__name__)


class WhoIsOnCall:
    """Asks for the tiers of the guide."""

    def __init__(
        self,
        *,
        on_call: OnCall,
        colleagues: Colleagues,
        directory: Directory,
        name_of: Callable[[str], str | None],
        is_outsider: Callable[[str], bool],
        members: Callable[[str], Iterable[str] | None],
    ) -> None:
        self._on_call = on_call
        self._colleagues = colleagues
        self._directory = directory
        self._name_of = name_of
        self._is_outsider = is_outsider
        self._members = members

    async def ask(self, tier: str) -> Duty:
        """Who the paging service says is on call. Raises DeliveryFailure's subclasses.

        Those whom the workspace does not know, or as guests only, are there by their names.
        """
        via = self._via(tier)
        found = await self._on_call.who(via.tier, via.level)
        people = [await self._actor(person) for person in found]
        return Duty(tier=tier, people=tuple(people), asked=True)

    async def rota(self, tier: str, now: datetime) -> tuple[tuple[Shift, ...], tuple[Shift, ...]]:
        """Who the paging service has on call now, and who comes next within `AHEAD`.

        Raises DeliveryFailure's subclasses. Those whom the workspace does not know are there by their names.
        """
        via, until = self._via(tier), now + AHEAD
        found = rota(await self._on_call.turns(via.tier, via.level, since=now, until=until), now, until)
        known = {turn.email: await self._colleague(turn.email) for turn in (*found.now, *found.next)}
        return (
            tuple(_shift(turn, known[turn.email]) for turn in found.now),
            tuple(_shift(turn, known[turn.email]) for turn in found.next),
        )

    def meant_by_guide(self, tier: str) -> tuple[Actor, ...]:
        """Everybody whom the guide mentions for a tier, by themselves or in a group whose members are known.

        The one whom the paging service calls is among them, where the guide is up to date.
        """
        mention = self._directory.guide.tiers[tier].mention
        of_groups = (person for group in mention.groups for person in sorted(self._members(group) or ()))
        meant = (one for one in dict.fromkeys((*mention.people, *of_groups)) if self._is_there(one))
        return tuple(Actor(id=one, name=self._name_of(one) or one) for one in meant)

    def by_guide(self, tier: str) -> Duty:
        """Who the guide says is reached for a tier, where that is one person.

        Many a company keeps a user group of whoever is on call, which has one member then.
        """
        found = self._directory.guide.tiers.get(tier)
        person = only_person(found.mention, self._members, self._is_there) if found else None
        if person is None:
            return Duty(tier=tier, people=(), asked=False)
        name = self._name_of(person) or person
        return Duty(tier=tier, people=(Actor(id=person, name=name),), asked=False)

    def _is_there(self, user: str) -> bool:
        return not self._is_outsider(user)

    def _via(self, tier: str) -> Via:
        """Whom the paging service is asked for. Raises PermanentFailure."""
        via = self._directory.via(tier)
        if via is None:
            title = self._directory.guide.tiers[tier].title if tier in self._directory.guide.tiers else tier
            raise PermanentFailure(f"{title} {self._directory.why_unreached(tier)}.")
        return via

    async def _actor(self, person: OnCallPerson) -> Actor:
        return await self._colleague(person.email) or pagerduty_person(person.name)

    async def _colleague(self, email: str | None) -> Actor | None:
        """Who of the workspace has this address. Raises DeliveryFailure's subclasses."""
        if email is None:
            return None
        try:
            return await self._colleagues.by_email(email)
        except PermanentFailure as failure:
            _log.warning("who is on call cannot be found in Slack: %s", failure.reason)
            return None


def _shift(turn: Turn, known: Actor | None) -> Shift:
    who = known or Actor(id=PAGERDUTY, name=turn.name)
    return Shift(who=who, zone=turn.zone, starts=turn.starts, ends=turn.ends)
