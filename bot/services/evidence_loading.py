"""What there is to look at for a run."""

from __future__ import annotations

from bot.domain.checklists.run import Run
from bot.domain.slo.plan import rounded
from bot.domain.subject import Subject
from bot.services.evidence_work import ReadEvidence, Spot
from bot.services.reading import Reading


def is_evidence_owed(subject: Subject) -> bool:
    """Whether anybody still judges by it."""
    return isinstance(subject, Run) and subject.is_open


def load_evidence(reading: Reading) -> ReadEvidence:
    """All that its items look at, as it is now. Raises LookupError where it is no run."""
    run = reading.run
    specs = {
        Spot(position=item.position, index=index): spec
        for item in run.items
        for index, spec in enumerate(item.evidence)
    }
    return ReadEvidence(delivery=reading.delivery, run=run, specs=specs, at=rounded(reading.now))
