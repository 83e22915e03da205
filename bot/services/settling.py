"""Writes down what became of a delivery, with everything that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.delivery import Delivery, DeliveryKind, NextMove, Recipient, Verdict, after_failure
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.page import PageRecord
from bot.ports.chat import CardGoneError
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.store import Transaction
from bot.services.cards import read_card
from bot.services.loading import Claimed, ConfirmPage, RaiseLevel, SendCard, SendPage, Work
from bot.services.page_trouble import tell_page_trouble
from bot.services.pager_news import EDIT_WAIT, apply_news, news_of
from bot.services.record import Record
from bot.services.sending import Answered, Posted, Seen, Sent

CONFIRM_AFTER = timedelta(seconds=5)
"""How long the paging service has to make an incident of an accepted page before it is looked for."""


def settle_success(record: Record, claimed: Claimed, sent: Sent) -> None:
    """It was carried out. What was learned is true even where the lease was lost meanwhile."""
    work, tx = claimed.work, record.tx
    incident = _locked(tx, work.delivery)
    tx.outbox.settle(work.delivery, claimed.token)
    if isinstance(work, SendCard) and isinstance(sent, Posted):
        tx.messages.save(incident.id, sent.at)
        # Where it was in doubt, the message that was found may show what an earlier try knew.
        if work.delivery.uncertain or read_card(tx, incident, record.directory) != work.card:
            record.show(incident)
    if isinstance(work, SendPage | RaiseLevel | ConfirmPage):
        page = tx.pages.one(incident.id, work.delivery.epoch, work.step)
        if page is not None:
            _page_settled(record, incident, page, work.delivery, sent)


def settle_failure(record: Record, claimed: Claimed, failure: DeliveryFailure) -> None:
    """It was not carried out, or nobody knows: try again later, or give up and say so."""
    delivery = claimed.delivery
    incident = _locked(record.tx, delivery)
    if isinstance(failure, CardGoneError) and isinstance(claimed.work, SendCard) and claimed.work.at:
        record.tx.messages.forget(claimed.work.at)
        record.tx.outbox.settle(delivery, claimed.token)
        record.show(incident)
        return
    retry_after = failure.retry_after if isinstance(failure, TemporaryFailure) else None
    verdict = after_failure(
        delivery.kind,
        delivery.attempts,
        permanent=isinstance(failure, PermanentFailure),
        retry_after=retry_after,
    )
    if isinstance(failure, TemporaryFailure) and failure.lane and retry_after:
        record.tx.lanes.block(failure.lane, record.now + retry_after)
    if _put_back(record, claimed, verdict, failure) and verdict.tell:
        _tell(record, incident, claimed.work, failure)


def _put_back(record: Record, claimed: Claimed, verdict: Verdict, failure: DeliveryFailure) -> bool:
    outbox, delivery = record.tx.outbox, claimed.delivery
    if verdict.move is NextMove.GIVE_UP:
        return outbox.bury(delivery, claimed.token, failure.reason)
    uncertain = delivery.uncertain or isinstance(failure, UnknownOutcome)
    until = record.now + verdict.wait
    return outbox.postpone(delivery, claimed.token, until, uncertain=uncertain, why=failure.reason)


def _page_settled(
    record: Record, incident: Incident, page: PageRecord, delivery: Delivery, sent: Sent
) -> None:
    if isinstance(sent, Answered):
        never_sent = page.accepted_at is None and delivery.attempts == 1
        sent_at = None if never_sent else page.sent_at
        record.tx.pages.save(replace(page, dropped_at=record.now, sent_at=sent_at))
        earlier = _page_by_key(record, page, sent.shown.key)
        apply_news(record, incident, earlier, news_of(sent.shown))
        return
    if isinstance(sent, Seen):
        apply_news(record, incident, page, news_of(sent.shown))
        return
    if page.accepted_at is not None:
        return
    record.tx.pages.save(replace(page, accepted_at=record.now))
    record.resolve_pages_before(incident, page.epoch)
    if record.directory.can_look_up:
        record.confirm_later(incident, page, CONFIRM_AFTER)
    record.show(incident, wait=EDIT_WAIT)


def _page_by_key(record: Record, page: PageRecord, key: str) -> PageRecord:
    pages = record.tx.pages.of(page.incident)
    return next(one for one in pages if one.key == key and one.epoch == page.epoch)


def _tell(record: Record, incident: Incident, work: Work, failure: DeliveryFailure) -> None:
    delivery = work.delivery
    if isinstance(work, SendPage | RaiseLevel):
        page = record.tx.pages.one(incident.id, delivery.epoch, work.step)
        if page is not None and page.told_at is None:
            tell_page_trouble(record, incident, page, EventKind.PAGE_FAILING, failure.reason)
    elif delivery.kind is not DeliveryKind.PAGE_CONFIRM:
        # A line about a line that Slack refuses would be refused too: that is for logs and health.
        told = delivery.kind.recipient is Recipient.PAGER
        data: EventData = {"delivery": delivery.kind.value, "reason": failure.reason}
        record.tell(incident, Happened(kind=EventKind.DELIVERY_DIED, data=data, told=told, loud=told))


def _locked(tx: Transaction, delivery: Delivery) -> Incident:
    incident = tx.incidents.by_id(delivery.subject, lock=True)
    if incident is None:
        raise LookupError(delivery.subject)
    return incident
