"""Finds out who is on call, for a checklist's run that is to be theirs."""

from __future__ import annotations

import asyncio
import logging

from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.services.on_call import WhoIsOnCall
from bot.services.owner_work import FindOwner, OwnerFound

LONGEST_SECONDS = 10.0
"""How long one try may take, well below a lease."""

TRIES = 5
"""About a quarter of a minute of trying: the card has long been posted by then."""

_log = logging.getLogger(__name__)


class OwnerSender:
    """Asks the paging service; where that cannot be asked, or has nobody, the guide says who it is."""

    def __init__(self, on_call: WhoIsOnCall) -> None:
        self._on_call = on_call

    async def send(self, work: FindOwner) -> OwnerFound:
        """Ask. Raises DeliveryFailure's subclasses where it is worth another try."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                duty = await self._on_call.ask(work.tier)
        except TimeoutError as error:
            return self._by_guide(work, TemporaryFailure("Who is on call was not found in time."), error)
        except DeliveryFailure as failure:
            return self._by_guide(work, failure, failure)
        return OwnerFound(duty=duty if duty.people else self._on_call.by_guide(work.tier))

    def _by_guide(self, work: FindOwner, failure: DeliveryFailure, cause: Exception) -> OwnerFound:
        if not isinstance(failure, PermanentFailure) and work.delivery.attempts < TRIES:
            raise failure from cause
        _log.info("who is on call is not known: %s", failure.reason, extra={"delivery": work.delivery.key})
        return OwnerFound(duty=self._on_call.by_guide(work.tier))
