"""Whether a delivery is still owed, and what it has to say as things are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.delivery import ABOUT_NOTHING, ROOM_WORK, SILENCE_WORK, Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating, is_owed
from bot.domain.face import Face, Place
from bot.domain.incident import Incident
from bot.domain.page import PageMark, PageRecord
from bot.domain.severity import Severity
from bot.domain.subject import Subject
from bot.ports.chat import Line, Shown
from bot.ports.pager import Link, Page
from bot.ports.store import Transaction
from bot.services.aftermath import read_draft
from bot.services.alert_question import answer_of
from bot.services.alert_summary import load_summary
from bot.services.change_health import is_health_owed, load_health
from bot.services.change_hooks import is_hook_owed, load_hook
from bot.services.evidence_loading import is_evidence_owed, load_evidence
from bot.services.faces import faces_of, place_of, where_said
from bot.services.homes import load_home
from bot.services.lines import is_line_owed
from bot.services.monthly_report import load_report
from bot.services.picture_loading import load_picture
from bot.services.reading import Reading
from bot.services.room_loading import is_step_owed, load_step
from bot.services.run_owners import is_owner_wanted, load_owner
from bot.services.runbook_opening import load_opened, load_runbook
from bot.services.silence_loading import is_silence_owed, load_silence
from bot.services.slo_noting import is_reading_owed, load_reading
from bot.services.subject_cards import read_card_of
from bot.services.subjects import escalating, find_subject
from bot.services.work import (
    ConfirmPage,
    EditLine,
    EndPage,
    LookAtMessage,
    RaiseLevel,
    SendFace,
    SendLine,
    SendPage,
    Work,
)

_PAGES = frozenset({DeliveryKind.PAGE, DeliveryKind.PAGE_LEVEL, DeliveryKind.PAGE_CONFIRM})
_ENDS = frozenset({DeliveryKind.PAGE_ACKNOWLEDGE, DeliveryKind.PAGE_RESOLVE})

_ALWAYS_OWED = _ENDS | {
    DeliveryKind.QUESTION,
    DeliveryKind.LOOK_AT_MESSAGE,
    DeliveryKind.DRAFT,
    DeliveryKind.RUNBOOK_READ,
    DeliveryKind.RUNBOOK,
}

MOST_LOOKS = 4
"""Pages that are asked for before another one goes. People answer what has rung last."""


def is_still_owed(tx: Transaction, delivery: Delivery, now: datetime, directory: Directory) -> bool:
    """Whether it is still to be sent. A page that is not, and was never taken, is marked as dropped."""
    if delivery.kind in _ALWAYS_OWED or delivery.kind in ABOUT_NOTHING:
        return True
    if delivery.kind is DeliveryKind.LINE:
        return is_line_owed(tx, delivery, now)
    subject = find_subject(tx, delivery.subject)
    return subject is not None and _is_owed_by(tx, subject, delivery, now, directory)


def _is_owed_by(
    tx: Transaction, subject: Subject, delivery: Delivery, now: datetime, directory: Directory
) -> bool:
    if delivery.kind in SILENCE_WORK:
        return is_silence_owed(tx, subject, delivery, now)
    if delivery.kind is DeliveryKind.READING:
        return isinstance(subject, Incident) and is_reading_owed(subject, directory)
    if delivery.kind in _WANTED:
        return _WANTED[delivery.kind](subject)
    if delivery.kind in ROOM_WORK:
        return isinstance(subject, Incident) and is_step_owed(subject, delivery, directory)
    if delivery.kind in _PAGES:
        return _is_page_owed(tx, delivery, escalating(subject), now)
    return Face.of(delivery.kind) in faces_of(subject, directory)


def _is_page_owed(tx: Transaction, delivery: Delivery, subject: Escalating, now: datetime) -> bool:
    if is_owed(subject, delivery.epoch, past_acknowledgement=bool(delivery.payload.get("past"))):
        return True
    record = tx.pages.one(subject.id, delivery.epoch, delivery.payload["step"])
    if record and record.accepted_at is None:
        tx.pages.mark(record, PageMark.DROPPED, now)
    return False


def load(tx: Transaction, delivery: Delivery, now: datetime, directory: Directory) -> Work:
    """What there is to send, as things are now. Raises LookupError where a row that it needs is gone.

    A page is marked as sent in this transaction: from now on it may ring.
    """
    if delivery.kind in ABOUT_NOTHING:
        return _ABOUT_NOTHING[delivery.kind](tx, delivery)
    subject = find_subject(tx, delivery.subject)
    if subject is None:
        raise LookupError(delivery.subject)
    reading = Reading(tx=tx, delivery=delivery, subject=subject, now=now, directory=directory)
    return _BY_KIND[delivery.kind](reading)


def read_face(tx: Transaction, subject: Subject, face: Face, directory: Directory, now: datetime) -> Shown:
    """What a face shows as things are in this transaction, and where it is to stand."""
    place = place_of(subject, face, directory)
    return Shown(face=face, place=place, card=read_card_of(tx, subject, directory, now))


def _face(reading: Reading) -> SendFace:
    tx, subject = reading.tx, reading.subject
    face = Face.of(reading.delivery.kind)
    shown = read_face(tx, subject, face, reading.directory, reading.now)
    return SendFace(delivery=reading.delivery, shown=shown, at=tx.messages.of(subject.id, face))


def _line(reading: Reading) -> SendLine:
    tx, delivery, subject = reading.tx, reading.delivery, reading.subject
    facts, directory = delivery.payload, reading.directory
    event = tx.events.one(subject.id, facts["sequence"])
    if event is None:
        raise LookupError(delivery.key)
    team = directory.team_of(subject) if facts["team"] else None
    if facts.get("channel"):
        place, thread = Place(channel=facts["channel"]), None
    else:
        place, thread = where_said(tx, subject, at_home=bool(facts.get("at_home")))
    line = Line(
        key=delivery.key,
        card=read_card_of(tx, subject, directory, reading.now),
        event=event,
        mentions=directory.mentions(facts["tiers"], team, people=facts["people"]),
        loud=facts["loud"],
        place=place,
        answer=answer_of(tx, event),
    )
    return SendLine(delivery=delivery, line=line, thread=thread)


def _question(reading: Reading) -> EditLine:
    """A line that has asked something, with its answer; nobody is mentioned by an edit."""
    tx, delivery, subject = reading.tx, reading.delivery, reading.subject
    event = tx.events.one(subject.id, delivery.payload["sequence"])
    at = tx.messages.of(subject.id, Face.QUESTION)
    if event is None or at is None:
        raise LookupError(delivery.key)
    line = Line(
        key=delivery.key,
        card=read_card_of(tx, subject, reading.directory, reading.now),
        event=event,
        mentions=reading.directory.mentions((), None),
        loud=False,
        place=where_said(tx, subject)[0],
        answer=answer_of(tx, event),
    )
    return EditLine(delivery=delivery, line=line, at=at)


def _page(reading: Reading) -> SendPage | RaiseLevel:
    tx, delivery, subject = reading.tx, reading.delivery, escalating(reading.subject)
    facts = delivery.payload
    record = tx.pages.one(subject.id, delivery.epoch, facts["step"])
    if record is None:
        raise LookupError(delivery.key)
    tx.pages.mark(record, PageMark.SENT, reading.now)
    step = record.step
    if delivery.kind is DeliveryKind.PAGE_LEVEL:
        earlier = _paged_keys(tx, subject, record, and_its_own=True)  # that one has been triggered
        return RaiseLevel(
            delivery=delivery, key=facts["key"], level=facts["level"], step=step, earlier=earlier
        )
    earlier = _paged_keys(tx, subject, record)
    return SendPage(delivery=delivery, page=_page_facts(delivery), step=step, earlier=earlier)


def _page_facts(delivery: Delivery) -> Page:
    facts = delivery.payload
    return Page(
        key=facts["key"],
        tier=facts["tier"],
        summary=facts["summary"],
        severity=Severity(facts["severity"]),
        source=facts["source"],
        links=tuple(Link(href=href, text=text) for href, text in facts["links"]),
        channel=facts["channel"],
        room=facts.get("room"),
    )


def _paged_keys(
    tx: Transaction, subject: Escalating, record: PageRecord, *, and_its_own: bool = False
) -> tuple[str, ...]:
    """The newest keys that were paged before, and to which any answer counts, the newest first.

    None where nobody waits for an answer.
    """
    if record.past_acknowledgement:
        return ()
    before = (record.epoch, record.step + 1 if and_its_own else record.step)
    since = subject.answers_from if subject.answers_after is None else subject.epoch
    pages = (
        page
        for page in tx.pages.of(record.subject)
        if page.epoch >= since and (page.epoch, page.step) < before
    )
    sent = [page.key for page in pages if page.via and page.sent_at and not page.closed_at]
    return tuple(dict.fromkeys(reversed(sent)))[:MOST_LOOKS]


def _confirmation(reading: Reading) -> ConfirmPage:
    facts = reading.delivery.payload
    return ConfirmPage(delivery=reading.delivery, key=facts["key"], step=facts["step"])


def _end(reading: Reading) -> EndPage:
    facts = reading.delivery.payload
    return EndPage(delivery=reading.delivery, tier=facts["tier"], key=facts["key"])


def _look(reading: Reading) -> LookAtMessage:
    facts = reading.delivery.payload
    return LookAtMessage(
        delivery=reading.delivery,
        at=MessageRef(channel=facts["channel"], ts=facts["ts"]),
        by=Actor(id=facts["by"], name=facts["by_name"]),
        private=facts["private"],
    )


_BY_KIND: Mapping[DeliveryKind, Callable[[Reading], Work]] = {
    DeliveryKind.CARD: _face,
    DeliveryKind.NOTICE: _face,
    DeliveryKind.LEADERSHIP: _face,
    DeliveryKind.ALERT: _face,
    DeliveryKind.CALL: _face,
    DeliveryKind.RUN: _face,
    DeliveryKind.CHANGE: _face,
    DeliveryKind.SPAN: _face,
    DeliveryKind.LINE: _line,
    DeliveryKind.QUESTION: _question,
    DeliveryKind.LOOK_AT_MESSAGE: _look,
    DeliveryKind.DRAFT: read_draft,
    DeliveryKind.PAGE: _page,
    DeliveryKind.PAGE_LEVEL: _page,
    DeliveryKind.PAGE_CONFIRM: _confirmation,
    DeliveryKind.PAGE_ACKNOWLEDGE: _end,
    DeliveryKind.PAGE_RESOLVE: _end,
    **dict.fromkeys(ROOM_WORK, load_step),
    **dict.fromkeys(SILENCE_WORK, load_silence),
    DeliveryKind.READING: load_reading,
    DeliveryKind.EVIDENCE: load_evidence,
    DeliveryKind.RUN_OWNER: load_owner,
    DeliveryKind.RUNBOOK_READ: load_runbook,
    DeliveryKind.RUNBOOK: load_opened,
    DeliveryKind.ROLLBACK: load_hook,
    DeliveryKind.CHANGE_HEALTH: load_health,
}
_ABOUT_NOTHING: Mapping[DeliveryKind, Callable[[Transaction, Delivery], Work]] = {
    DeliveryKind.ALERT_SUMMARY: load_summary,
    DeliveryKind.PICTURE: load_picture,
    DeliveryKind.CHECKLIST_REPORT: load_report,
    DeliveryKind.HOME: load_home,
}
"""What is about no subject is read from the delivery itself, and from whatever rows it names."""
_WANTED: Mapping[DeliveryKind, Callable[[Subject], bool]] = {
    DeliveryKind.EVIDENCE: is_evidence_owed,
    DeliveryKind.RUN_OWNER: is_owner_wanted,
    DeliveryKind.ROLLBACK: is_hook_owed,
    DeliveryKind.CHANGE_HEALTH: is_health_owed,
}
"""What is owed for as long as the subject alone says so."""
