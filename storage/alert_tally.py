"""Alerts as rows to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, literal_column, or_, select
from typing_extensions import override

from bot.domain.alert import AlertSource
from bot.domain.noise import Fired
from bot.ports.rows.alerts import AlertTally
from storage.schema import TAKEN, alert_groups, alerts, events, pages
from storage.statements import Statements

_G = alert_groups.c
_A = alerts.c
_SINCE = bindparam("since", type_=_A.seen_at.type)
_UNTIL = bindparam("until", type_=_A.seen_at.type)
_FIRED = (
    select(_A.group, _A.name, func.count().label("fired"))
    .where(_A.seen_at >= _SINCE, _A.seen_at < _UNTIL)
    .group_by(_A.group, _A.name)
    .subquery()
)
_PAGED = (
    select(func.count())
    .select_from(pages)
    .where(
        pages.c.subject == _G.id,
        pages.c.sent_at.is_not(None),
        pages.c.requested_at >= _SINCE,
        pages.c.requested_at < _UNTIL,
    )
    .scalar_subquery()
)
_TAKEN = or_(_G.acknowledged_at.is_not(None), exists().where(events.c.subject == _G.id, TAKEN))
_OF_GROUP: tuple[Any, ...] = (
    _G.id,
    _G.service,
    _G.channel,
    _G.security,
    _PAGED.label("pages"),
    _TAKEN.label("taken"),
)
_ALERTS = (
    select(_FIRED.c.name, _FIRED.c.fired, *_OF_GROUP)
    .select_from(_FIRED.join(alert_groups, _G.id == _FIRED.c.group))
    .order_by(_G.number, _FIRED.c.fired.desc(), _FIRED.c.name)
)
_OWN = (
    select(_G.name, literal_column("1").label("fired"), *_OF_GROUP)
    .where(
        _G.source != literal_column(f"'{AlertSource.ALERTMANAGER.value}'"),
        _G.started_at >= _SINCE,
        _G.started_at < _UNTIL,
    )
    .order_by(_G.number)
)


class AlertTallyRows(AlertTally):
    """What is counted, over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Fired, ...]:
        span = {"since": since, "until": until}
        alerts_of_groups = _once(self._statements.execute(_ALERTS, span))
        return (*alerts_of_groups, *map(_fired, self._statements.execute(_OWN, span)))


def _once(rows: Any) -> Iterator[Fired]:
    """A group's pages stand on what fired most of it, which comes first."""
    group = None
    for row in rows:
        yield _fired(row, pages=0 if row.id == group else None)
        group = row.id


def _fired(row: Row[Any], pages: int | None = None) -> Fired:
    return Fired(
        group=row.id,
        name=row.name,
        service=row.service,
        channel=row.channel,
        security=row.security,
        fired=row.fired,
        pages=row.pages if pages is None else pages,
        acknowledged=bool(row.taken),
    )
