"""Asks how an incident's error budget stood."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol

from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.objective import Promise
from bot.ports.failures import TemporaryFailure
from bot.services.work import BudgetRead, ReadBudget

LONGEST_SECONDS = 10.0
"""How long one may take, well below a lease."""


class Budgets(Protocol):
    """Who knows how budgets stand, and stood."""

    async def at(self, promise: Promise, at: datetime, *, since: datetime | None = None) -> AtIncident:
        """How it stood at an instant, and with `since` what was bad from then on.

        Raises DeliveryFailure's subclasses.
        """


async def read_budget(budgets: Budgets, work: ReadBudget) -> BudgetRead:
    """Ask. Raises DeliveryFailure's subclasses, also where what was asked was not answered at all."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            found = await budgets.at(work.promise, work.at, since=work.since)
    except TimeoutError as error:
        raise TemporaryFailure("Prometheus takes too long to answer.") from error
    if found.failed is not None:
        raise TemporaryFailure(found.failed)
    return BudgetRead(found=found)
