"""The outbox at work: claim what may go, send it, settle what became of it.

Claiming and settling are transactions, sending is outside both. Dying anywhere between loses nothing:
an unsettled delivery's lease runs out, and it is sent again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.actor import OPSBOT
from bot.domain.delivery import QUIET, Delivery, Recipient
from bot.domain.directory import Directory
from bot.domain.lane import take
from bot.ports.clock import Clock, IdSource
from bot.ports.failures import DeliveryFailure, PermanentFailure, UnknownOutcome
from bot.ports.meter import Meter
from bot.ports.probe import Probe
from bot.ports.store import Store, Transaction
from bot.services.loading import is_still_owed, load
from bot.services.record import Record
from bot.services.sending import Sender
from bot.services.settling import settle_failure, settle_success
from bot.services.work import Claimed

LEASE = timedelta(seconds=15)
"""How long a claimed delivery is its claimer's. Sends take 10 s at most, with a look first 11.5 s."""

_log = logging.getLogger(__name__)


class Deliveries:
    """Claims, sends and settles what is owed to one recipient at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: IdSource,
        directory: Directory,
        sender: Sender,
        probe: Probe,
        meter: Meter,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory
        self._sender = sender
        self._probe = probe
        self._meter = meter

    async def claim(self, recipient: Recipient, limit: int) -> tuple[Claimed, ...]:
        """Take up to `limit` deliveries that may go now; those that are no longer owed are dropped."""
        token = self._ids.new_id()

        def body(tx: Transaction) -> tuple[Claimed, ...]:
            now = self._clock.now()
            owed: list[Delivery] = []
            for delivery in tx.outbox.ready(recipient, now, limit):
                if is_still_owed(tx, delivery, now, self._directory):
                    owed.append(delivery)
                else:
                    tx.outbox.drop([delivery.key])
            going = _through_lanes(tx, owed, now)
            if going:
                tx.outbox.lease([one.key for one in going], token, now + LEASE)
            return tuple(self._loaded(tx, going, token, now))

        return await self._store.transaction(f"claim_{recipient}", body)

    async def seconds_until_next(self, recipient: Recipient) -> float | None:
        """Seconds until the next delivery may be tried, 0 where one only waits for its lane or turn."""
        soonest = await self._store.read(lambda tx: tx.outbox.soonest(recipient))
        return None if soonest is None else max(0.0, (soonest - self._clock.now()).total_seconds())

    async def carry_out(self, claimed: Claimed) -> None:
        """Send one claimed delivery and write down what became of it."""
        delivery = claimed.delivery
        recipient = delivery.kind.recipient
        self._probe(f"{recipient}.before_send")
        try:
            sent = await self._sender.send(claimed.work)
        except DeliveryFailure as failure:
            await self._failed(claimed, failure)
            return
        except Exception as error:  # noqa: BLE001 - a bug in one send must not stop the others
            _log.exception("delivery failed unexpectedly", extra={"delivery": delivery.key})
            await self._failed(claimed, UnknownOutcome(f"unexpected {type(error).__name__}"))
            return
        self._probe(f"{recipient}.after_send")

        def body(tx: Transaction) -> None:
            settle_success(self._record(tx), claimed, sent)

        await self._store.transaction(f"settle_{recipient}", body)
        self._meter.count_delivery(delivery.kind, "done")

    async def _failed(self, claimed: Claimed, failure: DeliveryFailure) -> None:
        delivery = claimed.delivery
        _log.log(
            _level(delivery, failure),
            "delivery failed: %s",
            failure.reason,
            extra={"delivery": delivery.key, "incident": delivery.subject, "attempt": delivery.attempts},
        )

        self._meter.count_delivery(delivery.kind, type(failure).__name__)

        def body(tx: Transaction) -> None:
            settle_failure(self._record(tx), claimed, failure)

        await self._store.transaction(f"settle_{delivery.kind.recipient}", body)

    def _loaded(self, tx: Transaction, going: list[Delivery], token: str, now: datetime) -> Iterator[Claimed]:
        """What each leased delivery has to say; one that cannot be read must not hold up the others."""
        for one in going:
            tried = replace(one, attempts=one.attempts + 1)
            try:
                yield Claimed(token=token, work=load(tx, tried, now, self._directory))
            except (LookupError, ValueError, TypeError) as error:
                _log.exception("a delivery cannot be read; buried", extra={"delivery": one.key})
                tx.outbox.bury(one, token, f"unreadable: {type(error).__name__}")

    def _record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory)


def _level(delivery: Delivery, failure: DeliveryFailure) -> int:
    if delivery.kind in QUIET:
        return logging.INFO
    return logging.ERROR if isinstance(failure, PermanentFailure) else logging.WARNING


def _through_lanes(tx: Transaction, owed: list[Delivery], now: datetime) -> list[Delivery]:
    """Those that their lanes let through now; each takes its place in them."""
    free = tx.lanes.lock(sorted({name for one in owed for name in _lanes(one)}))
    changed: dict[str, datetime] = {}
    going: list[Delivery] = []
    for one in owed:
        places = {name: take(changed.get(name, free[name]), name, now) for name in _lanes(one)}
        taken = {name: at for name, at in places.items() if at is not None}
        if len(taken) == len(places):
            changed.update(taken)
            going.append(one)
    for name, at in changed.items():
        tx.lanes.free_at(name, at)
    return going


def _lanes(delivery: Delivery) -> tuple[str, ...]:
    return tuple(name for name in (delivery.lane, delivery.method) if name)
