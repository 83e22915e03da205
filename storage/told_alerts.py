"""What the threads of incidents were told of their alert groups, as rows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select
from typing_extensions import override

from bot.domain.alert import AlertStatus
from bot.ports.rows.alerts import ToldAlerts
from storage.conflict import OnConflict
from storage.schema import told_alerts
from storage.statements import Statements

_C = told_alerts.c

_OF = select(told_alerts).where(_C.incident == bindparam("of"))
_SAVE = insert(told_alerts).ext(
    OnConflict("""("group") DO UPDATE SET incident = excluded.incident, status = excluded.status""")
)
_FORGET = delete(told_alerts).where(_C.group == bindparam("of"))


class ToldAlertRows(ToldAlerts):
    """What was told, over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def of(self, incident: str) -> Mapping[str, AlertStatus]:
        return {row.group: AlertStatus(row.status) for row in self._statements.execute(_OF, {"of": incident})}

    @override
    def save(self, incident: str, told: Mapping[str, AlertStatus]) -> None:
        if told:
            rows = [
                {"group": group, "incident": incident, "status": status.value}
                for group, status in sorted(told.items())
            ]
            self._statements.execute(_SAVE, rows)

    @override
    def forget(self, group: str) -> None:
        self._statements.execute(_FORGET, {"of": group})
