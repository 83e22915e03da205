"""Who is on call where nobody can be asked."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from bot.domain.on_call import Turn
from bot.ports.failures import PermanentFailure
from bot.ports.on_call import OnCall, OnCallPerson


class NoOnCall(OnCall):
    """Knows nobody, and says what is missing."""

    @override
    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        raise _missing()

    @override
    async def turns(
        self, tier: str, level: int | None = None, *, since: datetime, until: datetime
    ) -> tuple[Turn, ...]:
        raise _missing()


def _missing() -> PermanentFailure:
    return PermanentFailure("Nobody can be asked who is on call: set PAGERDUTY_API_KEY.")
