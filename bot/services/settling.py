"""Writes down what became of a delivery, with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.delivery import (
    ABOUT_NOTHING,
    QUIET,
    ROOM_WORK,
    DeliveryKind,
    NextMove,
    Verdict,
    after_failure,
)
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident, Room
from bot.domain.lane import LONGEST_SHUT
from bot.domain.mark import Way
from bot.domain.outcome import Happened
from bot.domain.quote import Quote
from bot.domain.subject import Subject
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.pager import PagerIncidentGoneError
from bot.ports.rooms import RoomGoneError
from bot.services.change_health import health_seen, is_health_put_off
from bot.services.change_hooks import hook_said, is_hook_put_back
from bot.services.evidence_settling import evidence_read, is_shown_as_failed
from bot.services.evidence_work import ReadEvidence
from bot.services.face_settling import FACES_MENDED, FACES_SETTLED
from bot.services.health_work import LookAtHealth
from bot.services.home_work import ShowHome
from bot.services.homes import home_shown
from bot.services.hook_work import AskHook
from bot.services.marked import add_mark, incident_of, look_at
from bot.services.owner_work import FindOwner
from bot.services.page_settling import page_sent
from bot.services.page_trouble import tell_page_trouble
from bot.services.paging import page_anew
from bot.services.record import Record
from bot.services.report_pictures import summary_posted
from bot.services.rooms import room_archived, room_entered, room_gone, topic_set
from bot.services.run_owners import owner_found
from bot.services.runbook_opening import is_runbook_posted_anew, runbook_read, runbook_shown
from bot.services.runbook_work import PostRunbook, ReadRunbook
from bot.services.settlement import Alone, Settling
from bot.services.silence_settling import SILENCES_SETTLED, tell_silence_trouble
from bot.services.slo_settling import budget_read, is_put_aside
from bot.services.subjects import escalating, locked_subject
from bot.services.work import (
    ArchiveRoom,
    Claimed,
    ConfirmPage,
    CreateRoom,
    EndSilence,
    Entered,
    Heard,
    LookAtAlerts,
    LookAtMessage,
    RaiseLevel,
    ReadBudget,
    SendLine,
    SendPage,
    SendSummary,
    Sent,
    SetSilence,
    SetTopic,
    Work,
    room_of,
)


def settle_success(record: Record, claimed: Claimed, sent: Sent) -> None:
    """It was carried out. What was learned is true even where the lease was lost meanwhile."""
    work = claimed.work
    if work.delivery.kind in ABOUT_NOTHING:
        _settle_alone(record, claimed, sent)
        return
    subject = locked_subject(record.tx, work.delivery.subject)
    held = record.tx.outbox.settle(work.delivery, claimed.token)
    settled = _SETTLED.get(type(work))
    if settled is not None:
        settled(Settling(record=record, subject=subject, delivery=work.delivery, held=held), work, sent)


def _settle_alone(record: Record, claimed: Claimed, sent: Sent) -> None:
    """What is about no subject."""
    work = claimed.work
    held = record.tx.outbox.settle(work.delivery, claimed.token)
    settled = _SETTLED_ALONE.get(type(work))
    if settled is not None:
        settled(Alone(record=record, delivery=work.delivery, held=held), work, sent)


def settle_failure(record: Record, claimed: Claimed, failure: DeliveryFailure) -> None:
    """It was not carried out, or nobody knows: try again later, or give up and say so."""
    delivery = claimed.delivery
    if delivery.kind in ABOUT_NOTHING:  # that it is given up is for logs and metrics
        _try_again(record, claimed, failure)
        return
    subject = locked_subject(record.tx, delivery.subject)
    if not _is_mended(record, subject, claimed, failure) and _try_again(record, claimed, failure):
        _tell(record, subject, claimed.work, failure)


def _try_again(record: Record, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """Put it back, or give it up. Whether people are to be told."""
    delivery = claimed.delivery
    retry_after = failure.retry_after if isinstance(failure, TemporaryFailure) else None
    verdict = after_failure(
        delivery.kind,
        delivery.attempts,
        permanent=isinstance(failure, PermanentFailure),
        retry_after=retry_after,
    )
    held = _put_back(record, claimed, verdict, failure)
    if isinstance(failure, TemporaryFailure) and failure.lane and retry_after:
        record.tx.lanes.block(failure.lane, record.now + min(retry_after, LONGEST_SHUT))
    return held and verdict.tell


def _is_mended(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """What the failure was about is gone: a new message, or a new page, takes its place."""
    if isinstance(failure, RoomGoneError) and isinstance(subject, Incident):
        return _is_left(record, subject, claimed, failure)
    mend = _MENDED.get(type(claimed.work))
    return mend is not None and mend(record, subject, claimed, failure)


def _is_left(record: Record, incident: Incident, claimed: Claimed, failure: RoomGoneError) -> bool:
    """The room is gone: what was to be said there is said where the incident began."""
    outbox, delivery = record.tx.outbox, claimed.delivery
    if isinstance(claimed.work, SendLine | PostRunbook):
        outbox.postpone(delivery, claimed.token, record.now, uncertain=False, why=failure.reason)
    else:
        outbox.settle(delivery, claimed.token)
    if incident.room is not None and room_of(claimed.work) == incident.room.id:  # not an earlier one's
        room_gone(record, incident, failure.reason)
    return True


def _is_paged_anew(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    work, tx = claimed.work, record.tx
    if not isinstance(failure, PagerIncidentGoneError) or not isinstance(work, RaiseLevel):
        return False
    page = tx.pages.one(subject.id, work.delivery.epoch, work.step)
    if page is None or not tx.outbox.settle(work.delivery, claimed.token):
        return False
    page_anew(record, escalating(subject), page)
    return True


def _put_back(record: Record, claimed: Claimed, verdict: Verdict, failure: DeliveryFailure) -> bool:
    outbox, delivery = record.tx.outbox, claimed.delivery
    if verdict.move is NextMove.GIVE_UP:
        return outbox.bury(delivery, claimed.token, failure.reason)
    uncertain = delivery.uncertain or isinstance(failure, UnknownOutcome)
    until = record.now + verdict.wait
    return outbox.postpone(delivery, claimed.token, until, uncertain=uncertain, why=failure.reason)


def _room_made(settling: Settling, work: CreateRoom, sent: Sent) -> None:
    if isinstance(sent, Entered):
        room = Room(id=sent.room.id, name=sent.room.name, private=work.private)
        room_entered(settling.record, settling.incident, room)


def _topic_set(settling: Settling, work: SetTopic, _sent: Sent) -> None:
    topic_set(settling.record, settling.incident, work.room, work.topic)


def _room_archived(settling: Settling, work: ArchiveRoom, _sent: Sent) -> None:
    if settling.incident.room is not None and settling.incident.room.id == work.room:
        room_archived(settling.record, settling.incident)


def _tell(record: Record, subject: Subject, work: Work, failure: DeliveryFailure) -> None:
    delivery = work.delivery
    if isinstance(work, SendPage | RaiseLevel):
        page = record.tx.pages.one(subject.id, delivery.epoch, work.step)
        if page is not None and page.told_at is None:
            tell_page_trouble(record, escalating(subject), page, EventKind.PAGE_FAILING, failure.reason)
    elif isinstance(work, SetSilence | EndSilence | LookAtAlerts):
        tell_silence_trouble(record, subject, work, failure)
    elif delivery.kind in ROOM_WORK:
        data: EventData = {"step": delivery.kind.value, "reason": failure.reason}
        record.tell(subject, Happened(kind=EventKind.ROOM_FAILED, data=data, told=True))
    elif delivery.kind is not DeliveryKind.PAGE_CONFIRM and delivery.kind not in QUIET:
        # A line about a line that Slack refuses would be refused too: that is for logs and metrics.
        told = delivery.kind not in {DeliveryKind.LINE, DeliveryKind.QUESTION}
        data = {"delivery": delivery.kind.value, "reason": failure.reason}
        record.tell(subject, Happened(kind=EventKind.DELIVERY_DIED, data=data, told=told, loud=told))


def _heard(settling: Settling, work: LookAtMessage, sent: Sent) -> None:
    """Make the message that was looked at part of the timeline of whose thread it stands in."""
    if not settling.held or not isinstance(sent, Heard) or sent.spoken is None:
        return  # without the lease it was taken back meanwhile, or is another dispatcher's
    record, incident, spoken = settling.record, settling.incident, sent.spoken
    whose = incident_of(record.tx, work.at, spoken.thread)
    if whose is None:
        return
    if whose.id != incident.id:  # which is not locked here: it is looked at once more, as the other's
        look_at(record, whose, work.at, work.by, private=work.private)
        return
    quote = Quote(
        channel=work.at.channel,
        ts=work.at.ts,
        author=spoken.author,
        text=spoken.text,
        private=work.private,
    )
    add_mark(record, incident, quote, by=work.by, way=Way.REACTION)


_SETTLED: Mapping[type[Work], Callable[[Settling, Any, Sent], None]] = {
    **FACES_SETTLED,
    SendPage: page_sent,
    RaiseLevel: page_sent,
    ConfirmPage: page_sent,
    LookAtMessage: _heard,
    CreateRoom: _room_made,
    SetTopic: _topic_set,
    ArchiveRoom: _room_archived,
    **SILENCES_SETTLED,
    ReadBudget: budget_read,
    ReadEvidence: evidence_read,
    FindOwner: owner_found,
    ReadRunbook: runbook_read,
    PostRunbook: runbook_shown,
    AskHook: hook_said,
    LookAtHealth: health_seen,
}
_SETTLED_ALONE: Mapping[type[Work], Callable[[Alone, Any, Sent], None]] = {
    ShowHome: home_shown,
    SendSummary: summary_posted,
}
"""The same of what is about no subject."""
_MENDED: Mapping[type[Work], Callable[[Record, Subject, Claimed, DeliveryFailure], bool]] = {
    **FACES_MENDED,
    RaiseLevel: _is_paged_anew,
    ReadBudget: is_put_aside,
    ReadEvidence: is_shown_as_failed,
    PostRunbook: is_runbook_posted_anew,
    AskHook: is_hook_put_back,
    LookAtHealth: is_health_put_off,
}
