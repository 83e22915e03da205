"""What there is to look at for a run, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklists.run import Run
from bot.domain.delivery import Delivery
from bot.domain.evidence import EvidenceSpec, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Which evidence of a run: its item's position, and its place among that item's, from 0."""

    position: int
    index: int


Specs = Mapping[Spot, EvidenceSpec]
Findings = Mapping[Spot, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvidence:
    """Look at what a run's items are judged by, for an instant."""

    delivery: Delivery
    run: Run
    specs: Specs
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRead:
    """What was found."""

    found: Findings
