"""Keeps a group quiet, or no longer: rows, timers and what is owed to the silencer. The group is locked.

A silence is wanted, then active, then over; or its end is wanted before that. Each step is written before
it is owed, and settled after it was done, so that dying anywhere leaves something that is owed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.alert import AlertGroup, Silence, SilenceState
from bot.domain.delivery import DeliveryKind
from bot.domain.timer import Timer, silence_timer
from bot.ports.store import Transaction
from bot.services.alert_writing import end_alert_silence, silence_alert
from bot.services.record import Record

LANE = "alertmanager"
SKEW = timedelta(seconds=5)
"""How much later than its end is looked whether it fires still: the silencer has a clock of its own."""

_BEGUN = frozenset({SilenceState.WANTED, SilenceState.ACTIVE, SilenceState.ENDING})


def read_silence(tx: Transaction, group: AlertGroup) -> Silence | None:
    """The silence that keeps a group quiet, or is about to: where there are several the one that lasts."""
    standing = [one for one in tx.silences.of(group.id) if one.is_standing]
    return max(standing, key=lambda one: (one.ends_at, one.starts_at), default=None)


def keep_quiet(record: Record, group: AlertGroup, silence: Silence) -> AlertGroup:
    """Somebody wants a silence: nobody is paged from now on, and the silencer is owed it."""
    record.tx.silences.save(silence)
    record.tx.timers.set(silence_timer(group.id, silence.id, silence.ends_at))
    _owe(record, group, DeliveryKind.SILENCE_SET, silence)
    return say_quiet(record, group, silence)


def say_quiet(record: Record, group: AlertGroup, silence: Silence) -> AlertGroup:
    """The group is quiet by this silence."""
    return silence_alert(replace(record, actor=silence.by), group, silence.ends_at, silence.comment)


def end_silences(record: Record, group: AlertGroup, *, for_one: Silence | None = None) -> None:
    """Every silence of the bot's own that is not over is to end; `for_one`: those that end before this one.

    One that lasts longer may be wanted already, and not have been taken yet.
    """
    for silence in record.tx.silences.of(group.id):
        stays = for_one is not None and silence.ends_at >= for_one.ends_at
        if silence.is_standing and not silence.foreign and not stays:
            record.tx.silences.save(replace(silence, state=SilenceState.ENDING, told_at=None))
            _owe(record, group, DeliveryKind.SILENCE_END, silence)


def end_twin(record: Record, group: AlertGroup, silence: Silence, remote_id: str) -> None:
    """It was made twice: what nobody wants ends."""
    _owe(record, group, DeliveryKind.SILENCE_END, silence, remote=remote_id)


def over(record: Record, group: AlertGroup) -> None:
    """The rows of silences that have ended by themselves by now say so."""
    for silence in record.tx.silences.of(group.id):
        if silence.state in _BEGUN and silence.ends_at <= record.now:
            record.tx.silences.save(replace(silence, state=SilenceState.OVER))


def fire_silence_over(record: Record, group: AlertGroup, _timer: Timer) -> None:
    """A silence has ended. Alertmanager tells nobody so: it is looked whether the group fires still."""
    if group.silenced_until is None or group.silenced_until > record.now:
        over(record, group)
        return
    if not group.is_open:
        over(record, group)
        end_alert_silence(record, group, expired=True)
        return
    until = int(group.silenced_until.timestamp() * 1000)
    record.deliver(
        group,
        DeliveryKind.SILENCE_LOOK,
        key=f"silence-look/{group.id}/{until}",
        order_key=f"silence/{group.id}",
        lane=LANE,
        payload={},
        wait=SKEW,
    )


def _owe(
    record: Record, group: AlertGroup, kind: DeliveryKind, silence: Silence, *, remote: str | None = None
) -> None:
    twin = f"/{remote}" if remote else ""
    record.deliver(
        group,
        kind,
        key=f"{kind.value.replace('_', '-')}/{silence.id}{twin}",
        order_key=f"silence/{group.id}",
        lane=LANE,
        payload={"silence": silence.id, **({"remote": remote} if remote else {})},
    )
