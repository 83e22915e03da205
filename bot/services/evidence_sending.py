"""Has evidence read, within the time that a delivery may take."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol

from bot.domain.checklists.run import Run
from bot.ports.failures import TemporaryFailure
from bot.services.evidence_work import EvidenceRead, Findings, ReadEvidence, Specs

LONGEST_SECONDS = 10.0
"""How long one may take, well below a lease. Each part keeps to a deadline before that."""


class Evidence(Protocol):
    """Who looks."""

    async def read(self, run: Run, specs: Specs, at: datetime) -> Findings:
        """What there is to find at an instant; what cannot be read is found as failed."""


class EvidenceSender:
    """Carries it to who looks."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    async def send(self, work: ReadEvidence) -> EvidenceRead:
        """Look. Raises DeliveryFailure's subclasses."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                found = await self._evidence.read(work.run, work.specs, work.at)
        except TimeoutError as error:
            raise TemporaryFailure("The evidence could not be read in time.") from error
        return EvidenceRead(found=found)
