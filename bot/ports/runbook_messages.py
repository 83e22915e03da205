"""The message in which a runbook is worked through."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.face import Place
from bot.domain.incident import Incident
from bot.domain.runbooks.opened import OpenedRunbook


class RunbookMessages(Protocol):
    """Shows an opened runbook. Every method is bounded in time.

    Raises RoomGoneError where a room is out of reach, CardGoneError where the message that is to be edited is
    no more, else the subclasses of DeliveryFailure.
    """

    async def post(
        self,
        opened: OpenedRunbook,
        incident: Incident,
        place: Place,
        thread: MessageRef | None,
        *,
        key: str,
        uncertain: bool,
    ) -> MessageRef:
        """Post it in a message's thread, or else in its place.

        `uncertain`: an earlier try may have been carried out, so it is looked for by `key` first.
        """

    async def edit(self, opened: OpenedRunbook, incident: Incident, place: Place, at: MessageRef) -> None:
        """Show it as it is now in its message."""
