"""Who is on call for a tier."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch of time in which the paging service has somebody on call, by its name of them.

    `zone` is where their clock stands, `email` their address, where it tells. Without `starts` or `ends` they
    were always, or will always be.
    """

    name: str
    email: str | None = None
    zone: tzinfo | None = None
    starts: datetime | None = None
    ends: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether they are on call then; at `ends` it is the next one's turn."""
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Who is on call at an instant, and who comes next: those who take over first, of whom is not there."""

    now: tuple[Turn, ...] = ()
    next: tuple[Turn, ...] = ()


def rota(turns: Iterable[Turn], now: datetime, until: datetime) -> Rota:
    """Who is there `now`, and who comes next, of what is known up to `until`.

    Somebody's turns that follow one another count as one. What ends at `until` or later may go on: that end
    is not known.
    """
    known = [_known_end(turn, until) for turn in _joined(turns)]
    there = tuple(turn for turn in known if turn.covers(now))
    names = {(turn.name, turn.email) for turn in there}
    coming = [turn for turn in known if turn.starts is not None and turn.starts > now]
    coming = [turn for turn in coming if (turn.name, turn.email) not in names]
    first = min((turn.starts for turn in coming if turn.starts is not None), default=None)
    return Rota(now=there, next=tuple(turn for turn in coming if turn.starts == first))


def _joined(turns: Iterable[Turn]) -> list[Turn]:
    """Each person's turns, those that touch or overlap as one, in the order in which they begin."""
    joined: dict[tuple[str, str | None], list[Turn]] = {}
    for turn in sorted(turns, key=_begin):
        own = joined.setdefault((turn.name, turn.email), [])
        last = own[-1] if own else None
        if last is None or (last.ends is not None and turn.starts is not None and last.ends < turn.starts):
            own.append(turn)
        else:
            ends = None if last.ends is None or turn.ends is None else max(last.ends, turn.ends)
            own[-1] = replace(last, ends=ends)
    return [turn for own in joined.values() for turn in own]


def _begin(turn: Turn) -> float:
    return -math.inf if turn.starts is None else turn.starts.timestamp()


def _known_end(turn: Turn, until: datetime) -> Turn:
    return replace(turn, ends=None) if turn.ends is not None and turn.ends >= until else turn


class Source(StrEnum):
    """Who says who is on call."""

    PAGERDUTY = "pagerduty"
    GUIDE = "guide"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Somebody's time on call: where their clock stands, and from when until when, as far as is known."""

    who: Actor
    zone: tzinfo | None = None
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDuty:
    """Who is on call for a tier now, and next.

    `as_of` is when the paging service said so, set where that is not just now; `trouble` says why it could
    not be asked, as a sentence.
    """

    tier: str
    title: str
    source: Source
    now: tuple[Shift, ...] = ()
    next: tuple[Shift, ...] = ()
    as_of: datetime | None = None
    trouble: str | None = None


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
