"""Pages as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, bindparam, func, insert, null, select, update
from typing_extensions import override

from bot.domain.page import PageMark, PageRecord
from bot.ports.rows.paging import Pages
from storage.conflict import OnConflict
from storage.schema import Instant, pages
from storage.statements import Statements

_C = pages.c

_ADD = insert(pages).ext(OnConflict("(subject, epoch, step) DO NOTHING"))
_THIS = (_C.subject == bindparam("of"), _C.epoch == bindparam("of_epoch"), _C.step == bindparam("of_step"))
_MARK = {
    mark: update(pages)
    .where(*_THIS)
    .values({mark.value: func.coalesce(_C[mark.value], bindparam("marked_at", type_=Instant))})
    for mark in PageMark
}
_UNSEND = update(pages).where(*_THIS).values(sent_at=null())
_REKEY = update(pages).where(*_THIS).values(key=bindparam("new_key"), sent_at=null(), accepted_at=null())
_NAME = update(pages).where(*_THIS).values(pager_incident=bindparam("named"))
_OF = select(pages).where(_C.subject == bindparam("of")).order_by(_C.epoch, _C.step)
_ONE = select(pages).where(*_THIS)
_BY_PAGER_INCIDENT = (
    select(pages)
    .where(_C.pager_incident == bindparam("pager_incident_id"))
    .order_by(_C.requested_at.desc())
    .limit(1)
)


class PageRows(Pages):
    """Pages over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, page: PageRecord) -> bool:
        return self._statements.execute(_ADD, {**_key(page), **_values(page)}).rowcount == 1

    @override
    def mark(self, page: PageRecord, mark: PageMark, at: datetime) -> None:
        self._write(_MARK[mark], page, marked_at=at)

    @override
    def unsend(self, page: PageRecord) -> None:
        self._write(_UNSEND, page)

    @override
    def rekey(self, page: PageRecord, key: str) -> None:
        self._write(_REKEY, page, new_key=key)

    @override
    def name(self, page: PageRecord, pager_incident: str) -> None:
        self._write(_NAME, page, named=pager_incident)

    @override
    def of(self, subject: str) -> tuple[PageRecord, ...]:
        return tuple(map(_page, self._statements.execute(_OF, {"of": subject})))

    @override
    def one(self, subject: str, epoch: int, step: int) -> PageRecord | None:
        which = {"of": subject, "of_epoch": epoch, "of_step": step}
        row = self._statements.execute(_ONE, which).first()
        return _page(row) if row else None

    @override
    def by_pager_incident(self, pager_incident: str) -> PageRecord | None:
        row = self._statements.execute(_BY_PAGER_INCIDENT, {"pager_incident_id": pager_incident}).first()
        return _page(row) if row else None

    def _write(self, statement: Update, page: PageRecord, **values: Any) -> None:
        written = self._statements.execute(statement, {**_which(page), **values})
        if written.rowcount != 1:
            raise LookupError(f"Page {page.key} was to be marked, but was never added.")


def _which(page: PageRecord) -> dict[str, Any]:
    return {"of": page.subject, "of_epoch": page.epoch, "of_step": page.step}


def _key(page: PageRecord) -> dict[str, Any]:
    return {"subject": page.subject, "epoch": page.epoch, "step": page.step}


def _values(page: PageRecord) -> dict[str, Any]:
    return {
        "tier": page.tier,
        "title": page.title,
        "via": page.via,
        "key": page.key,
        "level": page.level,
        "past_acknowledgement": page.past_acknowledgement,
        "requested_at": page.requested_at,
        "sent_at": page.sent_at,
        "accepted_at": page.accepted_at,
        "confirmed_at": page.confirmed_at,
        "dropped_at": page.dropped_at,
        "told_at": page.told_at,
        "closed_at": page.closed_at,
        "pager_incident": page.pager_incident,
    }


def _page(row: Row[Any]) -> PageRecord:
    return PageRecord(**row._asdict())  # columns are the record's fields
