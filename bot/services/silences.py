"""What people do about silences: keep a group quiet for a while, or no longer."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert import AlertGroup
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.silencing import SilenceFor, wish
from bot.domain.text import clock_time
from bot.ports.clock import IdSource
from bot.services.alert_changes import AlertChanges
from bot.services.alert_writing import end_alert_silence
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request
from bot.services.silence_keeping import end_silences, keep_quiet, read_silence

OFF = (
    "Silences are off: opsbot does not know where Alertmanager is. Nothing has changed. "
    "Whoever runs opsbot can set ALERTMANAGER_URL."
)


class Silences:
    """Silences groups in Alertmanager. `is_there`: whether it is known where that is."""

    def __init__(self, *, changes: AlertChanges, ids: IdSource, directory: Directory, is_there: bool) -> None:
        self._changes = changes
        self._ids = ids
        self._directory = directory
        self._is_there = is_there

    async def silence(self, request: Request, ref: Ref, how_long: SilenceFor, comment: str = "") -> Answer:
        """Keep a group quiet; one that is quiet already for longer. Raises DomainError."""

        def act(group: AlertGroup, record: Record) -> str:
            self._check_there()
            until = how_long.end(record.now, self._directory.business)
            self._check_longer(group, until, record)
            alerts = record.tx.alerts.of(group.id, firing=True) if not group.labels else ()
            silence = wish(
                group,
                alerts,
                silence_id=self._ids.new_id(),
                by=request.actor,
                comment=comment,
                now=record.now,
                until=until,
            )
            keep_quiet(record, group, silence)
            return f"{group.label} is silenced until {self._clock_time(until, record.now)}."

        return await self._changes.carry_out(Deed.SILENCE, request, ref, act)

    async def unsilence(self, request: Request, ref: Ref) -> Answer:
        """End a group's silence: what fires begins anew. Raises DomainError."""

        def act(group: AlertGroup, record: Record) -> str:
            self._check_there()
            silence = read_silence(record.tx, group)
            if silence is None:
                raise AlreadyError(f"Nothing to do: {group.label} is not silenced.")
            if silence.foreign:
                raise InvalidError(
                    f"{silence.by.name} silenced {group.label} in Alertmanager itself, perhaps with more "
                    "than it: end that there, and the card will show it."
                )
            end_silences(record, group)
            end_alert_silence(record, group, expired=False)
            return f"{group.label} is not silenced any more."

        return await self._changes.carry_out(Deed.UNSILENCE, request, ref, act)

    def _check_there(self) -> None:
        if not self._is_there:
            raise InvalidError(OFF)

    def _check_longer(self, group: AlertGroup, until: datetime, record: Record) -> None:
        if group.silenced_until is None or group.silenced_until < until or not group.is_open:
            return
        by = f" by {group.silenced_by.name}" if group.silenced_by else ""
        raise AlreadyError(
            f"{group.label} is silenced until {self._clock_time(group.silenced_until, record.now)}{by} "
            f"already. To let it be heard earlier, end that first: `/alerts unsilence {group.label}`."
        )

    def _clock_time(self, at: datetime, now: datetime) -> str:
        zone = self._directory.guide.organization.zone
        return clock_time(at.astimezone(zone), now.astimezone(zone))
