"""Home tabs in Slack."""

from __future__ import annotations

import asyncio
from datetime import tzinfo

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import HOME_LANE, Effect, Errand, code_of
from bot.domain.home import HomeTab
from bot.ports.failures import DeliveryFailure, UnknownOutcome
from bot.ports.homes import HomeGoneError, HomeTabs
from bot.views.home.tab import home_view

_PUBLISH = Errand(method="views.publish", effect=Effect.SETS, where="the Home tab", lane=HOME_LANE)
_GONE = frozenset({"user_not_found", "user_disabled"})


class SlackHomes(HomeTabs):
    """Renders and publishes. The newest that is published stands: one that comes again changes nothing."""

    def __init__(self, connection: SlackConnection, *, zone: tzinfo) -> None:
        self._connection = connection
        self._zone = zone

    @override
    async def publish(self, tab: HomeTab) -> None:
        view = home_view(tab, zone=self._zone)
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._connection.call(_PUBLISH, user_id=tab.user, view=view)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take a Home tab in time.") from error
        except DeliveryFailure as failure:
            if code_of(failure) in _GONE:
                raise HomeGoneError(failure.reason) from failure
            raise
