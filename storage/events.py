"""Histories as rows that are only ever added to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, Text, bindparam, func, insert, literal_column, select, tuple_
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.audit import AuditEntry, Period
from bot.domain.changes.span import SpanKind, span_label
from bot.domain.event import AMENDING, Event, EventData, EventKind
from bot.ports.rows.history import Events
from storage.checklist_schema import runs
from storage.schema import Instant, alert_groups, calls, changes, events, incidents, spans
from storage.statements import Statements

_C = events.c

_APPEND = (
    insert(events)
    .from_select(
        ["subject", "sequence", "at", "actor_id", "actor_name", "kind", "data"],
        select(
            bindparam("of", type_=Text),
            func.coalesce(func.max(_C.sequence), 0, type_=Integer) + 1,
            bindparam("happened_at", type_=Instant),
            bindparam("by_id", type_=Text),
            bindparam("by_name", type_=Text),
            bindparam("what", type_=Text),
            bindparam("facts", type_=_C.data.type),
        ).where(_C.subject == bindparam("of", type_=Text)),
    )
    .returning(_C.sequence)
)
_OF = (
    select(events)
    .where(
        _C.subject == bindparam("of"),
        _C.sequence > bindparam("after"),
        # What only newer code can read is left out: the rest of the history must stay readable.
        _C.kind.in_([literal_column(f"'{kind.value}'") for kind in EventKind]),
    )
    .order_by(_C.sequence.desc())
    .limit(bindparam("most", type_=Integer))
)
_ENDLESS = 2**31 - 1
_AMENDS = _C.kind.in_([literal_column(f"'{kind.value}'") for kind in sorted(AMENDING)])
_IS_ENTRY = _C.kind.in_([literal_column(f"'{kind.value}'") for kind in EventKind if kind not in AMENDING])
_BELOW = (_C.subject == bindparam("of"), _C.sequence < bindparam("before", type_=Integer))
_PAGE = (
    select(events)
    .where(*_BELOW, _IS_ENTRY)
    .order_by(_C.sequence.desc())
    .limit(bindparam("most", type_=Integer))
)
_AMENDMENTS = (
    select(events)
    .where(_C.subject == bindparam("of"), _C.sequence > bindparam("after", type_=Integer), _AMENDS)
    .order_by(_C.sequence)
)
_COUNT = select(func.count()).select_from(events).where(*_BELOW, _IS_ENTRY)
_ONE = select(events).where(_C.subject == bindparam("of"), _C.sequence == bindparam("at_sequence"))
_AUDITED = (
    select(
        events,
        incidents.c.number,
        incidents.c.drill,
        alert_groups.c.number.label("alert"),
        runs.c.number.label("run"),
        calls.c.number.label("page"),
        changes.c.number.label("change"),
        spans.c.number.label("span"),
        spans.c.kind.label("span_kind"),
        func.coalesce(incidents.c.security, alert_groups.c.security, runs.c.security).label("security"),
    )
    .select_from(
        events.outerjoin(incidents, incidents.c.id == _C.subject)
        .outerjoin(alert_groups, alert_groups.c.id == _C.subject)
        .outerjoin(runs, runs.c.id == _C.subject)
        .outerjoin(calls, calls.c.id == _C.subject)
        .outerjoin(changes, changes.c.id == _C.subject)
        .outerjoin(spans, spans.c.id == _C.subject)
    )
    .limit(bindparam("most", type_=Integer))
)
_ALL_AFTER = _AUDITED.where(
    _C.at < bindparam("until", type_=Instant),
    tuple_(_C.at, _C.subject, _C.sequence)
    > tuple_(
        bindparam("after_at", type_=Instant),
        bindparam("after_subject", type_=Text),
        bindparam("after_sequence", type_=Integer),
    ),
).order_by(_C.at, _C.subject, _C.sequence)
_ONES_AFTER = _AUDITED.where(
    _C.subject == bindparam("of", type_=Text),
    _C.sequence > bindparam("after_sequence", type_=Integer),
).order_by(_C.sequence)

_LATE = timedelta(seconds=60)
"""How much earlier than the newest entry one may be dated that is committed after it."""
_NEWEST = (
    select(_C.at, _C.subject, _C.sequence)
    .where(_C.at <= bindparam("until", type_=Instant))
    .order_by(_C.at.desc(), _C.subject.desc(), _C.sequence.desc())
    .limit(literal_column("1"))
)
_NEAR = (
    select(func.count())
    .select_from(events)
    .where(_C.at > bindparam("since", type_=Instant), _C.at <= bindparam("until", type_=Instant))
)


class EventRows(Events):
    """Histories over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def append(self, subject: str, *, at: datetime, actor: Actor, kind: EventKind, data: EventData) -> Event:
        values = {
            "of": subject,
            "happened_at": at,
            "by_id": actor.id,
            "by_name": actor.name,
            "what": kind.value,
            "facts": dict(data),
        }
        sequence: int | None = self._statements.scalar(_APPEND, values)
        assert sequence is not None
        return Event(subject=subject, sequence=sequence, at=at, actor=actor, kind=kind, data=data)

    @override
    def of(self, subject: str, *, limit: int = 1000, after: int = 0) -> tuple[Event, ...]:
        newest_first = self._statements.execute(_OF, {"of": subject, "after": after, "most": limit})
        return tuple(map(_event, reversed(list(newest_first))))

    @override
    def one(self, subject: str, sequence: int) -> Event | None:
        row = self._statements.execute(_ONE, {"of": subject, "at_sequence": sequence}).first()
        return _event(row) if row else None

    @override
    def between(
        self, period: Period, *, after: AuditEntry | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        asked = {
            "after_at": after.at if after else period.since,
            "after_subject": after.subject if after else "",
            "after_sequence": after.sequence if after else 0,
            "until": period.until,
            "most": limit,
        }
        return tuple(map(_entry, self._statements.execute(_ALL_AFTER, asked)))

    @override
    def entries(self, subject: str, *, after: int = 0, limit: int) -> tuple[AuditEntry, ...]:
        asked = {"of": subject, "after_sequence": after, "most": limit}
        return tuple(map(_entry, self._statements.execute(_ONES_AFTER, asked)))

    @override
    def page(self, subject: str, *, before: int | None = None, limit: int) -> tuple[Event, ...]:
        asked = {"of": subject, "before": before or _ENDLESS, "most": limit}
        return tuple(map(_event, reversed(list(self._statements.execute(_PAGE, asked)))))

    @override
    def amendments(self, subject: str, *, after: int = 0) -> tuple[Event, ...]:
        return tuple(map(_event, self._statements.execute(_AMENDMENTS, {"of": subject, "after": after})))

    @override
    def count(self, subject: str, *, before: int | None = None) -> int:
        found: int | None = self._statements.scalar(_COUNT, {"of": subject, "before": before or _ENDLESS})
        return found or 0

    @override
    def pulse(self, until: datetime) -> str | None:
        newest = self._statements.execute(_NEWEST, {"until": until}).first()
        if newest is None:
            return None
        near = self._statements.scalar(_NEAR, {"since": newest.at - _LATE, "until": newest.at})
        return f"{newest.at.isoformat()}/{newest.subject}/{newest.sequence}/{near}"


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        subject=row.subject,
        sequence=row.sequence,
        actor=Actor(id=row.actor_id, name=row.actor_name),
        kind=row.kind,
        data=row.data,
        number=row.number,
        alert=row.alert,
        run=row.run,
        page=row.page,
        change=row.change,
        span=None if row.span is None else span_label(SpanKind(row.span_kind), row.span),
        security=bool(row.security),
        drill=bool(row.drill),
    )


def _event(row: Row[Any]) -> Event:
    return Event(
        subject=row.subject,
        sequence=row.sequence,
        at=row.at,
        actor=Actor(id=row.actor_id, name=row.actor_name),
        kind=EventKind(row.kind),
        data=row.data,
    )
