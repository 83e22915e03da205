"""Use cases that read changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.changes.board import ChangeDetails, ChangeList, ListedChange, Which
from bot.domain.changes.change import AHEAD, Change
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import DomainError
from bot.domain.face import Face
from bot.domain.guide import Guide
from bot.domain.rights import Rights
from bot.domain.slo.objective import PLATFORM
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace
from bot.services.change_cards import read_change_card, service_title
from bot.services.change_windows import opens_next
from bot.services.find_change import find_change
from bot.services.requests import Ref, Request

MOST = 30
"""Changes in a list."""


class ChangeReader:
    """Lists and shows changes."""

    def __init__(
        self, *, store: Store, clock: Clock, directory: Directory, rights: Rights, workspace: Workspace
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._rights = rights
        self._workspace = workspace

    @property
    def guide(self) -> Guide:
        """The guide, for what may be named in a command."""
        return self._directory.guide

    async def change(self, request: Request, ref: Ref, *, verb: str = "show") -> Change:
        """One change, to be changed by who may. Raises NotFoundError and InvalidError."""
        return await self._store.read(lambda tx: find_change(tx, request, ref, self._workspace, verb=verb))

    async def show(self, request: Request, ref: Ref) -> ChangeDetails:
        """One change with all that its card shows. Raises NotFoundError and InvalidError."""
        now = self._clock.now()

        def body(tx: Transaction) -> ChangeDetails:
            change = find_change(tx, request, ref, self._workspace, verb="show")
            card = read_change_card(tx, change, self._directory, now)
            return ChangeDetails(card=card, url=self._url(tx, change))

        return await self._store.read(body)

    async def list(self, request: Request, which: Which, service: str | None = None) -> ChangeList:
        """What is open, of that what is theirs who ask, or all; of a service (a key, or PLATFORM)."""
        now = self._clock.now()

        def body(tx: Transaction) -> ChangeList:
            found = [one for one in self._chosen(tx, request, which) if _is_of(one, service)]
            return ChangeList(
                now=now,
                which=which,
                changes=tuple(self._listed(tx, one) for one in found[:MOST]),
                service=self._titled(service),
                more=max(len(found) - MOST, 0),
            )

        return await self._store.read(body)

    async def opens(self, kind: str, service: str | None) -> datetime | None:
        """When a change of a type may start next; `service` is a key, PLATFORM or None: all of them."""
        now, own = self._clock.now(), None if service == PLATFORM else service
        return await self._store.read(lambda tx: opens_next(tx, self._directory, kind, own, now))

    def _chosen(self, tx: Transaction, request: Request, which: Which) -> Iterable[Change]:
        if which is Which.ALL:
            return tx.changes.newest(MOST * 4)
        changes = tx.changes.open()
        if which is Which.OPEN:
            return changes
        return (one for one in changes if self._is_theirs(one, request))

    def _is_theirs(self, change: Change, request: Request) -> bool:
        """Whether they have asked for it, carry it out, or are waited for."""
        people = (change.requested_by, change.lead)
        if any(one is not None and one.id == request.actor.id for one in people):
            return True
        waits = change.state in AHEAD and not change.is_approved(self._clock.now())
        return waits and self._may_approve(change, request)

    def _may_approve(self, change: Change, request: Request) -> bool:
        try:
            self._rights.check_change(Deed.APPROVE_CHANGE, request.actor, change, request.channel)
        except DomainError:
            return False
        return all(one.by.id != request.actor.id for one in change.counting(self._clock.now()))

    def _listed(self, tx: Transaction, change: Change) -> ListedChange:
        kind = self.guide.changes.types.get(change.plan.kind)
        return ListedChange(
            change=change,
            service=service_title(change, self._directory),
            kind=kind.title if kind else change.plan.kind,
            url=self._url(tx, change),
        )

    def _titled(self, service: str | None) -> str | None:
        if service == PLATFORM:
            return "the platform"
        known = self.guide.services.get(service) if service else None
        return known.title if known else service

    def _url(self, tx: Transaction, change: Change) -> str | None:
        at = tx.messages.of(change.id, Face.CHANGE)
        return self._workspace.url(at) if at else None


def _is_of(change: Change, service: str | None) -> bool:
    return service is None or (change.service or PLATFORM) == service
