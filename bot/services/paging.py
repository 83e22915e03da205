"""What is owed to the paging service: pages, their levels, and their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.delivery import DeliveryKind
from bot.domain.directory import Via
from bot.domain.escalating import Escalating, is_owed
from bot.domain.outcome import PageOwed
from bot.domain.page import CONFIRM_WITHIN_SECONDS, PageMark, PageRecord, PageState, page_key, page_summary
from bot.domain.subject import has_room
from bot.domain.timer import page_watch
from bot.ports.store import Transaction
from bot.services.page_links import page_links
from bot.services.record import Record

REST_LANE = "pagerduty-rest"

INCIDENT_WAIT = timedelta(seconds=5)
"""How long the paging service has to make an incident of a page, before it is looked for or raised."""


def owe_page(record: Record, subject: Escalating, owed: PageOwed) -> None:
    """Page the tier of a step, once; where only a mention reaches it, just remember that."""
    rung = subject.path.rung(owed.step)
    via = record.directory.via(rung.tier, drill=subject.drill)
    base = _raisable(record, subject, owed, via)
    page = PageRecord(
        subject=subject.id,
        epoch=subject.epoch,
        step=owed.step,
        tier=rung.tier,
        title=rung.title,
        via=via.tier if via else None,
        key=base.key if base else page_key(subject.id, subject.epoch, owed.step),
        level=via.level if via else None,
        past_acknowledgement=owed.past_acknowledgement,
        requested_at=record.now,
    )
    if not record.tx.pages.add(page):
        return
    if via is None:  # a mention is all there will be: nothing of an earlier epoch need go on ringing
        resolve_pages_before(record, subject, subject.epoch)
        return
    asked_by = record.actor.name if owed.reason == "asked" else None
    if base is None:
        _send(record, subject, page, DeliveryKind.PAGE, asked_by=asked_by, late=owed.late)
    if via.level is not None:
        wait = timedelta() if base else INCIDENT_WAIT
        _send(
            record,
            subject,
            page,
            DeliveryKind.PAGE_LEVEL,
            asked_by=asked_by,
            late=owed.late,
            wait=wait,
        )
    due = record.now + timedelta(seconds=CONFIRM_WITHIN_SECONDS)
    record.tx.timers.set(page_watch(subject.id, subject.epoch, owed.step, due))


def page_anew(record: Record, subject: Escalating, page: PageRecord) -> None:
    """Page a tier under a key of its own: what was to be raised to its level is over."""
    key = page_key(page.subject, page.epoch, page.step)
    record.tx.pages.rekey(page, key)
    anew = replace(page, key=key, sent_at=None, accepted_at=None)
    _send(record, subject, anew, DeliveryKind.PAGE)
    _send(record, subject, anew, DeliveryKind.PAGE_LEVEL, wait=INCIDENT_WAIT)


def is_page_on_its_way(tx: Transaction, subject: Escalating) -> bool:
    """Whether somebody is to be reached by a page of this epoch that the paging service has not taken yet."""
    waiting = (
        page for page in tx.pages.of(subject.id) if page.epoch == subject.epoch and page.via is not None
    )
    return subject.waits and any(page.state is PageState.WAITING for page in waiting)


def confirm_later(record: Record, subject: Escalating, page: PageRecord) -> None:
    """Owe a look whether the paging service shows an incident for an accepted page."""
    record.deliver(
        subject,
        DeliveryKind.PAGE_CONFIRM,
        key=f"confirm/{page.subject}/{page.epoch}/{page.step}",
        order_key=f"confirm/{page.key}",
        lane=REST_LANE,
        payload={"step": page.step, "key": page.key, "past": page.past_acknowledgement},
        epoch=page.epoch,
        wait=INCIDENT_WAIT,
    )


def forget_unsent(record: Record, subject: Escalating) -> None:
    """Drop the pages that wait; those that were never taken, and are not needed, count as dropped.

    The order matters: a page that another process is just claiming is held by it, so that dropping
    waits, and whoever reads afterwards sees it as sent.
    """
    record.tx.outbox.drop_waiting_pages(subject.id)
    for page in record.tx.pages.of(subject.id):
        if page.via is None or page.accepted_at or page.dropped_at:
            continue
        owed = is_owed(subject, page.epoch, past_acknowledgement=page.past_acknowledgement)
        if not (page.sent_at and owed):
            record.tx.pages.mark(page, PageMark.DROPPED, record.now)


def acknowledge_pages(record: Record, subject: Escalating) -> None:
    """Owe the acknowledgement of every page that may ring."""
    for page in record.tx.pages.of(subject.id):
        if page.via is not None and page.sent_at and not page.closed_at:
            _owe_end(record, subject, page, DeliveryKind.PAGE_ACKNOWLEDGE, "acknowledge")


def resolve_pages_before(record: Record, subject: Escalating, epoch: int) -> None:
    """Owe the end of every page that was sent before `epoch` and is not ended yet."""
    for page in record.tx.pages.of(subject.id):
        if page.epoch < epoch and page.via is not None and page.sent_at and not page.closed_at:
            record.tx.pages.mark(page, PageMark.CLOSED, record.now)
            _owe_end(record, subject, page, DeliveryKind.PAGE_RESOLVE, "resolve")


def end_again(record: Record, subject: Escalating, page: PageRecord) -> None:
    """Owe the end of a page that may have gone out after its end had been sent."""
    if page.closed_at or not subject.is_open:
        _owe_end(record, subject, page, DeliveryKind.PAGE_RESOLVE, "resolve")
    elif not is_owed(subject, page.epoch, past_acknowledgement=page.past_acknowledgement):
        _owe_end(record, subject, page, DeliveryKind.PAGE_ACKNOWLEDGE, "acknowledge")


def _raisable(record: Record, subject: Escalating, owed: PageOwed, via: Via | None) -> PageRecord | None:
    """The page of this epoch whose level can be raised instead of paging under a new key."""
    if via is None or via.level is None or subject.path.is_repeat(owed.step):
        return None
    for page in record.tx.pages.of(subject.id):
        if page.epoch == subject.epoch and page.via == via.tier and not page.dropped_at:
            return page
    return None


def _send(
    record: Record,
    subject: Escalating,
    page: PageRecord,
    kind: DeliveryKind,
    *,
    asked_by: str | None = None,
    late: bool = False,
    wait: timedelta = timedelta(),
) -> None:
    raises = kind is DeliveryKind.PAGE_LEVEL
    record.deliver(
        subject,
        kind,
        key=f"{kind}/{subject.id}/{page.epoch}/{page.step}",
        order_key=page.key,
        lane=REST_LANE if raises else f"pagerduty/{page.via}",
        epoch=page.epoch,
        wait=wait,
        payload={
            "step": page.step,
            "tier": page.via,
            "key": page.key,
            "level": page.level,
            "past": page.past_acknowledgement,
            "summary": page_summary(subject, page.step, asked_by=asked_by, late=late),
            "severity": subject.severity.value,
            "source": "security" if subject.security else (subject.service or "platform"),
            "links": page_links(subject, record.directory),
            "channel": subject.channel,
            "room": _open_room(subject),
        },
    )


def _open_room(subject: Escalating) -> str | None:
    """Its room, where it has one by now that anybody can open: a page waits for none."""
    room = subject.room
    return room.id if room and has_room(subject) and not room.private else None


def _owe_end(record: Record, subject: Escalating, page: PageRecord, kind: DeliveryKind, verb: str) -> None:
    record.deliver(
        subject,
        kind,
        key=f"{verb}/{page.key}",
        order_key=page.key,
        lane=f"pagerduty/{page.via}",
        payload={"tier": page.via, "key": page.key},
    )
