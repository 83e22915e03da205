"""Whether what a silence needs is still owed, and what it is."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert import AlertGroup, Silence, SilenceState
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.silencing import written_by
from bot.domain.subject import Subject
from bot.ports.silencer import SilenceWish
from bot.ports.store import Transaction
from bot.services.reading import Reading
from bot.services.work import EndSilence, LookAtAlerts, SetSilence, SilenceWork

_OWED = {DeliveryKind.SILENCE_SET: SilenceState.WANTED, DeliveryKind.SILENCE_END: SilenceState.ENDING}


def is_silence_owed(tx: Transaction, subject: Subject, delivery: Delivery, now: datetime) -> bool:
    """Whether it is still to be done: what has ended by itself needs no more."""
    if delivery.kind is DeliveryKind.SILENCE_LOOK:
        until = subject.silenced_until if isinstance(subject, AlertGroup) else None
        return until is not None and until <= now
    silence = tx.silences.one(delivery.payload["silence"])
    if silence is None or silence.ends_at <= now:
        return False
    return "remote" in delivery.payload or silence.state is _OWED[delivery.kind]


def load_silence(reading: Reading) -> SilenceWork:
    """What there is to do. Raises LookupError where a row that it needs is gone."""
    group, delivery = reading.group, reading.delivery
    if delivery.kind is DeliveryKind.SILENCE_LOOK:
        firing = reading.tx.alerts.of(group.id, firing=True)
        fingerprints = frozenset(alert.fingerprint for alert in firing)
        return LookAtAlerts(delivery=delivery, labels=group.labels, fingerprints=fingerprints)
    silence = reading.tx.silences.one(delivery.payload["silence"])
    if silence is None:
        raise LookupError(delivery.key)
    if delivery.kind is DeliveryKind.SILENCE_SET:
        return SetSilence(delivery=delivery, wish=_wish(group, silence))
    remote_id = delivery.payload.get("remote") or silence.remote_id
    return EndSilence(delivery=delivery, silence=silence.id, remote_id=remote_id)


def _wish(group: AlertGroup, silence: Silence) -> SilenceWish:
    by, comment = written_by(group, silence)
    return SilenceWish(
        mark=silence.id,
        matchers=silence.matchers,
        by=by,
        comment=comment,
        starts_at=silence.starts_at,
        ends_at=silence.ends_at,
    )
