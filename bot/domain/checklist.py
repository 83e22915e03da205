"""What the guide says of a procedure that recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.domain.evidence import EvidenceSpec


class Cadence(StrEnum):
    """How often a checklist is run."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Unfinished(StrEnum):
    """What becomes of items that are still open when the next run begins."""

    CARRY = "carry"  # they are carried over into it
    CLOSE = "close"  # they count as missed


class AfterOutage(StrEnum):
    """What becomes of a run whose time came while the bot was down."""

    POST = "post"  # it is posted late, and says so
    SKIP = "skip"


class Whose(StrEnum):
    """How the owner of a run is found."""

    ANYBODY = "anybody"  # whoever takes an item
    ON_CALL = "on-call"  # whoever is on call when it is posted
    ROTATION = "rotation"  # the next of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a run is. `people` are Slack's ids in the order of the rotation."""

    whose: Whose = Whose.ANYBODY
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing to do in a checklist, with what to look at."""

    key: str
    title: str
    evidence: tuple[EvidenceSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A procedure of the guide that recurs.

    `at` is the local time of the prompt. `weekday` (Monday is 0) is set for weekly ones; monthly ones
    run on the month's n-th business day, `business_day` (1 is the first). A run is to be done by the closing
    time of its `days`-th business day, 1 being the one on which it is posted.
    """

    key: str
    title: str
    purpose: str
    cadence: Cadence
    at: time
    channel: str
    team: str
    items: tuple[ChecklistItem, ...]
    weekday: int | None = None
    business_day: int | None = None
    runbook: str | None = None
    days: int = 1
    owner: Owner = Owner()
    unfinished: Unfinished = Unfinished.CARRY
    after_outage: AfterOutage = AfterOutage.POST


def keys_alike(titles: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Of keys with their titles those whose title another one has, too: a title alone does not name them."""
    folded = {key: title.casefold() for key, title in titles}
    count = Counter(folded.values())
    return frozenset(key for key, title in folded.items() if count[title] > 1)


def called(title: str, cadence: Cadence, *, alike: bool) -> str:
    """What a checklist is called in a list: `Performance Review (monthly)` where another is titled alike."""
    return f"{title} ({cadence})" if alike else title


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """What is told about the reviews as a whole.

    `report_at` is the local time at which the month before is told, on a month's first business day. None:
    never.
    """

    report_at: time | None = time(9, 30)
