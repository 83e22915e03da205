"""Who is on call for a tier."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actor import PAGERDUTY, Actor
from bot.domain.guide import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is on call for a tier; `people` may be nobody.

    Those whom the workspace does not know are there by their names alone. `asked` says whether the paging
    service said so, and not the guide.
    """

    tier: str
    people: tuple[Actor, ...]
    asked: bool

    @property
    def known(self) -> tuple[Actor, ...]:
        """Those who can be mentioned, and can do something here."""
        return tuple(one for one in self.people if one.id != PAGERDUTY)


def only_person(tier: Tier) -> str | None:
    """The id of the one person whom the guide names for a tier; None where it names several, or groups."""
    people = tier.mention.people
    return people[0] if len(people) == 1 and not tier.mention.groups else None
