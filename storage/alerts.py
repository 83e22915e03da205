"""The alerts of groups as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from typing_extensions import override

from bot.domain.alert import Alert, FiringAlert
from bot.ports.rows.alerts import Alerts
from storage.conflict import OnConflict
from storage.schema import FIRES, alerts
from storage.statements import Statements

_A = alerts.c

_TELL = insert(alerts).ext(
    OnConflict("""("group", fingerprint, starts_at) DO UPDATE SET
        ends_at = excluded.ends_at,
        labels = excluded.labels,
        annotations = excluded.annotations,
        graph_url = excluded.graph_url""")
)
_OF = (
    select(alerts)
    .where(_A.group == bindparam("wanted"))
    .order_by(_A.starts_at.desc(), _A.fingerprint)
    .limit(bindparam("most", type_=Integer))
)
_FIRING_OF = (
    select(alerts)
    .where(_A.group == bindparam("wanted"), FIRES)
    .order_by(_A.starts_at.desc(), _A.fingerprint)
    .limit(bindparam("most", type_=Integer))
)
_FIRING_ANYWHERE = (
    select(_A.group, _A.fingerprint, _A.starts_at, _A.seen_at)
    .where(FIRES)
    .limit(bindparam("most", type_=Integer))
)
_OVERLAPPING = select(alerts).where(
    _A.group == bindparam("wanted"),
    _A.fingerprint.in_(bindparam("fingerprints", expanding=True)),
    or_(
        FIRES,
        _A.ends_at >= bindparam("first", type_=_A.ends_at.type),
        _A.starts_at >= bindparam("first", type_=_A.starts_at.type),
    ),
)
_COUNTED: tuple[Any, ...] = (
    func.count(_A.fingerprint.distinct()),
    func.count(case((FIRES, _A.fingerprint)).distinct()),
)
_COUNT = select(*_COUNTED).where(_A.group == bindparam("wanted"))
_END_ALL = (
    update(alerts)
    .where(_A.group == bindparam("wanted"), FIRES)
    .values(ends_at=bindparam("at", type_=_A.ends_at.type))
)
_FORGET = delete(alerts).where(
    _A.seen_at < bindparam("before", type_=_A.seen_at.type),
    _A.ends_at.is_not(None),
)


class AlertRows(Alerts):
    """Alerts over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def tell(self, group: str, alerts: Sequence[Alert]) -> None:
        if alerts:
            self._statements.execute(_TELL, [_alert_values(group, alert) for alert in alerts])

    @override
    def of(self, group: str, *, firing: bool = False, limit: int = 1000) -> tuple[Alert, ...]:
        statement = _FIRING_OF if firing else _OF
        return tuple(map(_alert, self._statements.execute(statement, {"wanted": group, "most": limit})))

    @override
    def firing(self, limit: int) -> tuple[FiringAlert, ...]:
        rows = self._statements.execute(_FIRING_ANYWHERE, {"most": limit})
        return tuple(
            FiringAlert(group=group, fingerprint=fingerprint, starts_at=starts_at, seen_at=seen_at)
            for group, fingerprint, starts_at, seen_at in rows
        )

    @override
    def overlapping(self, group: str, told: Sequence[Alert]) -> tuple[Alert, ...]:
        if not told:
            return ()
        rows = self._statements.connection.execute(
            _OVERLAPPING,
            {
                "wanted": group,
                "fingerprints": list({alert.fingerprint for alert in told}),
                "first": min(alert.starts_at for alert in told),
            },
        )
        return tuple(map(_alert, rows))

    @override
    def count(self, group: str) -> tuple[int, int]:
        row = self._statements.execute(_COUNT, {"wanted": group}).first()
        known, firing = row
        return firing, known - firing

    @override
    def end_all(self, group: str, at: datetime) -> None:
        self._statements.execute(_END_ALL, {"wanted": group, "at": at})

    @override
    def forget(self, before: datetime) -> int:
        return self._statements.execute(_FORGET, {"before": before}).rowcount


def _alert_values(group: str, alert: Alert) -> Mapping[str, Any]:
    return {
        "group": group,
        "fingerprint": alert.fingerprint,
        "starts_at": alert.starts_at,
        "ends_at": alert.ends_at,
        "name": alert.name,
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "graph_url": alert.graph_url,
        "seen_at": alert.seen_at,
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        fingerprint=row.fingerprint,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        labels=row.labels,
        annotations=row.annotations,
        graph_url=row.graph_url,
        seen_at=row.seen_at,
    )
