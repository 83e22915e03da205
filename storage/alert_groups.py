"""Alert groups as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from typing_extensions import override

from bot.domain.alert import AlertGroup, AlertSource, AlertStatus
from bot.domain.severity import Severity
from bot.ports.rows.alerts import AlertGroups
from storage.schema import FIRING, alert_groups, alerts, messages, silences
from storage.statements import Statements
from storage.values import actor_of, length, milliseconds, path_of, path_values

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_G = alert_groups.c

_LOCK_KEY = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("wanted"))))
_ADD = insert(alert_groups).returning(_G.number)
_SAVE = update(alert_groups).where(_G.id == bindparam("saved"))
_BY_ID = select(alert_groups).where(_G.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_NUMBER = select(alert_groups).where(_G.number == bindparam("wanted"))
_BY_NUMBER_LOCKED = _BY_NUMBER.with_for_update()
_NEWEST = (
    select(alert_groups)
    .where(_G.key == bindparam("wanted"))
    .order_by(_G.number.desc())
    .limit(literal_column("1"))
    .with_for_update()
)
_FIRING = (
    select(alert_groups)
    .where(FIRING)
    .order_by(_G.severity, _G.number.desc())
    .limit(bindparam("most", type_=Integer))
)
# Most groups ever are in no storm: a planner that knows no better must not look for those in that index.
_IN_NO_STORM = func.coalesce(_G.storm, literal_column("''")) == literal_column("''")
_WAITS = (FIRING, _G.acknowledged_by_id.is_(None), _G.silenced_until.is_(None), _IN_NO_STORM)
_WAITING = (
    select(alert_groups)
    .where(*_WAITS)
    .order_by(_G.severity, _G.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_COUNT_WAITING = select(func.count()).select_from(alert_groups).where(*_WAITS)
_PAGING = (
    select(_G.number, _G.severity, _G.name)
    .where(
        FIRING,
        _G.silenced_until.is_(None),
        _G.security == bindparam("security", type_=Boolean),
        or_(
            bindparam("wanted", type_=Text).is_(None),
            _G.service.is_(None),
            _G.service == bindparam("wanted", type_=Text),
        ),
        _G.path["pages"].as_boolean(),
        or_(_G.paged_at.is_not(None), _G.path["at_once"].as_boolean()),
    )
    .order_by(_G.severity, _G.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_SECURITY = (
    select(alert_groups)
    .where(_G.security.is_(literal_column("true")))
    .order_by(_G.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_OF_INCIDENT = select(alert_groups).where(_G.incident == bindparam("wanted")).order_by(_G.number)
_FIRST_OF_INCIDENT = (
    select(alert_groups)
    .where(_G.incident == bindparam("wanted"))
    .order_by(case((FIRING, literal_column("0")), else_=literal_column("1")), _G.severity, _G.number)
    .limit(bindparam("most", type_=Integer))
)
_KNOWN_AND_FIRING: tuple[Any, ...] = (func.count(), func.count(case((FIRING, _G.number))))
_COUNT_OF_INCIDENT = select(*_KNOWN_AND_FIRING).where(_G.incident == bindparam("wanted"))
_LAST_FIRED = select(func.max(_G.fired_at)).where(_G.incident == bindparam("wanted"))
_MEMBERS = select(alert_groups).where(_G.storm == bindparam("wanted")).order_by(_G.severity, _G.number)
_MEMBER_COUNTS = (
    select(_G.service, _G.severity, _G.status, func.count())
    .where(_G.storm == bindparam("wanted"))
    .group_by(_G.service, _G.severity, _G.status)
)
_CARDED_SINCE = (
    select(func.count())
    .select_from(alert_groups)
    .where(_G.channel == bindparam("wanted"), _G.carded_at > bindparam("since", type_=_G.carded_at.type))
)
_RECEIVERS = select(_G.receiver).where(_G.receiver.is_not(None)).distinct()
_LOCK_FREE = (
    select(alert_groups)
    .where(_G.id.in_(bindparam("ids", expanding=True)))
    .order_by(_G.id)
    .with_for_update(skip_locked=True)
)
_STATE: ColumnElement[str] = case(  # as `AlertGroup.state` has it
    (_G.silenced_until.is_not(None), literal_column("'silenced'")),
    (_G.acknowledged_by_id.is_not(None), literal_column("'acknowledged'")),
    else_=literal_column("'firing'"),
)
_COUNTED_BY: tuple[Any, ...] = (_G.severity, _STATE.label("state"), func.count())
_COUNTS = select(*_COUNTED_BY).where(FIRING).group_by(_G.severity, literal_column("2"))
_OLD = select(_G.id).where(
    _G.changed_at < bindparam("before", type_=_G.changed_at.type),
    _G.status != literal_column("'firing'"),
    _G.incident.is_(None),
)
_FORGET_PARTS = tuple(
    delete(column.table).where(column.in_(_OLD))
    for column in (alerts.c.group, silences.c.group, messages.c.subject)
)
_FORGET_GROUPS = delete(alert_groups).where(_G.id.in_(_OLD))


class AlertGroupRows(AlertGroups):
    """Alert groups over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, group: AlertGroup) -> AlertGroup:
        number: int | None = self._statements.scalar(_ADD, _values(group))
        assert number is not None
        return replace(group, number=number)

    @override
    def save(self, group: AlertGroup) -> None:
        saved = self._statements.execute(_SAVE, {**_values(group), "saved": group.id})
        if saved.rowcount != 1:
            raise LookupError(f"Alert group {group.id} was to be saved, but was never added.")

    @override
    def by_id(self, group_id: str, *, lock: bool = False) -> AlertGroup | None:
        return self._one(_BY_ID_LOCKED if lock else _BY_ID, group_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> AlertGroup | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._one(_BY_NUMBER_LOCKED if lock else _BY_NUMBER, number)

    @override
    def newest_of(self, key: str) -> AlertGroup | None:
        if self._statements.connection.dialect.name == "postgresql":  # what is not there cannot be locked
            self._statements.execute(_LOCK_KEY, {"wanted": key})
        return self._one(_NEWEST, key)

    @override
    def firing(self, limit: int = 1000) -> tuple[AlertGroup, ...]:
        return tuple(map(_group, self._statements.execute(_FIRING, {"most": limit})))

    @override
    def waiting(self, limit: int) -> tuple[tuple[AlertGroup, ...], int]:
        first = self._statements.execute(_WAITING, {"most": limit})
        return tuple(map(_group, first)), int(self._statements.scalar(_COUNT_WAITING, {}) or 0)

    @override
    def paging(
        self, service: str | None, limit: int, *, security: bool = False
    ) -> tuple[tuple[int, Severity, str], ...]:
        asked = {"wanted": service, "most": limit, "security": security}
        found = self._statements.execute(_PAGING, asked)
        return tuple((number, Severity(severity), name) for number, severity, name in found)

    @override
    def security(self, limit: int = 500) -> tuple[AlertGroup, ...]:
        return tuple(map(_group, self._statements.execute(_SECURITY, {"most": limit})))

    @override
    def of_incident(self, incident: str) -> tuple[AlertGroup, ...]:
        return tuple(map(_group, self._statements.execute(_OF_INCIDENT, {"wanted": incident})))

    @override
    def first_of_incident(self, incident: str, limit: int) -> tuple[AlertGroup, ...]:
        rows = self._statements.execute(_FIRST_OF_INCIDENT, {"wanted": incident, "most": limit})
        return tuple(map(_group, rows))

    @override
    def count_of_incident(self, incident: str) -> tuple[int, int]:
        row = self._statements.execute(_COUNT_OF_INCIDENT, {"wanted": incident}).first()
        known, firing = row
        return firing, known - firing

    @override
    def last_fired(self, incident: str) -> datetime | None:
        found: datetime | None = self._statements.scalar(_LAST_FIRED, {"wanted": incident})
        return found

    @override
    def members(self, storm: str) -> tuple[AlertGroup, ...]:
        return tuple(map(_group, self._statements.execute(_MEMBERS, {"wanted": storm})))

    @override
    def member_counts(self, storm: str) -> tuple[tuple[str | None, Severity, AlertStatus, int], ...]:
        return tuple(
            (service, Severity(severity), AlertStatus(status), count)
            for service, severity, status, count in self._statements.execute(
                _MEMBER_COUNTS, {"wanted": storm}
            )
        )

    @override
    def carded_since(self, channel: str, since: datetime) -> int:
        return int(self._statements.scalar(_CARDED_SINCE, {"wanted": channel, "since": since}) or 0)

    @override
    def receivers(self) -> frozenset[str]:
        return frozenset(self._statements.scalars(_RECEIVERS, {}))

    @override
    def lock_free(self, group_ids: Sequence[str]) -> tuple[AlertGroup, ...]:
        if not group_ids:
            return ()
        rows = self._statements.connection.execute(_LOCK_FREE, {"ids": list(group_ids)})
        return tuple(map(_group, rows))

    @override
    def counts(self) -> tuple[tuple[str, str, int], ...]:
        return tuple((severity, state, count) for severity, state, count in self._statements.execute(_COUNTS))

    @override
    def forget(self, before: datetime) -> int:
        for statement in _FORGET_PARTS:
            self._statements.execute(statement, {"before": before})
        return self._statements.execute(_FORGET_GROUPS, {"before": before}).rowcount

    def _one(self, statement: Select[Any], key: str | int) -> AlertGroup | None:
        row = self._statements.execute(statement, {"wanted": key}).first()
        return _group(row) if row else None


def _values(group: AlertGroup) -> Mapping[str, Any]:
    """Every column but the number, which the database draws."""
    return {
        "id": group.id,
        "source": group.source.value,
        "key": group.key,
        "receiver": group.receiver,
        "name": group.name,
        "summary": group.summary,
        "labels": dict(group.labels),
        "severity": group.severity.value,
        "channel": group.channel,
        "team": group.team,
        "service": group.service,
        "security": group.security,
        "path": path_values(group.path),
        "status": group.status.value,
        "firing": group.firing,
        "resolved": group.resolved,
        "truncated": group.truncated,
        "runbook_url": group.runbook_url,
        "dashboard_url": group.dashboard_url,
        "external_url": group.external_url,
        "started_at": group.started_at,
        "fired_at": group.fired_at,
        "changed_at": group.changed_at,
        "resolved_at": group.resolved_at,
        "flaps": group.flaps,
        "epoch": group.epoch,
        "epoch_at": group.epoch_at,
        "next_step": group.next_step,
        "answers_from": group.answers_from,
        "answers_after": group.answers_after,
        "paged_at": group.paged_at,
        "acknowledged_by_id": group.acknowledged_by.id if group.acknowledged_by else None,
        "acknowledged_by_name": group.acknowledged_by.name if group.acknowledged_by else None,
        "acknowledged_at": group.acknowledged_at,
        "silenced_by_id": group.silenced_by.id if group.silenced_by else None,
        "silenced_by_name": group.silenced_by.name if group.silenced_by else None,
        "silenced_until": group.silenced_until,
        "incident": group.incident,
        "incident_after_ms": milliseconds(group.incident_after),
        "storm": group.storm,
        "carded_at": group.carded_at,
    }


def _group(row: Row[Any]) -> AlertGroup:
    return AlertGroup(
        id=row.id,
        number=row.number,
        source=AlertSource(row.source),
        key=row.key,
        receiver=row.receiver,
        name=row.name,
        summary=row.summary,
        labels=row.labels,
        severity=Severity(row.severity),
        channel=row.channel,
        team=row.team,
        service=row.service,
        security=row.security,
        path=path_of(row.path),
        status=AlertStatus(row.status),
        firing=row.firing,
        resolved=row.resolved,
        truncated=row.truncated,
        runbook_url=row.runbook_url,
        dashboard_url=row.dashboard_url,
        external_url=row.external_url,
        started_at=row.started_at,
        fired_at=row.fired_at,
        changed_at=row.changed_at,
        resolved_at=row.resolved_at,
        flaps=row.flaps,
        epoch=row.epoch,
        epoch_at=row.epoch_at,
        next_step=row.next_step,
        answers_from=row.answers_from,
        answers_after=row.answers_after,
        paged_at=row.paged_at,
        acknowledged_by=actor_of(row.acknowledged_by_id, row.acknowledged_by_name),
        acknowledged_at=row.acknowledged_at,
        silenced_by=actor_of(row.silenced_by_id, row.silenced_by_name),
        silenced_until=row.silenced_until,
        incident=row.incident,
        incident_after=length(row.incident_after_ms),
        storm=row.storm,
        carded_at=row.carded_at,
    )
