"""Use cases that read incidents."""

from __future__ import annotations

from bot.domain.card import IncidentCard
from bot.domain.directory import Directory
from bot.domain.export import told_in
from bot.domain.guide import Guide
from bot.domain.incident import Incident
from bot.domain.timeline import TimelinePage
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read
from bot.services.cards import read_card
from bot.services.find import find_incident
from bot.services.histories import read_page
from bot.services.requests import Ref, Request


class IncidentReader:
    """Lists and shows incidents. Security incidents show only in their channel and in their own rooms."""

    def __init__(self, *, store: Store, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._directory = directory
        self._workspace = workspace

    @property
    def guide(self) -> Guide:
        """The guide, for what may be named in a command."""
        return self._directory.guide

    async def open(self, channel: str | None) -> tuple[tuple[IncidentCard, ...], int]:
        """What is open: most urgent first, then newest first; and how many must not be shown there.

        `channel` is Slack's id of where it is asked.
        """

        def body(tx: Transaction) -> tuple[tuple[IncidentCard, ...], int]:
            found = tx.incidents.open()
            shown = [one for one in found if self._may_show(one, channel)]
            cards = tuple(read_card(tx, one, self._directory) for one in shown)
            return cards, len(found) - len(shown)

        return await self._store.read(body)

    async def show(
        self, request: Request, ref: Ref, *, verb: str = "show", before: int | None = None
    ) -> tuple[IncidentCard, TimelinePage]:
        """One incident with its newest history, or what is `before` an entry of it (its number).

        A security incident's history is empty outside its channel.
        """

        def body(tx: Transaction) -> tuple[IncidentCard, TimelinePage]:
            incident = find_incident(tx, request, ref, verb=verb)
            card = read_card(tx, incident, self._directory)
            if not self._may_show(incident, request.channel):
                return card, TimelinePage()
            return card, told_in(read_page(tx, incident, before=before), request.channel)

        return await self._store.read(body)

    async def card(self, request: Request, ref: Ref, *, verb: str = "show") -> IncidentCard:
        """One incident as it is now, without its history."""

        def body(tx: Transaction) -> IncidentCard:
            return read_card(tx, find_incident(tx, request, ref, verb=verb), self._directory)

        return await self._store.read(body)

    def may_show(self, card: IncidentCard, channel: str | None) -> bool:
        """Whether a card's text may be shown in a channel (Slack's id)."""
        return self._may_show(card.incident, channel)

    def may_read(self, incident: Incident, channel: str | None) -> bool:
        """Whether an incident's texts may be shown in a channel (Slack's id)."""
        return self._may_show(incident, channel)

    def _may_show(self, incident: Incident, channel: str | None) -> bool:
        return may_read(self._workspace, incident, channel)
