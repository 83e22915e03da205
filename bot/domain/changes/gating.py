"""Decides whether something may be changed now. What is known is handed in; nobody is waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.changes.gate import GRAVE, GateAnswer, Ground, Reason, Weight, verdict_of
from bot.domain.changes.gate_grounds import budgets, freeze, incidents, overlaps, window
from bot.domain.changes.gate_look import GateAsked, Known, Look, denies
from bot.domain.changes.gate_standing import approval, overridden, override, phase, standing, whose
from bot.domain.changes.windows import next_opening

__all__ = ["GateAsked", "Known", "gate"]

_ORDER = {Weight.DENIES: 0, Weight.UNKNOWN: 1, Weight.WARNS: 2, Weight.SUPPORTS: 3}


def gate(asked: GateAsked, known: Known, now: datetime) -> GateAnswer:
    """The answer, with every reason, what is against it first."""
    change = asked.change if asked.must_name else asked.change or standing(known.standing, now)
    kind = known.policy.types.get(asked.kind)
    opens = None
    if kind is None:
        reasons: list[Reason] = [denies(Ground.WINDOW, f"The guide has no type of change `{asked.kind}` now")]
    else:
        look = Look(asked=asked, kind=kind, change=change, known=known, now=now)
        reasons = _weighed(look)
        opens = _opens(look)
    ordered = tuple(sorted(reasons, key=lambda one: _ORDER[one.weight]))
    return GateAnswer(
        service=asked.service,
        kind=asked.kind,
        at=now,
        verdict=verdict_of(ordered),
        reasons=ordered,
        opens=opens,
        change=None if change is None else change.label,
        news=known.news,
    )


def _weighed(look: Look) -> list[Reason]:
    """Every reason, as grave as it is for this type of change and for who overrides the gate."""
    decides = [*approval(look), *phase(look), *whose(look)]
    bends = [*window(look), *freeze(look), *incidents(look), *budgets(look), *overlaps(look)]
    bent = frozenset(Ground) if look.kind.is_emergency else overridden(look)
    weighed = (
        replace(one, weight=Weight.WARNS) if one.ground in bent and one.weight in GRAVE else one
        for one in bends
    )
    return [*decides, *weighed, *override(look)]


def _opens(look: Look) -> datetime | None:
    """When it opens next, where windows or freezes keep it closed now."""
    if look.kind.is_emergency or look.is_running:
        return None
    opens = next_opening(look.kind, look.known.calendar, look.asked.service, look.now)
    return None if opens == look.now else opens
