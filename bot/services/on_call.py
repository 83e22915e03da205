"""Says who is on call: by the paging service, as people whom the workspace knows; else by the guide."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from bot.domain.actor import Actor, pagerduty_person
from bot.domain.directory import Directory
from bot.domain.on_call import Duty, only_person
from bot.ports.failures import PermanentFailure
from bot.ports.on_call import Colleagues, OnCall, OnCallPerson

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
        via = self._directory.via(tier)
        if via is None:
            title = self._directory.guide.tiers[tier].title if tier in self._directory.guide.tiers else tier
            raise PermanentFailure(f"{title} {self._directory.why_unreached(tier)}.")
        found = await self._on_call.who(via.tier, via.level)
        people = [await self._actor(person) for person in found]
        return Duty(tier=tier, people=tuple(people), asked=True)

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

    async def _actor(self, person: OnCallPerson) -> Actor:
        if person.email is not None:
            try:
                known = await self._colleagues.by_email(person.email)
            except PermanentFailure as failure:
                _log.warning("who is on call cannot be found in Slack: %s", failure.reason)
            else:
                if known is not None:
                    return known
        return pagerduty_person(person.name)
