"""What the settling of one delivery works on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.delivery import Delivery
from bot.services.about import About
from bot.services.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling(About):
    """One delivery that was carried out, being written down.

    `subject` is locked; `held` says that the lease was not lost: nobody else has sent it meanwhile.
    """

    record: Record
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The same of a delivery that is about no subject."""

    record: Record
    delivery: Delivery
    held: bool
