"""Who is on call where nobody can be asked."""

from __future__ import annotations

from typing_extensions import override

from bot.ports.failures import PermanentFailure
from bot.ports.on_call import OnCall, OnCallPerson


class NoOnCall(OnCall):
    """Knows nobody, and says what is missing."""

    @override
    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        raise PermanentFailure("Nobody can be asked who is on call: set PAGERDUTY_API_KEY.")
