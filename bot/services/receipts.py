"""What was answered to a request, also where that was a refusal: the same request again gets it again.

A refusal is kept because it may have become doable in between: an acknowledgement that comes again after
the severity was raised must not stop the new pages.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.deed import Deed
from bot.domain.errors import DomainError, ForbiddenError
from bot.domain.event import EventKind
from bot.domain.outcome import Happened
from bot.domain.subject import Subject
from bot.ports.store import Transaction
from bot.services.record import Record
from bot.services.requests import Answer, Request

_REFUSED = "refused: "

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal that is part of the history: it is committed, then raised."""

    error: DomainError


def earlier_reply(tx: Transaction, request: Request) -> Answer | Refusal | None:
    """What this very request got before; None where it is new."""
    text = tx.receipts.find(request.source, request.delivery_id)
    if text is None:
        return None
    if text.startswith(_REFUSED):
        return Refusal(error=DomainError(text.removeprefix(_REFUSED)))
    return Answer(text=text, repeated=True)


def keep_answer(record: Record, request: Request, answer: Answer) -> Answer:
    """Remember what was answered, in the transaction that did it."""
    record.tx.receipts.keep(request.source, request.delivery_id, answer.text, record.now)
    return answer


def keep_refusal(
    record: Record, request: Request, error: DomainError, deed: Deed, subject: Subject | None = None
) -> Refusal:
    """Remember why nothing was done: as the answer, and in the history for whoever looks into it later.

    What somebody may not do before it is known with what has a history of its own, by the request.
    """
    forbidden = isinstance(error, ForbiddenError)
    if forbidden:
        _log.warning("refused to %s: %s", request.actor.id, error)
    if subject or forbidden:
        told = subject.id if subject else f"request/{request.source}/{request.delivery_id}"
        record.note(told, Happened(kind=EventKind.REFUSED, data={"asked": deed.value, "why": str(error)}))
    record.tx.receipts.keep(request.source, request.delivery_id, f"{_REFUSED}{error}", record.now)
    return Refusal(error=error)


def answered(result: Answer | Refusal) -> Answer:
    """The answer. Raises the refusal's error."""
    if isinstance(result, Refusal):
        raise result.error
    return result
