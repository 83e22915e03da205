"""Incidents as rows to be counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, literal_column, select
from typing_extensions import override

from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.domain.statistics import Counted, Paged
from bot.ports.rows.incidents import Tally
from storage.schema import TAKEN, events, incidents, pages
from storage.statements import Statements

_C = incidents.c
_COUNTS_NOT = frozenset({Status.CANCELLED, Status.MERGED})
_IS_COUNTED = (
    _C.declared_at >= bindparam("since", type_=_C.declared_at.type),
    _C.declared_at <= bindparam("until", type_=_C.declared_at.type),
    _C.drill.is_(literal_column("false")),
    _C.status.not_in([literal_column(f"'{status.value}'") for status in sorted(_COUNTS_NOT)]),
)
_OF_IT = (events.c.subject == _C.id, TAKEN)
_INCIDENTS = select(
    _C.id,
    _C.severity,
    _C.service,
    _C.security,
    _C.status,
    _C.declared_at,
    _C.acknowledged_at,
    _C.ended_at,
    select(func.min(events.c.at)).where(*_OF_IT).scalar_subquery().label("first_taken_at"),
    select(func.count()).select_from(events).where(*_OF_IT).scalar_subquery().label("times_taken"),
).where(*_IS_COUNTED)
_PAGES = (
    select(pages.c.subject, pages.c.requested_at, pages.c.step)
    .join(incidents, pages.c.subject == _C.id)
    .where(*_IS_COUNTED, pages.c.sent_at.is_not(None))
)


class TallyRows(Tally):
    """What is counted, over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Counted, ...]:
        span = {"since": since, "until": until}
        paged: defaultdict[str, list[Paged]] = defaultdict(list)
        for row in self._statements.execute(_PAGES, span):
            paged[row.subject].append(Paged(at=row.requested_at, step=row.step))
        rows = self._statements.execute(_INCIDENTS, span)
        return tuple(_counted(row, tuple(paged[row.id])) for row in rows)


def _counted(row: Row[Any], paged: tuple[Paged, ...]) -> Counted:
    """Raising and reopening clear the row's acknowledgement: the first one is in the history then.

    Where there was one only, the row has it as it was corrected since.
    """
    first = row.first_taken_at if row.times_taken > 1 else row.acknowledged_at or row.first_taken_at
    return Counted(
        severity=Severity(row.severity),
        service=row.service,
        security=row.security,
        declared_at=row.declared_at,
        acknowledged_at=first,
        resolved_at=row.ended_at if row.status == Status.RESOLVED else None,
        pages=paged,
    )
