"""Incidents as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.duplicates import Fresh
from bot.domain.incident import Incident, Room, Status
from bot.domain.severity import Severity
from bot.domain.slo.note import read_note
from bot.ports.rows.incidents import Incidents
from storage.schema import OPEN, incidents
from storage.statements import Statements
from storage.values import actor_of, length, milliseconds, path_of, path_values

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_C = incidents.c

_ADD = insert(incidents).returning(_C.number)
_SAVE = update(incidents).where(_C.id == bindparam("saved"))
_BY_ID = select(incidents).where(_C.id == bindparam("incident"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_NUMBER = select(incidents).where(_C.number == bindparam("incident"))
_BY_NUMBER_LOCKED = _BY_NUMBER.with_for_update()
_BY_ROOM = select(incidents).where(_C.room_id == bindparam("incident"))
_BY_ROOM_LOCKED = _BY_ROOM.with_for_update()
_OPEN = (
    select(incidents)
    .where(OPEN)
    .order_by(_C.severity, _C.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_SECURITY = (
    select(incidents)
    .where(_C.security.is_(literal_column("true")))
    .order_by(_C.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_NEWEST = 200
"""How many of the newest incidents are looked through: what it costs does not grow with the history."""
_FRESH = (
    select(_C.id, _C.number, _C.severity, _C.title, _C.service, _C.declared_at, _C.drill)
    .where(
        _C.number > select(func.max(_C.number) - literal_column(str(_NEWEST))).scalar_subquery(),
        OPEN,
        _C.declared_at >= bindparam("since", type_=_C.declared_at.type),
        _C.security == bindparam("security", type_=Boolean),
        _C.drill == bindparam("drill", type_=Boolean),
    )
    .order_by(_C.number.desc())
    .limit(literal_column("20"))
)
_LOCK_FREE = (
    select(incidents)
    .where(_C.id.in_(bindparam("ids", expanding=True)))
    .order_by(_C.id)
    .with_for_update(skip_locked=True)
)
_OPEN_OF = (
    select(incidents)
    .where(
        OPEN,
        _C.service == bindparam("of"),
        _C.security == bindparam("security", type_=Boolean),
        _C.drill.is_(literal_column("false")),
    )
    .order_by(_C.severity, _C.number.desc())
    .limit(literal_column("20"))
)
_URGENT = (
    select(_C.number, _C.severity, _C.title)
    .where(
        OPEN,
        _C.severity <= bindparam("least", type_=Text),
        or_(
            bindparam("of", type_=Text).is_(None),
            _C.service.is_(None),
            _C.service == bindparam("of", type_=Text),
        ),
        _C.security == bindparam("security", type_=Boolean),
        _C.drill.is_(literal_column("false")),
    )
    .order_by(_C.severity, _C.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_DURING = (
    select(incidents)
    .where(
        _C.declared_at <= bindparam("until", type_=_C.declared_at.type),
        or_(_C.ended_at.is_(None), _C.ended_at >= bindparam("since", type_=_C.declared_at.type)),
        or_(bindparam("of", type_=Text).is_(None), _C.service == bindparam("of", type_=Text)),
        _C.security.is_(literal_column("false")),
        _C.drill.is_(literal_column("false")),
        _C.status.not_in([literal_column(f"'{status}'") for status in (Status.CANCELLED, Status.MERGED)]),
    )
    .order_by(_C.severity, _C.number.desc())
    .limit(literal_column("100"))
)
_COUNTS = (
    select(_C.severity, _C.status, func.count())
    .where(_C.drill.is_(literal_column("false")))
    .group_by(_C.severity, _C.status)
)


class IncidentRows(Incidents):
    """Incidents over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, incident: Incident) -> Incident:
        number: int | None = self._statements.scalar(_ADD, _values(incident))
        assert number is not None
        return replace(incident, number=number)

    @override
    def save(self, incident: Incident) -> None:
        saved = self._statements.execute(_SAVE, {**_values(incident), "saved": incident.id})
        if saved.rowcount != 1:
            raise LookupError(f"Incident {incident.id} was to be saved, but was never added.")

    @override
    def by_id(self, incident_id: str, *, lock: bool = False) -> Incident | None:
        return self._one(_BY_ID_LOCKED if lock else _BY_ID, incident_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> Incident | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._one(_BY_NUMBER_LOCKED if lock else _BY_NUMBER, number)

    @override
    def by_room(self, room: str, *, lock: bool = False) -> Incident | None:
        return self._one(_BY_ROOM_LOCKED if lock else _BY_ROOM, room)

    @override
    def open(self, limit: int = 200) -> tuple[Incident, ...]:
        return tuple(map(_incident, self._statements.execute(_OPEN, {"most": limit})))

    @override
    def security(self, limit: int = 500) -> tuple[Incident, ...]:
        return tuple(map(_incident, self._statements.execute(_SECURITY, {"most": limit})))

    @override
    def fresh(self, since: datetime, *, security: bool, drill: bool) -> tuple[Fresh, ...]:
        found = self._statements.execute(_FRESH, {"since": since, "security": security, "drill": drill})
        return tuple(
            Fresh(
                id=row.id,
                number=row.number,
                severity=Severity(row.severity),
                title=row.title,
                service=row.service,
                declared_at=row.declared_at,
                drill=row.drill,
            )
            for row in found
        )

    @override
    def open_of(self, service: str, *, security: bool) -> tuple[Incident, ...]:
        found = self._statements.execute(_OPEN_OF, {"of": service, "security": security})
        return tuple(map(_incident, found))

    @override
    def urgent(
        self, least: Severity, service: str | None, limit: int, *, security: bool = False
    ) -> tuple[tuple[int, Severity, str], ...]:
        asked = {"least": least.value, "of": service, "most": limit, "security": security}
        found = self._statements.execute(_URGENT, asked)
        return tuple((number, Severity(severity), title) for number, severity, title in found)

    @override
    def during(self, since: datetime, until: datetime, service: str | None) -> tuple[Incident, ...]:
        span = {"since": since, "until": until, "of": service}
        return tuple(map(_incident, self._statements.execute(_DURING, span)))

    @override
    def lock_free(self, incident_ids: Sequence[str]) -> tuple[Incident, ...]:
        if not incident_ids:
            return ()
        rows = self._statements.connection.execute(_LOCK_FREE, {"ids": list(incident_ids)})
        return tuple(map(_incident, rows))

    @override
    def counts(self) -> tuple[tuple[str, str, int], ...]:
        return tuple(
            (severity, status, count) for severity, status, count in self._statements.execute(_COUNTS)
        )

    def _one(self, statement: Select[Any], key: str | int) -> Incident | None:
        row = self._statements.execute(statement, {"incident": key}).first()
        return _incident(row) if row else None


def _values(incident: Incident) -> dict[str, Any]:
    """Every column but the number, which the database draws."""
    return {
        "id": incident.id,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "title": incident.title,
        "service": incident.service,
        "channel": incident.channel,
        "security": incident.security,
        "path": path_values(incident.path),
        "declared_by_id": incident.declared_by.id,
        "declared_by_name": incident.declared_by.name,
        "declared_at": incident.declared_at,
        "epoch": incident.epoch,
        "epoch_at": incident.epoch_at,
        "next_step": incident.next_step,
        "answers_from": incident.answers_from,
        "answers_after": incident.answers_after,
        "acknowledged_by_id": incident.acknowledged_by.id if incident.acknowledged_by else None,
        "acknowledged_by_name": incident.acknowledged_by.name if incident.acknowledged_by else None,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "ended_by_id": incident.ended_by.id if incident.ended_by else None,
        "ended_by_name": incident.ended_by.name if incident.ended_by else None,
        "ended_at": incident.ended_at,
        "newest_update": incident.update,
        "update_at": incident.update_at,
        "update_due": incident.update_due,
        "update_every_ms": milliseconds(incident.update_every),
        "leadership": incident.leadership,
        "drill": incident.drill,
        "impact": incident.impact,
        "started_at": incident.started_at,
        "detected_at": incident.detected_at,
        "roles": {role: [holder.id, holder.name] for role, holder in incident.roles.items()},
        **_room_values(incident.room),
        "merged_into": incident.merged_into,
        "over_asked_at": incident.over_asked_at,
        "budget": dict(incident.budget.data) if incident.budget else None,
    }


def _room_values(room: Room | None) -> dict[str, Any]:
    return {
        "room_id": room.id if room else None,
        "room_name": room.name if room else None,
        "room_private": room is not None and room.private,
        "room_topic": room.topic if room else None,
        "room_invited": list(room.invited) if room else [],
        "room_archived_at": room.archived_at if room else None,
    }


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        number=row.number,
        severity=Severity(row.severity),
        status=Status(row.status),
        title=row.title,
        service=row.service,
        channel=row.channel,
        security=row.security,
        path=path_of(row.path),
        declared_by=Actor(id=row.declared_by_id, name=row.declared_by_name),
        declared_at=row.declared_at,
        epoch=row.epoch,
        epoch_at=row.epoch_at,
        next_step=row.next_step,
        answers_from=row.answers_from,
        answers_after=row.answers_after,
        acknowledged_by=actor_of(row.acknowledged_by_id, row.acknowledged_by_name),
        acknowledged_at=row.acknowledged_at,
        mitigated_at=row.mitigated_at,
        ended_by=actor_of(row.ended_by_id, row.ended_by_name),
        ended_at=row.ended_at,
        update=row.newest_update,
        update_at=row.update_at,
        update_due=row.update_due,
        update_every=length(row.update_every_ms),
        leadership=row.leadership,
        drill=row.drill,
        impact=row.impact,
        started_at=row.started_at,
        detected_at=row.detected_at,
        roles={role: Actor(id=holder, name=name) for role, (holder, name) in row.roles.items()},
        room=_room(row),
        merged_into=row.merged_into,
        over_asked_at=row.over_asked_at,
        budget=read_note(row.budget) if row.budget else None,
    )


def _room(row: Row[Any]) -> Room | None:
    if row.room_id is None:
        return None
    return Room(
        id=row.room_id,
        name=row.room_name,
        private=row.room_private,
        topic=row.room_topic,
        invited=tuple(row.room_invited),
        archived_at=row.room_archived_at,
    )
