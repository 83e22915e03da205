"""The calendar of changes as rows: maintenance windows and freezes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, literal_column, select, update
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.changes.span import Span, SpanKind
from bot.ports.rows.changes import Spans
from storage.schema import STANDING_SPAN, spans
from storage.statements import Statements
from storage.values import actor_of, person

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_S = spans.c

_FREEZE = select(func.pg_advisory_xact_lock(literal_column("7220215"), literal_column("1")))
"""A lock of two numbers: no alert group's key, which is a lock of one, can be the same."""
_ADD = insert(spans).returning(_S.number)
_SAVE = update(spans).where(_S.id == bindparam("saved"))
_BY_ID = select(spans).where(_S.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_NUMBER = select(spans).where(_S.number == bindparam("wanted"))
_BY_NUMBER_LOCKED = _BY_NUMBER.with_for_update()
_LOCK_FREE = (
    select(spans)
    .where(_S.id.in_(bindparam("ids", expanding=True)))
    .order_by(_S.id)
    .with_for_update(skip_locked=True)
)
_BETWEEN = (
    select(spans)
    .where(STANDING_SPAN, _S.ends_at > bindparam("since"), _S.starts_at < bindparam("until"))
    .order_by(_S.starts_at, _S.number)
)
_EVER_BETWEEN = (
    select(spans)
    .where(_S.ends_at > bindparam("since"), _S.starts_at < bindparam("until"))
    .order_by(_S.starts_at, _S.number)
)
_BETWEEN_OF_KIND = _BETWEEN.where(_S.kind == bindparam("wanted"))


class SpanRows(Spans):
    """The calendar over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, span: Span) -> Span:
        number: int = self._statements.scalar(_ADD, _values(span))
        return replace(span, number=number)

    @override
    def save(self, span: Span) -> None:
        saved = self._statements.execute(_SAVE, {**_values(span), "saved": span.id})
        if saved.rowcount != 1:
            raise LookupError(f"Span {span.id} was to be saved, but was never added.")

    @override
    def by_id(self, span_id: str, *, lock: bool = False) -> Span | None:
        return self._one(_BY_ID_LOCKED if lock else _BY_ID, span_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> Span | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._one(_BY_NUMBER_LOCKED if lock else _BY_NUMBER, number)

    @override
    def lock_free(self, span_ids: Sequence[str]) -> tuple[Span, ...]:
        if not span_ids:
            return ()
        return tuple(map(_span, self._statements.connection.execute(_LOCK_FREE, {"ids": list(span_ids)})))

    @override
    def between(
        self, since: datetime, until: datetime, *, kind: SpanKind | None = None, removed: bool = False
    ) -> tuple[Span, ...]:
        asked = {"since": since, "until": until}
        if removed:
            rows = map(_span, self._statements.execute(_EVER_BETWEEN, asked))
            return tuple(one for one in rows if kind in {None, one.kind})
        if kind is None:
            return tuple(map(_span, self._statements.execute(_BETWEEN, asked)))
        asked_of_kind = {**asked, "wanted": kind.value}
        return tuple(map(_span, self._statements.execute(_BETWEEN_OF_KIND, asked_of_kind)))

    @override
    def freeze_calendar(self) -> None:
        # An advisory lock, since what is to be kept off the calendar has no row yet that could be locked.
        # What the one before wrote is seen: each statement after the wait reads what is committed by then.
        # On SQLite whoever writes is alone with the database from the beginning of the transaction.
        if self._statements.connection.dialect.name == "postgresql":
            self._statements.execute(_FREEZE)

    def _one(self, statement: Select[Any], key: str | int) -> Span | None:
        row = self._statements.execute(statement, {"wanted": key}).first()
        return _span(row) if row else None


def _values(span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "kind": span.kind.value,
        "title": span.title,
        "starts_at": span.starts,
        "ends_at": span.ends,
        "channel": span.channel,
        **person("by", span.by),
        "at": span.at,
        "service": span.service,
        "change_kind": span.change_kind,
        "removed_at": span.removed,
        **person("removed_by", span.removed_by),
    }


def _span(row: Any) -> Span:
    return Span(
        id=row.id,
        number=row.number,
        kind=SpanKind(row.kind),
        title=row.title,
        starts=row.starts_at,
        ends=row.ends_at,
        channel=row.channel,
        by=Actor(id=row.by_id, name=row.by_name),
        at=row.at,
        service=row.service,
        change_kind=row.change_kind,
        removed=row.removed_at,
        removed_by=actor_of(row.removed_by_id, row.removed_by_name),
    )
