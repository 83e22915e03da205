"""Whether a service may be changed now, with every reason, from what the bot knows by itself.

Nobody is asked: what Prometheus and PagerDuty said last, and how long ago, is part of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.slo.gate import Permission


class Verdict(StrEnum):
    """The gate's answer. UNKNOWN is never a yes."""

    ALLOW = "allow"
    DENY = "deny"
    UNKNOWN = "unknown"


class Ground(StrEnum):
    """What a reason rests on."""

    WINDOW = "window"
    FREEZE = "freeze"
    APPROVAL = "approval"
    PHASE = "phase"  # it has not been tested, or is over
    INCIDENT = "incident"  # somebody is called for it just now, for an incident or an alert
    BUDGET = "budget"
    OVERLAP = "overlap"
    OVERRIDE = "override"


class Weight(StrEnum):
    """What a reason does to the answer."""

    DENIES = "denies"
    UNKNOWN = "unknown"  # nobody knows, which is no yes
    WARNS = "warns"  # it would deny another type of change
    SUPPORTS = "supports"  # why it may go on


GRAVE = frozenset({Weight.DENIES, Weight.UNKNOWN})
"""What keeps the answer from being a yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence, and what it rests on. `until` is when it is over, where time alone ends it."""

    ground: Ground
    weight: Weight
    text: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetNews:
    """How a service's error budget was found last (`service` is a key, or PLATFORM), and when."""

    service: str
    permission: Permission
    said: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What somebody outside said last, in words for people, and when; None: nothing yet.

    `idle`: it has not been asked anything yet, as nothing had to be.
    """

    of: str
    at: datetime | None
    idle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswer:
    """The answer for a service (None: the platform) and a type of change, at an instant.

    `change` names the change that it was asked for, or that stands for it. `opens` is when it opens next as
    far as windows and freezes are concerned: None where it is open, or where nothing says when it will be.
    """

    service: str | None
    kind: str
    at: datetime
    verdict: Verdict
    reasons: tuple[Reason, ...]
    opens: datetime | None = None
    change: str | None = None
    news: tuple[News, ...] = ()

    @property
    def against(self) -> tuple[str, ...]:
        """What keeps it from being a yes."""
        return tuple(one.text for one in self.reasons if one.weight in GRAVE)

    @property
    def grounds_against(self) -> tuple[Ground, ...]:
        """What that rests on, each once."""
        return tuple(dict.fromkeys(one.ground for one in self.reasons if one.weight in GRAVE))


def verdict_of(reasons: tuple[Reason, ...]) -> Verdict:
    """What the reasons come to: one that denies is enough, and so is one that nobody knows."""
    weights = {one.weight for one in reasons}
    if Weight.DENIES in weights:
        return Verdict.DENY
    return Verdict.UNKNOWN if Weight.UNKNOWN in weights else Verdict.ALLOW
