"""What there is to do for a Home tab, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHome:
    """Show somebody's Home tab as things are when it is sent."""

    delivery: Delivery
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeShown:
    """What a Home tab shows now, as its digest; None where there is nobody to see one."""

    digest: str | None
