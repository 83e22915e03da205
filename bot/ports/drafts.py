"""Posting a post-mortem's draft where people find it."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.draft import Draft
from bot.domain.face import Place


class Drafts(Protocol):
    """Posts drafts as files."""

    async def post_draft(
        self, draft: Draft, place: Place, thread: MessageRef | None, *, key: str, uncertain: bool
    ) -> None:
        """Post it in a message's thread, or else in its place, with whom it asks to finish it.

        Where no file can be shared the message goes without one, and says why. `uncertain`: an earlier
        try may have been carried out, and is looked for first. Ends within ten seconds. Raises
        DeliveryFailure's subclasses.
        """
