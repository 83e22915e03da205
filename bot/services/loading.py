"""Whether a delivery is still owed, and what it has to say as things are now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.card import IncidentCard, MessageRef
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.escalation import is_owed
from bot.domain.incident import Incident
from bot.domain.page import PageMark, PageRecord
from bot.domain.severity import Severity
from bot.ports.chat import Line
from bot.ports.pager import Link, Page
from bot.ports.store import Transaction
from bot.services.cards import read_card


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCard:
    """Show the card: in its message, or in a new one."""

    delivery: Delivery
    card: IncidentCard
    at: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLine:
    """Say a line in the card's thread."""

    delivery: Delivery
    line: Line
    thread: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage:
    """Page a tier. `earlier` are the keys under which this epoch has paged before."""

    delivery: Delivery
    page: Page
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLevel:
    """Raise the paging service's incident to a level. `earlier` are the keys that were paged until now."""

    delivery: Delivery
    key: str
    level: int
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """Look whether the paging service shows an incident for a page."""

    delivery: Delivery
    key: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPage:
    """Acknowledge or resolve what was triggered under a key."""

    delivery: Delivery
    tier: str
    key: str


MOST_LOOKS = 4
"""Pages that are asked for before another one goes. People answer what has rung last."""

Work = SendCard | SendLine | SendPage | RaiseLevel | ConfirmPage | EndPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Work that is this process's to do until its lease, known by `token`, runs out."""

    token: str
    work: Work

    @property
    def delivery(self) -> Delivery:
        """The outbox's row as it was claimed."""
        return self.work.delivery


def is_still_owed(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """Whether it is still to be sent. A page that is not, and was never taken, is marked as dropped."""
    if delivery.kind not in {DeliveryKind.PAGE, DeliveryKind.PAGE_LEVEL, DeliveryKind.PAGE_CONFIRM}:
        return True
    incident = tx.incidents.by_id(delivery.subject)
    if incident is None:
        return False
    if is_owed(incident, delivery.epoch, past_acknowledgement=bool(delivery.payload.get("past"))):
        return True
    record = tx.pages.one(incident.id, delivery.epoch, delivery.payload["step"])
    if record and record.accepted_at is None:
        tx.pages.mark(record, PageMark.DROPPED, now)
    return False


def load(tx: Transaction, delivery: Delivery, now: datetime, directory: Directory) -> Work:
    """What there is to send, as things are now. Raises LookupError where a row that it needs is gone.

    A page is marked as sent in this transaction: from now on it may ring.
    """
    incident = tx.incidents.by_id(delivery.subject)
    if incident is None:
        raise LookupError(delivery.subject)
    match delivery.kind:
        case DeliveryKind.CARD:
            return _card(tx, delivery, incident, directory)
        case DeliveryKind.LINE:
            return _line(tx, delivery, incident, directory)
        case DeliveryKind.PAGE | DeliveryKind.PAGE_LEVEL:
            return _page(tx, delivery, incident, now)
        case DeliveryKind.PAGE_CONFIRM:
            facts = delivery.payload
            return ConfirmPage(delivery=delivery, key=facts["key"], step=facts["step"])
        case DeliveryKind.PAGE_ACKNOWLEDGE | DeliveryKind.PAGE_RESOLVE:
            facts = delivery.payload
            return EndPage(delivery=delivery, tier=facts["tier"], key=facts["key"])


def _card(tx: Transaction, delivery: Delivery, incident: Incident, directory: Directory) -> SendCard:
    card = read_card(tx, incident, directory)
    return SendCard(delivery=delivery, card=card, at=tx.messages.of(incident.id))


def _line(tx: Transaction, delivery: Delivery, incident: Incident, directory: Directory) -> SendLine:
    facts = delivery.payload
    event = tx.events.one(incident.id, facts["sequence"])
    if event is None:
        raise LookupError(delivery.key)
    team = directory.team(incident.service, security=incident.security) if facts["team"] else None
    line = Line(
        key=delivery.key,
        card=read_card(tx, incident, directory),
        event=event,
        mentions=directory.mentions(facts["tiers"], team, people=facts["people"]),
        loud=facts["loud"],
        channel=facts.get("channel"),
    )
    return SendLine(delivery=delivery, line=line, thread=tx.messages.of(incident.id))


def _page(tx: Transaction, delivery: Delivery, incident: Incident, now: datetime) -> SendPage | RaiseLevel:
    facts = delivery.payload
    record = tx.pages.one(incident.id, delivery.epoch, facts["step"])
    if record is None:
        raise LookupError(delivery.key)
    tx.pages.mark(record, PageMark.SENT, now)
    step = record.step
    if delivery.kind is DeliveryKind.PAGE_LEVEL:
        earlier = _paged_keys(tx, incident, record, and_its_own=True)  # that one has been triggered
        return RaiseLevel(
            delivery=delivery, key=facts["key"], level=facts["level"], step=step, earlier=earlier
        )
    earlier = _paged_keys(tx, incident, record)
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
    )


def _paged_keys(
    tx: Transaction, incident: Incident, record: PageRecord, *, and_its_own: bool = False
) -> tuple[str, ...]:
    """The newest keys that were paged before, and to which any answer counts, the newest first.

    None where nobody waits for an answer.
    """
    if record.past_acknowledgement:
        return ()
    before = (record.epoch, record.step + 1 if and_its_own else record.step)
    since = incident.answers_from if incident.answers_after is None else incident.epoch
    pages = (
        page
        for page in tx.pages.of(record.incident)
        if page.epoch >= since and (page.epoch, page.step) < before
    )
    sent = [page.key for page in pages if page.via and page.sent_at and not page.closed_at]
    return tuple(dict.fromkeys(reversed(sent)))[:MOST_LOOKS]
