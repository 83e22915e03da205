"""Writes down where faces and lines stand that were posted, and what follows where they stand no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.checklists.run import Run
from bot.domain.event import EventKind
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.subject import Subject
from bot.ports.chat import CardGoneError
from bot.ports.failures import DeliveryFailure
from bot.services.alert_question import take_back
from bot.services.evidence_pictures import owe_evidence_pictures
from bot.services.loading import read_face
from bot.services.record import Record
from bot.services.rooms import card_posted
from bot.services.settlement import Settling
from bot.services.work import Claimed, EditLine, Posted, SendFace, SendLine, Sent, Work


def _face_sent(settling: Settling, work: SendFace, sent: Sent) -> None:
    """Remember where a new message stands; show it again where it shows what is true no more."""
    if not isinstance(sent, Posted):
        return
    record, subject, face = settling.record, settling.subject, work.shown.face
    now_shown = read_face(record.tx, subject, face, record.directory, record.now)
    if now_shown.place != work.shown.place:  # a room was entered, or left, while it was being posted
        _posted_elsewhere(settling, work, sent)
        return
    record.tx.messages.save(subject.id, face, sent.at)
    if isinstance(subject, Run):
        owe_evidence_pictures(record, subject)
    if face is Face.CARD and isinstance(subject, Incident):
        card_posted(record, subject, sent.at.ts)
    # Where it was in doubt, the message that was found may show what an earlier try knew.
    if work.delivery.uncertain or now_shown != work.shown:
        record.show_face(subject, face)


def _posted_elsewhere(settling: Settling, work: SendFace, sent: Posted) -> None:
    """A card that was posted where everybody sees incidents is the notice, once there is a room."""
    record, incident = settling.record, settling.incident
    if work.shown.place.room is None:
        record.tx.messages.save(incident.id, Face.NOTICE, sent.at)
    record.show(incident)


def _is_posted_anew(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    work, tx = claimed.work, record.tx
    if not isinstance(failure, CardGoneError) or not isinstance(work, SendFace) or work.at is None:
        return False
    tx.messages.forget(work.at)
    tx.outbox.settle(work.delivery, claimed.token)
    record.show_face(subject, work.shown.face)
    return True


def _line_said(settling: Settling, work: SendLine, sent: Sent) -> None:
    """Remember where a question stands; one that is open no more is shown with its answer at once."""
    record, subject = settling.record, settling.subject
    if not isinstance(sent, Posted) or not isinstance(subject, Incident):
        return
    if work.line.event.kind is EventKind.ALERTS_ASKED and work.line.answer is None:
        record.tx.messages.save(subject.id, Face.QUESTION, sent.at)
        if subject.over_asked_at != work.line.event.at:
            take_back(record, subject)


def _line_edited(settling: Settling, work: EditLine, _sent: Sent) -> None:
    settling.record.tx.messages.forget(work.at)


def _is_forgotten(record: Record, _subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """Somebody has deleted a question: nobody waits for its answer."""
    work, tx = claimed.work, record.tx
    if not isinstance(failure, CardGoneError) or not isinstance(work, EditLine):
        return False
    tx.messages.forget(work.at)
    return tx.outbox.settle(work.delivery, claimed.token)


FACES_SETTLED: Mapping[type[Work], Callable[[Settling, Any, Sent], None]] = {
    SendFace: _face_sent,
    SendLine: _line_said,
    EditLine: _line_edited,
}
FACES_MENDED: Mapping[type[Work], Callable[[Record, Subject, Claimed, DeliveryFailure], bool]] = {
    SendFace: _is_posted_anew,
    EditLine: _is_forgotten,
}
