"""Who is on call, as the paging service says; and who of the workspace that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.on_call import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallPerson:
    """Somebody who is on call: the paging service's name of them, and their address where it shows one."""

    name: str
    email: str | None = None


class OnCall(Protocol):
    """Asks who is on call. Bounded in time, well below a lease."""

    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        """Who is on call now for the tier whose routing key is used, at a level of its policy (the first).

        Nobody where the paging service shows nobody. Raises DeliveryFailure's subclasses.
        """

    async def turns(
        self, tier: str, level: int | None = None, *, since: datetime, until: datetime
    ) -> tuple[Turn, ...]:
        """Who of the same is on call when, between two instants. Raises DeliveryFailure's subclasses."""


class Colleagues(Protocol):
    """Whom the workspace knows."""

    async def by_email(self, email: str) -> Actor | None:
        """Who has this address; None where nobody has, or they are a guest or gone.

        Raises DeliveryFailure's subclasses.
        """
