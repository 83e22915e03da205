"""Incidents that may be one: people are asked, and whoever may end one merges it into the other."""

from __future__ import annotations

from datetime import datetime

from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.duplicates import Fresh, likely_same
from bot.domain.errors import DomainError
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.merging import leave, merge
from bot.domain.outcome import Happened
from bot.domain.rights import Rights
from bot.domain.text import duration
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alert_follows import move_alerts
from bot.services.answers import changed
from bot.services.cards import read_card
from bot.services.find import find_incident
from bot.services.receipts import Refusal, answered, earlier_reply, keep_answer, keep_refusal
from bot.services.record import Record
from bot.services.requests import Answer, MergeOffer, Ref, Request
from bot.services.writing import write_outcome


class Merging:
    """Merges one incident into another."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._rights = rights

    async def merge(self, request: Request, ref: Ref, into: Ref) -> Answer:
        """End one as part of the other. Raises DomainError in words for the one who asked."""
        now = self._clock.now()

        def body(tx: Transaction) -> Answer | Refusal:
            earlier = earlier_reply(tx, request)
            if earlier is not None:
                return earlier
            record = Record(tx=tx, now=now, actor=request.actor, directory=self._directory)
            incident = None
            try:
                incident, kept = _both(tx, request, ref, into)
                if ref.epoch is not None:
                    incident.check_epoch(ref.epoch)
                for one in (incident, kept):
                    self._rights.check_on(Deed.MERGE, request.actor, one, request.channel)
                merged = merge(incident, kept, request.actor, now)
            except DomainError as error:
                return keep_refusal(record, request, error, Deed.MERGE, incident)
            write_outcome(record, merged.ended)
            move_alerts(record, merged.ended.incident, merged.kept.incident)
            write_outcome(record, merged.kept)
            card = read_card(tx, merged.ended.incident, self._directory)
            return keep_answer(record, request, Answer(text=changed(card, now), card=card))

        return answered(await self._store.transaction(Deed.MERGE.value, body))


def ask_whether_same(record: Record, incident: Incident) -> tuple[str, MergeOffer | None]:
    """Ask in the thread of a fresh incident whether it is one that is open. Returns what to answer, too.

    The answer says nothing of a security incident: it may be read by somebody who may not know of it.
    """
    within = record.directory.guide.incidents.same_within
    if within is None:
        return "", None
    since = record.now - within
    others = record.tx.incidents.fresh(since, security=incident.security, drill=incident.drill)
    other = likely_same(incident, others, since)
    if other is None:
        return "", None
    offer = _offer(incident, other)
    record.tell(incident, _asked(incident, other, offer, record.now))
    if incident.security:
        return "", None
    command = f"`/incident merge {offer.ended_number} into {offer.kept_number}`"
    ago = duration(record.now - other.declared_at)
    return f" Same as {other.label} ({other.title}), declared {ago} ago? Then {command}.", offer


def tell_left(record: Record, merged: Incident) -> None:
    """Tell the one that took in `merged`, which is being reopened, that it is by itself again."""
    if merged.merged_into is None:
        return
    kept = record.tx.incidents.by_number(merged.merged_into, lock=True)
    if kept is not None:
        record.tell(kept, leave(merged))


def _offer(incident: Incident, other: Fresh) -> MergeOffer:
    """The one that is not as bad ends; of two that are as bad, the newer one."""
    ended, kept = (other, incident) if incident.severity.is_worse_than(other.severity) else (incident, other)
    return MergeOffer(ended=ended.id, ended_number=ended.number, kept=kept.id, kept_number=kept.number)


def _asked(incident: Incident, other: Fresh, offer: MergeOffer, now: datetime) -> Happened:
    """The question. Who declares a security incident reads in its room, and may not know of the other one."""
    title = f"Security incident {other.number}" if incident.security else other.title
    return Happened(
        kind=EventKind.LIKELY_SAME,
        data={
            "label": other.label,
            "title": title,
            "seconds": round((now - other.declared_at).total_seconds()),
            "ended": offer.ended,
            "ended_number": offer.ended_number,
            "kept": offer.kept,
            "kept_number": offer.kept_number,
        },
        told=True,
    )


def _both(tx: Transaction, request: Request, ref: Ref, into: Ref) -> tuple[Incident, Incident]:
    """Both, locked in the order of their ids: two who merge the same ones wait for each other only once."""
    found = [find_incident(tx, request, one, verb="merge") for one in (ref, into)]
    locked = {one: tx.incidents.by_id(one, lock=True) for one in sorted({one.id for one in found})}
    incident, kept = (locked[one.id] for one in found)
    assert incident is not None
    assert kept is not None
    return incident, kept
