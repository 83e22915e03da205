"""Reads runbooks that are to be worked through, and shows how far they have come."""

from __future__ import annotations

from bot.domain.runbooks.markdown import read_page
from bot.ports.failures import DeliveryFailure
from bot.ports.runbook_messages import RunbookMessages
from bot.ports.runbooks import Library
from bot.services.runbook_work import PostRunbook, ReadRunbook, RunbookRead
from bot.services.work import Done, Posted


class RunbookSender:
    """Carries work to the library and to the chat."""

    def __init__(self, *, library: Library, messages: RunbookMessages) -> None:
        self._library = library
        self._messages = messages

    async def read(self, work: ReadRunbook) -> RunbookRead:
        """Read it, once: whoever waits for it in an incident is told at once where that fails."""
        try:
            copy = await self._library.text(work.runbook)
        except DeliveryFailure as failure:
            return RunbookRead(why=failure.reason)
        return RunbookRead(page=read_page(copy.text))

    async def post(self, work: PostRunbook) -> Posted | Done:
        """Show it. Raises DeliveryFailure's subclasses."""
        opened, incident, place = work.opened, work.incident, work.place
        if work.at is not None:
            await self._messages.edit(opened, incident, place, work.at)
            return Done()
        key, uncertain = work.delivery.key, work.delivery.uncertain
        at = await self._messages.post(opened, incident, place, work.thread, key=key, uncertain=uncertain)
        return Posted(at=at)
