"""Puts what was found on the run's items, and shows it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from bot.domain.checklists.finding import failed, linked
from bot.domain.checklists.run import ItemState, Run, RunItem
from bot.domain.evidence import Found, Source
from bot.domain.subject import Subject
from bot.ports.failures import DeliveryFailure
from bot.services.evidence_work import EvidenceRead, Findings, ReadEvidence
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.work import Claimed, Sent

_CHECKED_OFF = frozenset({ItemState.DONE, ItemState.NOT_APPLICABLE})
_log = logging.getLogger(__name__)


def evidence_read(settling: Settling, work: ReadEvidence, sent: Sent) -> None:
    """Keep it. Older than what is kept already, it says nothing any more."""
    if isinstance(sent, EvidenceRead):
        _keep(settling.record, settling.subject, work, sent.found)


def is_shown_as_failed(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """What could not be read as a whole is found as failed: the card says so, and asks nobody again.

    Whoever wants to know presses Refresh.
    """
    work = claimed.work
    if not isinstance(work, ReadEvidence):
        return False
    _log.info("evidence was not read: %s", failure.reason, extra={"delivery": work.delivery.key})
    if record.tx.outbox.settle(work.delivery, claimed.token):
        found = {
            spot: linked(spec, work.at)  # a page to open is not read
            if spec.source is Source.LINK
            else failed(spec, work.at, failure.reason)
            for spot, spec in work.specs.items()
        }
        _keep(record, subject, work, found)
    return True


def _keep(record: Record, subject: Subject, work: ReadEvidence, found: Findings) -> None:
    """Put each on the item of that key under its title: what people did with the items meanwhile stays."""
    if not isinstance(subject, Run) or _is_older(subject, work, record.now):
        return
    new = {(work.run.item(spot.position).key, one.title): one for spot, one in found.items()}
    items = [_with_found(item, new) for item in subject.items if item.evidence]
    run = replace(subject.with_items(items), evidence_at=work.at)
    record.tx.runs.save(run)
    record.show(run)


def _is_older(run: Run, work: ReadEvidence, now: datetime) -> bool:
    """Whether the run shows something newer. What lies ahead was read by a clock that was set back since."""
    return run.evidence_at is not None and work.at < run.evidence_at <= now


def _with_found(item: RunItem, new: dict[tuple[str, str], Found]) -> RunItem:
    """The item with what was found now, in the order of its evidence; what was not looked at stays.

    So does what stood there when it was checked off: it says what somebody has seen.
    """
    if item.found and item.state in _CHECKED_OFF:
        return item
    kept = {one.title: one for one in item.found} | {
        title: one for (key, title), one in new.items() if key == item.key
    }
    titles = [spec.title for spec in item.evidence]
    return replace(item, found=tuple(kept[title] for title in titles if title in kept))
