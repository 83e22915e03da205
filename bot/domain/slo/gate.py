"""Whether a service may be changed now, as far as its error budget is concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.slo.reading import Report
from bot.domain.slo.verdict import Status, status


class Permission(StrEnum):
    """The gate's answer. UNKNOWN is never a yes."""

    SHIP = "ship"
    CAUTION = "caution"
    HOLD = "hold"
    UNKNOWN = "unknown"

    @property
    def is_yes(self) -> bool:
        """Whether one may go on."""
        return self in {Permission.SHIP, Permission.CAUTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Somebody is called for this service just now: an incident or an alert group, by its label."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The answer for a service, what it rests on, and when that was measured.

    `report` is None where nothing could be measured; `trouble` says then why.
    """

    service: str
    permission: Permission
    at: datetime
    report: Report | None
    obstacles: tuple[Obstacle, ...] = ()
    trouble: str | None = None


_BY_STATUS = {
    Status.SPENT: Permission.HOLD,
    Status.PAGING: Permission.HOLD,
    Status.UNKNOWN: Permission.UNKNOWN,
    Status.AT_RISK: Permission.CAUTION,
    Status.OK: Permission.SHIP,
}


def gate(
    service: str,
    at: datetime,
    report: Report | None,
    *,
    obstacles: tuple[Obstacle, ...] = (),
    trouble: str | None = None,
) -> Gate:
    """Decide. `report` is a fresh one: of what was measured long ago nothing follows for now."""
    permission = Permission.UNKNOWN if report is None else _BY_STATUS[status(report)]
    return Gate(
        service=service,
        permission=Permission.HOLD if obstacles else permission,
        at=at,
        report=report,
        obstacles=obstacles,
        trouble=trouble,
    )
