"""Runs of checklists as rows, each with its items.

A run and its items are read by one statement, so that they are of one moment; where a run is locked, its
items are read after that: they change only under its lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, insert, literal_column, select, update
from typing_extensions import override

from bot.domain.checklists.run import Run
from bot.ports.rows.checklists import Runs
from storage.conflict import OnConflict
from storage.run_values import item_of, item_values, run_of, run_values
from storage.schema import OPEN_PROBLEM, OPEN_RUN, run_items, runs
from storage.statements import Statements, Values

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_R = runs.c
_I = run_items.c
_ITEM: Final = [column.label(f"item_{column.name}") for column in run_items.columns]
_HEAVY: Final = frozenset({"item_evidence", "item_found"})
_LISTED_ITEM: Final = [
    literal_column("NULL").label(column.name) if column.name in _HEAVY else column for column in _ITEM
]
"""An item but for what it looks at, which is most of it, and takes most of the time to read."""


def _whole(
    condition: ColumnElement[bool],
    *order: ColumnElement[Any],
    item: Sequence[ColumnElement[Any]] = _ITEM,
) -> Select[Any]:
    """Runs with their items, a row an item; a run without any has one row, whose item is empty."""
    return (
        select(*runs.columns, *item)
        .select_from(runs.outerjoin(run_items, _I.run == _R.id))
        .where(condition)
        .order_by(*order, _R.number, _I.position)
    )


def _of_problems(*more: ColumnElement[bool], of: ColumnElement[bool] | None = None) -> Select[Any]:
    troubled = _R.id.in_(select(_I.run).where(OPEN_PROBLEM, *more).correlate(None))
    return _whole(troubled if of is None else troubled & of, item=_LISTED_ITEM)


def _newest(*condition: ColumnElement[bool]) -> Select[Any]:
    numbers = (
        select(_R.number)
        .where(*condition)
        .order_by(_R.number.desc())
        .limit(bindparam("most", type_=Integer))
        .correlate(None)
    )
    return _whole(_R.number.in_(numbers), _R.number.desc(), item=_LISTED_ITEM)


_ADD = insert(runs).ext(OnConflict("DO NOTHING")).returning(_R.number)
_ADD_ITEM = insert(run_items)
_SAVE = update(runs).where(_R.id == bindparam("saved"))
_SAVE_ITEM = update(run_items).where(_I.run == bindparam("saved"), _I.position == bindparam("place"))
_BY_ID = _whole(_R.id == bindparam("wanted"))
_BY_NUMBER = _whole(_R.number == bindparam("wanted"))
_OPEN = _whole(OPEN_RUN, _R.due_at)
_OPEN_OF = _whole((_R.checklist == bindparam("wanted")) & OPEN_RUN)
_LOCK_BY_ID = select(_R.id).where(_R.id == bindparam("wanted")).with_for_update()
_LOCK_BY_NUMBER = select(_R.id).where(_R.number == bindparam("wanted")).with_for_update()
_LOCK_OPEN_OF = select(_R.id).where(_R.checklist == bindparam("wanted"), OPEN_RUN).with_for_update()
_LOCK_FREE = (
    select(_R.id)
    .where(_R.id.in_(bindparam("ids", expanding=True)))
    .order_by(_R.id)
    .with_for_update(skip_locked=True)
)
_HAS = select(_R.id).where(_R.checklist == bindparam("wanted"), _R.occurrence == bindparam("at_time"))
_NEWEST = _newest()
_NEWEST_OF = _newest(_R.checklist == bindparam("wanted"))
_TURNS = select(func.count()).where(
    _R.checklist == bindparam("wanted"),
    _R.asked_by_id.is_(None),
    _R.state != literal_column("'skipped'"),
)
_BETWEEN = _whole(
    (_R.planned_at >= bindparam("since")) & (_R.planned_at < bindparam("until")),
    _R.planned_at,
    item=_LISTED_ITEM,
)
_WITH_PROBLEMS = _of_problems()
_WITH_PROBLEMS_OF = _of_problems(of=_R.checklist == bindparam("wanted"))
_WITH_INCIDENT = _of_problems(_I.problem_incident == bindparam("wanted"))


class RunRows(Runs):
    """Runs over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, run: Run) -> Run | None:
        number: int | None = self._statements.scalar(_ADD, run_values(run))
        if number is None:
            return None
        if run.items:
            self._statements.execute(_ADD_ITEM, [item_values(run.id, item) for item in run.items])
        return replace(run, number=number)

    @override
    def save(self, run: Run) -> None:
        saved = self._statements.execute(_SAVE, {**run_values(run), "saved": run.id})
        if saved.rowcount != 1:
            raise LookupError(f"Run {run.id} was to be saved, but was never added.")
        if run.items:
            self._statements.execute(
                _SAVE_ITEM,
                [
                    {**item_values(run.id, item), "saved": run.id, "place": item.position}
                    for item in run.items
                ],
            )

    @override
    def by_id(self, run_id: str, *, lock: bool = False) -> Run | None:
        return self._locked(_LOCK_BY_ID, run_id) if lock else self._one(_BY_ID, run_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> Run | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._locked(_LOCK_BY_NUMBER, number) if lock else self._one(_BY_NUMBER, number)

    @override
    def lock_free(self, run_ids: Sequence[str]) -> tuple[Run, ...]:
        if not run_ids:
            return ()
        held = list(self._statements.connection.scalars(_LOCK_FREE, {"ids": list(run_ids)}))
        found = (self._one(_BY_ID, run_id) for run_id in held)
        return tuple(run for run in found if run is not None)

    @override
    def open(self) -> tuple[Run, ...]:
        return self._runs(_OPEN)

    @override
    def open_of(self, checklist: str, *, lock: bool = False) -> Run | None:
        return self._locked(_LOCK_OPEN_OF, checklist) if lock else self._one(_OPEN_OF, checklist)

    @override
    def has(self, checklist: str, occurrence: str) -> bool:
        found = self._statements.scalar(_HAS, {"wanted": checklist, "at_time": occurrence})
        return found is not None

    @override
    def newest(self, limit: int, *, checklist: str | None = None) -> tuple[Run, ...]:
        if checklist is None:
            return self._runs(_NEWEST, {"most": limit})
        return self._runs(_NEWEST_OF, {"most": limit, "wanted": checklist})

    @override
    def turns(self, checklist: str) -> int:
        return int(self._statements.scalar(_TURNS, {"wanted": checklist}) or 0)

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Run, ...]:
        return self._runs(_BETWEEN, {"since": since, "until": until})

    @override
    def with_problems(self, *, checklist: str | None = None) -> tuple[Run, ...]:
        if checklist is None:
            return self._runs(_WITH_PROBLEMS)
        return self._runs(_WITH_PROBLEMS_OF, {"wanted": checklist})

    @override
    def with_incident(self, incident: str) -> tuple[Run, ...]:
        return self._runs(_WITH_INCIDENT, {"wanted": incident})

    def _locked(self, statement: Select[Any], key: str | int) -> Run | None:
        held: str | None = self._statements.scalar(statement, {"wanted": key})
        return None if held is None else self._one(_BY_ID, held)

    def _one(self, statement: Select[Any], key: str | int) -> Run | None:
        return next(iter(self._runs(statement, {"wanted": key})), None)

    def _runs(self, statement: Select[Any], values: Values | None = None) -> tuple[Run, ...]:
        return tuple(_assembled(self._statements.execute(statement, values or {})))


def _assembled(rows: Iterable[Any]) -> Iterable[Run]:
    """The runs of `_whole`, whose rows of one run follow each other."""
    for _, group in groupby(rows, attrgetter("id")):
        of_run = list(group)
        yield run_of(of_run[0], (item_of(row) for row in of_run if row.item_position is not None))
