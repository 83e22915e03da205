"""Whether two incidents may be the same: a question to people, never a decision.

The measure is one that can be told: declared within the guide's time, and the same service, or at least
half of the shorter title's telling words. Words that say how something is wrong ("down", "slow") tell
nothing: checkout and search may both be down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Incident, label
from bot.domain.severity import Severity

SHARED = 0.5
"""The part of the shorter title's telling words that two titles must have in common."""

_SHORTEST = 3
_HOW = (
    "all and any are broken cannot cant customers degraded down error errors every fail failed failing fails "
    "for from high issue issues many not nobody offline our outage problem problems service slow some system "
    "the their there timeout timeouts too unavailable unreachable users was were with work working"
)
_SAYS_HOW = frozenset(_HOW.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What is read of an incident that is open, to compare another with it."""

    id: str
    number: int
    severity: Severity
    title: str
    service: str | None
    declared_at: datetime
    drill: bool = False

    @property
    def label(self) -> str:
        """How people name it."""
        return label(self.severity, self.number, drill=self.drill)


def likely_same(incident: Incident, others: Iterable[Fresh], since: datetime) -> Fresh | None:
    """The one of `others`, declared since then, that this one most likely is; or None.

    The others are open, and of its kind: security incidents and drills are compared with their own only.
    """
    likely = [
        (like, other.declared_at, other.number, other)
        for other in others
        if other.id != incident.id and other.declared_at >= since and (like := _likeness(incident, other)) > 0
    ]
    return max(likely, key=lambda one: one[:3])[3] if likely else None


def _likeness(one: Incident, other: Fresh) -> float:
    """0 for no likeness; what both titles share counts, and the same service counts more."""
    ours, theirs = _telling(one.title), _telling(other.title)
    shared = len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0
    if not ours and not theirs and one.title.casefold() == other.title.casefold():
        shared = 1.0
    same_service = one.service is not None and one.service == other.service
    return (1.0 if same_service else 0.0) + (shared if shared >= SHARED else 0.0)


def _telling(title: str) -> frozenset[str]:
    words = "".join(one if one.isalnum() else " " for one in title.casefold()).split()
    return frozenset(word for word in words if len(word) >= _SHORTEST and word not in _SAYS_HOW)
