"""Runbooks that are worked through in incidents, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.runbooks.markdown import Step
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from bot.ports.rows.runbooks import OpenedRunbooks
from storage.runbook_schema import opened_runbooks, runbook_steps
from storage.statements import Statements

_C, _S = opened_runbooks.c, runbook_steps.c

_ADD = insert(opened_runbooks)
_ADD_STEP = insert(runbook_steps)
_MARK = update(runbook_steps).where(_S.opened == bindparam("of"), _S.position == bindparam("at_position"))
_STAND = update(opened_runbooks).where(_C.id == bindparam("wanted"))
_ONE = select(opened_runbooks).where(_C.id == bindparam("wanted"))
_OF = select(opened_runbooks).where(_C.incident == bindparam("whose")).order_by(_C.opened_at, _C.runbook)
_STEPS = select(runbook_steps).where(_S.opened == bindparam("of")).order_by(_S.position)


class OpenedRunbookRows(OpenedRunbooks):
    """Opened runbooks over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, opened: OpenedRunbook) -> None:
        self._statements.execute(
            _ADD,
            {
                "id": opened.id,
                "incident": opened.incident,
                "runbook": opened.runbook,
                "title": opened.title,
                "url": opened.url,
                "opened_by_id": opened.opened_by.id,
                "opened_by_name": opened.opened_by.name,
                "opened_at": opened.opened_at,
                "left_out": opened.left,
                **_place(opened.at),
            },
        )
        for one in opened.steps:
            step = {
                "opened": opened.id,
                "position": one.step.position,
                "text": one.step.text,
                "code": one.step.code,
                "section": one.step.section,
            }
            self._statements.execute(_ADD_STEP, {**step, **_done(one)})

    @override
    def mark(self, opened: str, step: OpenStep) -> None:
        self._statements.execute(_MARK, {"of": opened, "at_position": step.step.position, **_done(step)})

    @override
    def stand(self, opened: str, at: MessageRef | None) -> None:
        self._statements.execute(_STAND, {"wanted": opened, **_place(at)})

    @override
    def one(self, opened: str) -> OpenedRunbook | None:
        row = self._statements.execute(_ONE, {"wanted": opened}).first()
        return self._read(row) if row else None

    @override
    def of(self, incident: str) -> tuple[OpenedRunbook, ...]:
        rows = tuple(self._statements.execute(_OF, {"whose": incident}))
        return tuple(map(self._read, rows))

    def _read(self, row: Row[Any]) -> OpenedRunbook:
        return _opened(row, self._statements.execute(_STEPS, {"of": row.id}))


def _place(at: MessageRef | None) -> dict[str, str | None]:
    return {"channel": at.channel if at else None, "ts": at.ts if at else None}


def _done(step: OpenStep) -> dict[str, Any]:
    by = step.done_by
    return {
        "done_by_id": by.id if by else None,
        "done_by_name": by.name if by else None,
        "done_at": step.done_at,
    }


def _opened(row: Row[Any], steps: Iterable[Row[Any]]) -> OpenedRunbook:
    return OpenedRunbook(
        id=row.id,
        incident=row.incident,
        runbook=row.runbook,
        title=row.title,
        url=row.url,
        opened_by=Actor(id=row.opened_by_id, name=row.opened_by_name),
        opened_at=row.opened_at,
        steps=tuple(map(_step, steps)),
        left=row.left_out,
        at=MessageRef(channel=row.channel, ts=row.ts) if row.channel and row.ts else None,
    )


def _step(row: Row[Any]) -> OpenStep:
    return OpenStep(
        step=Step(position=row.position, text=row.text, code=row.code, section=row.section),
        done_by=None if row.done_by_id is None else Actor(id=row.done_by_id, name=row.done_by_name),
        done_at=row.done_at,
    )
