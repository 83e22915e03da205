"""Gives a checklist's run to whoever is on call."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checklists.run import Run
from bot.domain.event import EventKind
from bot.domain.face import Face
from bot.domain.outcome import Happened
from bot.domain.subject import Subject
from bot.services.owner_work import FindOwner, OwnerFound
from bot.services.reading import Reading
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.work import Sent


def is_owner_wanted(subject: Subject) -> bool:
    """Whether it is still nobody's."""
    return isinstance(subject, Run) and subject.is_open and subject.owner is None


def load_owner(reading: Reading) -> FindOwner:
    """Who is asked for: the tier that is reached first."""
    return FindOwner(delivery=reading.delivery, tier=reading.directory.guide.first_tier.key)


def owner_found(settling: Settling, _work: FindOwner, sent: Sent) -> None:
    """Give it to them, unless it is over, or somebody's, by now."""
    record, run = settling.record, settling.subject
    if not isinstance(run, Run) or not isinstance(sent, OwnerFound) or not is_owner_wanted(run):
        return
    people = sent.duty.known or sent.duty.people
    if people:
        owner = people[0]
        run = replace(run, owner=owner)
        record.tx.runs.save(run)
        record.tell(run, Happened(kind=EventKind.RUN_GIVEN, data={"to": owner.name}))
    if _is_posted(record, run):
        if people:
            record.show(run)
    elif not _waits_for_evidence(run):
        record.show(run)


def _is_posted(record: Record, run: Run) -> bool:
    return record.tx.messages.of(run.id, Face.RUN) is not None


def _waits_for_evidence(run: Run) -> bool:
    """Whether a card that is not posted yet had better wait on: it is posted with that, too, then."""
    return run.evidence_at is None and any(item.evidence for item in run.items)
