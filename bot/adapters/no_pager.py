"""The pager where none is configured: it reaches nobody, and says so."""

from __future__ import annotations

from typing import NoReturn

from typing_extensions import override

from bot.ports.failures import PermanentFailure
from bot.ports.pager import Page, Pager, PagerIncident


class NoPager(Pager):
    """Reaches no tier, so that the guide's people are mentioned in Slack instead."""

    @property
    @override
    def can_look_up(self) -> bool:
        return False

    @override
    def reaches(self, tier: str) -> bool:
        return False

    @override
    async def trigger(self, page: Page) -> None:
        _refuse()

    @override
    async def acknowledge(self, tier: str, key: str) -> None:
        _refuse()

    @override
    async def resolve(self, tier: str, key: str) -> None:
        _refuse()

    @override
    async def look_up(self, key: str) -> PagerIncident | None:
        _refuse()

    @override
    async def set_level(self, key: str, level: int) -> None:
        _refuse()


def _refuse() -> NoReturn:
    raise PermanentFailure(
        "No paging service is configured: set a PAGERDUTY_ROUTING_KEY_… for a tier of the guide."
    )
