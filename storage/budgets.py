"""How the services' error budgets were found last, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select
from typing_extensions import override

from bot.domain.changes.gate import BudgetNews
from bot.domain.slo.gate import Permission
from bot.ports.rows.changes import Budgets
from storage.conflict import OnConflict
from storage.schema import budgets
from storage.statements import Statements

_C = budgets.c

_PUT = insert(budgets).ext(
    OnConflict(
        "(service) DO UPDATE SET permission = excluded.permission, said = excluded.said, at = excluded.at"
        " WHERE excluded.at >= budgets.at"
    )
)
_ALL = select(budgets).order_by(_C.service)
_OF = select(budgets).where(_C.service == bindparam("wanted"))


class BudgetRows(Budgets):
    """Error budgets over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def put(self, news: Sequence[BudgetNews]) -> None:
        if not news:
            return
        # In one order, so that of two who write at once none waits for the other in a circle.
        in_order = sorted(news, key=lambda one: one.service)
        self._statements.execute(
            _PUT,
            [
                {
                    "service": one.service,
                    "permission": one.permission.value,
                    "said": one.said,
                    "at": one.at,
                }
                for one in in_order
            ],
        )

    @override
    def all(self) -> tuple[BudgetNews, ...]:
        return tuple(map(_news, self._statements.execute(_ALL)))

    @override
    def of(self, service: str) -> BudgetNews | None:
        row = self._statements.execute(_OF, {"wanted": service}).first()
        return _news(row) if row else None


def _news(row: Any) -> BudgetNews:
    return BudgetNews(service=row.service, permission=Permission(row.permission), said=row.said, at=row.at)
