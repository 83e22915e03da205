"""The services over a real SQLite file and fake vendors, which can die at any moment and start again."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from bot.adapters.no_silencer import NoSilencer
from bot.domain.delivery import Recipient
from bot.domain.directory import Directory
from bot.domain.event import Event
from bot.domain.incident import Incident
from bot.domain.page import PageRecord
from bot.ports.failures import DeliveryFailure
from bot.ports.probe import no_probe
from bot.services.cards import read_card
from bot.services.deliveries import Deliveries
from bot.services.incidents import Incidents
from bot.services.pager_sync import PagerSync
from bot.services.sending import Sender
from bot.services.timers import Timers
from bot.services.updates import Updates
from bot.services.work import Claimed
from bot.views.incident import card
from storage.open import OpenStore, migrate, open_store
from tests.support.builders import EVERYBODY, a_directory
from tests.support.clock import FakeClock, SequenceIds
from tests.support.fake_vendors import (
    FakeChat,
    FakeDrafts,
    FakePager,
    FakeWorkspace,
    Fates,
    NoBudgets,
    NoMeter,
    NoRooms,
    NoSummaries,
    NoTalk,
)

SECOND = timedelta(seconds=1)
QUICK = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One life of the process."""

    store: OpenStore
    incidents: Incidents
    updates: Updates
    sync: PagerSync
    timers: Timers
    deliveries: Deliveries
    sender: Sender


class Assembled:
    """The services of one process after the other, over the same file, clock and vendors."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.fates = Fates()
        self.pager = FakePager(self.fates)
        self.chat = FakeChat(self.fates)
        self.directory: Directory = a_directory()
        self._ids = SequenceIds()
        self._folder = Path(tempfile.mkdtemp(dir=QUICK if QUICK.is_dir() else None))
        shutil.copy(_migrated(), self._folder / "opsbot.db")
        self._parts: Parts | None = None

    @property
    def parts(self) -> Parts:
        assert self._parts is not None
        return self._parts

    async def start(self) -> None:
        store = await open_store(f"sqlite+aiosqlite:///{self._folder}/opsbot.db", clock=self.clock)
        clock, directory = self.clock, self.directory
        drafts = FakeDrafts(self.fates)
        sender = Sender(
            pager=self.pager,
            chat=self.chat,
            rooms=NoRooms(),
            talk=NoTalk(),
            drafts=drafts,
            summaries=NoSummaries(),
            silencer=NoSilencer(),
            budgets=NoBudgets(),
        )
        self._parts = Parts(
            store=store,
            incidents=Incidents(
                store=store,
                clock=clock,
                ids=self._ids,
                directory=directory,
                workspace=FakeWorkspace(),
                rights=EVERYBODY,
            ),
            updates=Updates(store=store, clock=clock, directory=directory, rights=EVERYBODY),
            sync=PagerSync(store=store, clock=clock, directory=directory, pager=self.pager),
            timers=Timers(store=store, clock=clock, ids=self._ids, directory=directory),
            deliveries=Deliveries(
                store=store,
                clock=clock,
                ids=self._ids,
                directory=directory,
                sender=sender,
                probe=no_probe,
                meter=NoMeter(),
            ),
            sender=sender,
        )

    async def crash(self) -> None:
        """Die, with whatever was being sent, and start again."""
        await self.parts.store.aclose()
        await self.start()

    async def close(self) -> None:
        await self.parts.store.aclose()
        shutil.rmtree(self._folder)

    async def send_and_die(self, claimed: Claimed) -> None:
        """Send what was claimed, without ever writing down what became of it."""
        try:
            await self.parts.sender.send(claimed.work)
        except DeliveryFailure:
            return

    async def settle(self) -> None:
        """Let every vendor be well, and everything that is owed arrive, as far as time allows."""
        self.fates.coming.clear()
        for _ in range(3):
            while await self.owes():
                await self.parts.timers.fire_due()
                for recipient in Recipient:
                    for claimed in await self.parts.deliveries.claim(recipient, 50):
                        await self.parts.deliveries.carry_out(claimed)
                await self._wait()
            await self.parts.sync.poll()

    async def _wait(self) -> None:
        """Until something may be tried again."""
        soonest = await self.parts.store.read(
            lambda tx: [at for recipient in Recipient if (at := tx.outbox.soonest(recipient)) is not None]
        )
        now = self.clock.now()
        self.clock.advance_to(max(min(soonest, default=now), now + SECOND))

    async def owes(self) -> int:
        """How many deliveries wait or are being sent."""
        rows = await self.parts.store.read(lambda tx: tx.outbox.backlog())
        return sum(waiting for _, waiting, _ in rows)

    async def incident(self, number: int) -> Incident:
        found = await self.parts.store.read(lambda tx: tx.incidents.by_number(number))
        assert found is not None
        return found

    async def history(self, incident: str) -> tuple[Event, ...]:
        return await self.parts.store.read(lambda tx: tx.events.of(incident))

    async def pages(self, incident: str) -> tuple[PageRecord, ...]:
        return await self.parts.store.read(lambda tx: tx.pages.of(incident))

    async def shows_the_newest(self, incident: Incident) -> bool:
        """Whether the one card of an incident shows it as it is."""
        newest = await self.parts.store.read(lambda tx: read_card(tx, incident, self.directory))
        return [card(shown) for shown in self.chat.cards_of(incident.id)] == [card(newest)]


@cache
def _migrated() -> Path:
    """An empty database with the schema of this code, to be copied."""
    file = Path(tempfile.mkdtemp(dir=QUICK if QUICK.is_dir() else None)) / "opsbot.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file
