"""Use cases that read alerts."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.alert_listing import (
    AlertDetails,
    AlertListing,
    Asked,
    Listed,
    SilenceList,
    StormDetails,
    arranged,
)
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.face import Face
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read
from bot.services.find_alert import find_group, in_thread
from bot.services.requests import Ref, Request
from bot.services.sign_of_life import sign_of_life

MOST_READ = 2000
"""Groups that are looked at for one list."""

_MOST_ALERTS = 60
_MOST_SILENCES = 200
_MOST_LINKED = 60


class AlertReader:
    """Lists and shows alerts. Security alerts show only in their own channel; elsewhere they are counted."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace

    @property
    def guide(self) -> Guide:
        """The guide, for what may be named in a command."""
        return self._directory.guide

    async def firing(
        self, request: Request, *, severity: Severity | None = None, service: str | None = None
    ) -> AlertListing:
        """What fires: all of it, or what is of a severity, or of a service (a key of the guide)."""
        now = self._clock.now()
        asked = Asked(severity=severity, service=self._title(service))

        def wanted(group: AlertGroup) -> bool:
            return severity in {None, group.severity} and service in {None, group.service}

        def body(tx: Transaction) -> AlertListing:
            found = tx.alert_groups.firing(limit=MOST_READ)
            groups = [one for one in found if wanted(one)]
            shown = [one for one in groups if self._may_show(one, request)]
            listing = arranged(
                [self._listed(one) for one in shown],
                now,
                asked=asked,
                hidden=len(groups) - len(shown),
                heard=sign_of_life(tx, self._directory.guide, self._clock.now()),
                cut=len(found) >= MOST_READ,
            )
            return listing.mapped(lambda part: self._linked(tx, part))

        return await self._store.read(body)

    async def show(self, request: Request, ref: Ref) -> AlertDetails:
        """One group with its alerts. Raises NotFoundError and InvalidError."""
        now = self._clock.now()

        def body(tx: Transaction) -> AlertDetails:
            group = find_group(tx, request, ref, verb="show")
            if not self._may_show(group, request):
                return AlertDetails(listed=self._listed(group), now=now, hidden=True)
            return AlertDetails(
                listed=self._linked(tx, (self._listed(group),))[0],
                now=now,
                alerts=tx.alerts.of(group.id, limit=_MOST_ALERTS),
                silences=tx.silences.of(group.id),
                storm=tx.alert_groups.by_id(group.storm) if group.storm else None,
            )

        return await self._store.read(body)

    async def which(self, request: Request, ref: Ref, *, verb: str) -> str:
        """The id of the group that is meant. Raises NotFoundError and InvalidError."""
        return await self._store.read(lambda tx: find_group(tx, request, ref, verb=verb).id)

    async def storm(self, request: Request, ref: Ref) -> StormDetails:
        """A storm with the groups that it stands for. Raises NotFoundError and InvalidError."""
        now = self._clock.now()

        def body(tx: Transaction) -> StormDetails:
            storm = self._find_storm(tx, request, ref)
            members = tx.alert_groups.members(storm.id)
            return StormDetails(
                storm=self._listed(storm),
                now=now,
                members=self._linked(
                    tx, tuple(self._listed(one) for one in members if self._may_show(one, request))
                ),
            )

        return await self._store.read(body)

    async def silences(self, request: Request) -> SilenceList:
        """What is kept quiet, what ends first comes first."""
        now = self._clock.now()

        def body(tx: Transaction) -> SilenceList:
            standing = [
                (silence, group)
                for silence in tx.silences.standing(limit=_MOST_SILENCES)
                if (group := tx.alert_groups.by_id(silence.group)) is not None
            ]
            shown = [pair for pair in standing if self._may_show(pair[1], request)]
            return SilenceList(
                now=now,
                silences=tuple(
                    (silence, self._linked(tx, (self._listed(group),))[0]) for silence, group in shown
                ),
                hidden=len(standing) - len(shown),
            )

        return await self._store.read(body)

    def _find_storm(self, tx: Transaction, request: Request, ref: Ref) -> AlertGroup:
        found = self._named(tx, request, ref)
        if found is None or not self._may_show(found, request):
            raise NotFoundError(f"There is no storm A{ref.number}." if ref.number else "No storm goes on.")
        if found.source is not AlertSource.STORM:
            raise InvalidError(f"{found.label} is no storm. `show {found.label}` shows it.")
        return found

    def _named(self, tx: Transaction, request: Request, ref: Ref) -> AlertGroup | None:
        if ref.id is not None:
            return tx.alert_groups.by_id(ref.id)
        if ref.number is not None:
            return tx.alert_groups.by_number(ref.number)
        here = in_thread(tx, request)
        return here if here and here.source is AlertSource.STORM else self._the_only_storm(tx, request)

    def _the_only_storm(self, tx: Transaction, request: Request) -> AlertGroup | None:
        firing = tx.alert_groups.firing(limit=MOST_READ)
        storms = [one for one in firing if one.source is AlertSource.STORM and self._may_show(one, request)]
        if len(storms) > 1:
            names = ", ".join(one.label for one in storms)
            raise InvalidError(f"Which storm? `storm {storms[0].label}`. There are: {names}.")
        return storms[0] if storms else None

    def _listed(self, group: AlertGroup) -> Listed:
        return Listed(group=group, service=self._title(group.service))

    def _linked(self, tx: Transaction, part: tuple[Listed, ...]) -> tuple[Listed, ...]:
        """The same, the first of them with the addresses of their cards: no list shows more."""
        return (*(self._with_link(tx, one) for one in part[:_MOST_LINKED]), *part[_MOST_LINKED:])

    def _with_link(self, tx: Transaction, one: Listed) -> Listed:
        at = tx.messages.of(one.group.id, Face.ALERT)
        return replace(one, url=self._workspace.url(at)) if at else one

    def _title(self, service: str | None) -> str | None:
        if service is None:
            return None
        known = self._directory.guide.services.get(service)
        return known.title if known else service

    def _may_show(self, group: AlertGroup, request: Request) -> bool:
        return may_read(self._workspace, group, request.channel)
