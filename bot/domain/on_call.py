"""Who is on call for a tier."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.actor import PAGERDUTY, Actor
from bot.domain.guide import Mention


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


def only_person(
    mention: Mention, members: Callable[[str], Iterable[str] | None], is_there: Callable[[str], bool]
) -> str | None:
    """The id of the one person who is meant, by themselves or as all that is left of a group.

    Who is not there does not count. None where several are meant, or where a group's members are not known.
    """
    meant = set(mention.people)
    for group in mention.groups:
        of_group = members(group)
        if of_group is None:
            return None
        meant.update(of_group)
    there = [one for one in meant if is_there(one)]
    return there[0] if len(there) == 1 else None
