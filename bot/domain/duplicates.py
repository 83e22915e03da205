"""Whether two incidents may be the same: a question to people, never a decision.

The measure is one that can be told: declared within the guide's time, and the same service, or at least
half of the shorter title's telling words. Words that say how something is wrong ("down", "slow") tell
nothing: checkout and search may both be down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.incident import Incident

SHARED = 0.5
"""The part of the shorter title's telling words that two titles must have in common."""

_SHORTEST = 3
_HOW = (
    "all and any are broken cannot cant customers degraded down error errors every fail failed failing fails "
    "for from high issue issues many not nobody offline our outage problem problems service slow some system "
    "the their there timeout timeouts too unavailable unreachable users was were with work working"
)
_SAYS_HOW = frozenset(_HOW.split())


def likely_same(
    incident: Incident, others: Iterable[Incident], now: datetime, *, within: timedelta
) -> Incident | None:
    """The open incident of `others` that this one most likely is, or None.

    Security incidents and drills are only ever compared with their own kind.
    """
    candidates = [(_likeness(incident, other), other) for other in others if _comparable(incident, other)]
    likely = [
        (like, other.declared_at, other.number, other)
        for like, other in candidates
        if like > 0 and now - other.declared_at <= within
    ]
    return max(likely, key=lambda one: one[:3])[3] if likely else None


def _comparable(one: Incident, other: Incident) -> bool:
    kinds_match = one.security == other.security and one.drill == other.drill
    return other.id != one.id and other.status.is_open and kinds_match


def _likeness(one: Incident, other: Incident) -> float:
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
