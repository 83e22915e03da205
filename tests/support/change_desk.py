"""People who work with changes, over a store: requests as Slack would hand them in, and timers."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from bot.adapters.clock import RandomIds
from bot.domain.actor import Actor
from bot.domain.change_policy import ChangePolicy
from bot.domain.changes.change import Change, Plan
from bot.domain.changes.span import Span, SpanKind
from bot.domain.directory import Directory
from bot.domain.event import Event
from bot.domain.rights import Rights
from bot.ports.store import Store, Transaction
from bot.services.change_frame import ChangeFrame
from bot.services.change_requests import Changes
from bot.services.requests import Ref, Request
from bot.services.timers import Timers
from tests.support.builders import ANA, EVERYBODY, a_directory
from tests.support.change_lives import a_plan
from tests.support.clock import FakeClock
from tests.support.fake_vendors import FakeWorkspace

_deliveries = count(1)


def by(who: Actor, **changes: Any) -> Request:
    """A request of somebody, which comes for the first time."""
    facts = {"source": "test", "delivery_id": f"d{next(_deliveries)}", "actor": who, "channel": "C1"}
    return Request(**{**facts, **changes})


class Desk:
    """The use cases, and what has become of a change."""

    def __init__(
        self,
        store: Store,
        clock: FakeClock,
        *,
        directory: Directory | None = None,
        rights: Rights = EVERYBODY,
    ) -> None:
        self.store, self.clock = store, clock
        self.directory = directory or a_directory()
        frame = ChangeFrame(
            store=store, clock=clock, directory=self.directory, rights=rights, workspace=FakeWorkspace()
        )
        self.changes = Changes(frame=frame, ids=RandomIds(), directory=self.directory, rights=rights)
        self._timers = Timers(store=store, clock=clock, ids=RandomIds(), directory=self.directory)

    @property
    def policy(self) -> ChangePolicy:
        return self.directory.guide.changes

    async def asked(self, plan: Plan | None = None, *, who: Actor = ANA, **changes: Any) -> Change:
        """A change that somebody has asked for."""
        answer = await self.changes.request(by(who), plan or a_plan(**changes))
        assert answer.change is not None
        return answer.change

    async def now(self, change: Change) -> Change:
        """As it is now."""
        found = await self.store.read(lambda tx: tx.changes.by_id(change.id))
        assert found is not None
        return found

    async def history(self, change: Change) -> tuple[Event, ...]:
        """What has happened to it."""
        return tuple(await self.store.read(lambda tx: tx.events.of(change.id)))

    async def freeze(self, length: timedelta, *, who: Actor = ANA) -> tuple[Span, tuple[Change, ...]]:
        """Somebody freezes everything from now on, and sees what is running then."""
        now = self.clock.now()

        def body(tx: Transaction) -> tuple[Span, tuple[Change, ...]]:
            tx.spans.freeze_calendar()
            return tx.spans.add(
                Span(
                    id=RandomIds().new_id(),
                    kind=SpanKind.FREEZE,
                    title="Audit",
                    starts=now,
                    ends=now + length,
                    channel="platform-alerts",
                    by=who,
                    at=now,
                )
            ), tx.changes.running()

        return await self.store.transaction("freeze", body)

    async def forward(self, **parts: float) -> None:
        """Time passes, and what is due fires, deadline by deadline."""
        until = self.clock.now() + timedelta(**parts)
        while True:
            fired = await self._timers.fire_due()
            if fired.next_due is None or fired.next_due > until:
                break
            self.clock.advance_to(max(fired.next_due, self.clock.now()))
        self.clock.advance_to(until)
        await self._timers.fire_due()


def ref(change: Change, *, seen: bool = False) -> Ref:
    """It is meant; `seen`: by a button on its card."""
    return Ref(id=change.id, epoch=change.revision if seen else None)
