"""Whatever lines people type about changes, in whatever order, and however often: the rules hold.

Lines go through the grammar, the doers, the use cases and a real database; timers fire, and the process dies
in between.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from bot.adapters.clock import RandomIds
from bot.domain.actor import Actor
from bot.domain.changes.change import OVER, RUNNING, Change, Plan
from bot.domain.errors import DomainError
from bot.domain.event import Event, EventKind
from bot.services.change_frame import ChangeFrame
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes
from bot.services.gates import GateReader
from bot.services.requests import Request
from handlers.commands.change_deeds import ChangeDeeds
from handlers.commands.change_gate import GateAsking
from handlers.commands.change_override import OverrideAsking
from handlers.commands.changes import ChangeAsking, ChangeCommand, ChangeLooking
from handlers.modals.changes import ChangeForms
from handlers.who import Who
from tests.support.assembled import Assembled
from tests.support.builders import ANA, EVERYBODY, LEE
from tests.support.fake_vendors import FakeWorkspace
from tests.support.fakes_services import FakeReplies

Result = TypeVar("Result")

KIM = Actor(id="U0KIM", name="Kim")
PEOPLE = st.sampled_from([ANA, LEE, KIM])
KINDS = st.sampled_from(["standard", "major", "emergency"])
VERBS = st.sampled_from(
    ["approve", "reject", "next", "start", "done", "rollback", "cancel", "note", "show", "gate", "edit"]
)
SAID = st.sampled_from(["", "because", "override: it must be now", "p95 <rises> & more"])
LENGTHS = st.sampled_from(
    [timedelta(seconds=20), timedelta(minutes=31), timedelta(hours=2), timedelta(days=1), timedelta(days=8)]
)
ENDS = {
    EventKind.CHANGE_DONE,
    EventKind.CHANGE_ROLLED_BACK,
    EventKind.CHANGE_REJECTED,
    EventKind.CHANGE_CANCELLED,
    EventKind.CHANGE_EXPIRED,
}
FORGETS = {EventKind.CHANGE_EDITED, EventKind.APPROVALS_EXPIRED}


class Lines(RuleBasedStateMachine):
    """One bot after the other over one database."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.bot = Assembled()
        self.do(self.bot.start())
        self.asked = 0
        self.requests = 0
        self.told: list[tuple[Request, str, str]] = []

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    # --- What people and time do

    @rule(who=PEOPLE, kind=KINDS, ahead=LENGTHS)
    def somebody_asks_for_one(self, who: Actor, kind: str, ahead: timedelta) -> None:
        plan = Plan(
            kind=kind,
            service="payment",
            title="New checkout",
            steps="all pods",
            validation="p95",
            rollback="helm rollback",
            starts=self.bot.clock.now() + ahead,
            length=timedelta(minutes=30),
        )
        self.do(self._changes().request(self._request(who), plan))
        self.asked += 1

    @precondition(lambda self: self.asked)
    @rule(who=PEOPLE, verb=VERBS, which=st.integers(0, 5), said=SAID)
    def somebody_types(self, who: Actor, verb: str, which: int, said: str) -> None:
        line = f"{verb} CH{which % self.asked + 1} {said}".rstrip()
        request = self._request(who)
        self.told.append((request, line, self._reply(request, line)))

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 50))
    def slack_tells_it_again(self, which: int) -> None:
        request, line, reply = self.told[which % len(self.told)]
        if line.split(maxsplit=1)[0] in {"show", "gate", "edit"} or "override:" in line:
            return  # what only looks, looks again
        before = self._everything()
        assert self._reply(request, line) == reply
        assert self._everything() == before

    @rule(length=LENGTHS)
    def time_passes(self, length: timedelta) -> None:
        self.bot.clock.advance(length)
        self.do(self.bot.parts.timers.fire_due())

    @rule()
    def it_dies(self) -> None:
        self.do(self.bot.crash())

    # --- The rules

    @invariant()
    def what_happened_is_allowed(self) -> None:
        for change, history in self._everything():
            kinds = Counter(event.kind for event in history)
            assert kinds[EventKind.CHANGE_STARTED] <= 1
            assert sum(kinds[end] for end in ENDS - {EventKind.CHANGE_DONE}) <= 1
            assert all(one.by.id != change.requested_by.id for one in change.approvals)
            assert len({(one.by.id, one.revision, one.at) for one in change.approvals}) == len(
                change.approvals
            )
            assert (change.lead is not None) == (kinds[EventKind.CHANGE_STARTED] == 1)
            assert (change.state in OVER) == (change.closed is not None)
            if change.state in RUNNING:
                assert change.phase is not None
            self._check_approved(change, history)

    def _check_approved(self, change: Change, history: tuple[Event, ...]) -> None:
        """It was started with as many approvals as it needs, of others, each once since its last plan."""
        counted: set[str] = set()
        for event in history:
            if event.kind in FORGETS:
                counted.clear()
            elif event.kind is EventKind.CHANGE_APPROVED:
                counted.add(event.actor.id)
            elif event.kind is EventKind.CHANGE_STARTED:
                assert len(counted) >= change.needs

    @override
    def teardown(self) -> None:
        self.do(self.bot.close())
        self.runner.close()

    # --- How it is done

    def _everything(self) -> list[tuple[Change, tuple[Event, ...]]]:
        found = []
        for number in range(1, self.asked + 1):
            change = self.do(self._change(number))
            found.append((change, self.do(self.bot.history(change.id))))
        return found

    async def _change(self, number: int) -> Change:
        found = await self.bot.parts.store.read(lambda tx: tx.changes.by_number(number))
        assert found is not None
        return found

    def _request(self, who: Actor) -> Request:
        self.requests += 1
        return Request(source="slack/command", delivery_id=f"r{self.requests}", actor=who)

    def _reply(self, request: Request, line: str) -> str:
        """What the one who typed reads, be it an answer or a refusal."""
        try:
            message = self.do(self._command().carry_out(line, request))
        except DomainError as refusal:
            return str(refusal)
        assert message is not None
        return message.text

    def _changes(self) -> Changes:
        bot = self.bot
        frame = ChangeFrame(
            store=bot.parts.store,
            clock=bot.clock,
            directory=bot.directory,
            rights=EVERYBODY,
            workspace=FakeWorkspace(),
        )
        return Changes(frame=frame, ids=RandomIds(), directory=bot.directory, rights=EVERYBODY)

    def _command(self) -> ChangeCommand:
        bot, changes = self.bot, self._changes()
        guide, store = bot.directory.guide, bot.parts.store
        reader = ChangeReader(
            store=store,
            clock=bot.clock,
            directory=bot.directory,
            rights=EVERYBODY,
            workspace=FakeWorkspace(),
        )
        gates = GateReader(store=store, clock=bot.clock, directory=bot.directory)
        overriding = OverrideAsking(changes=changes, reader=reader, gates=gates, clock=bot.clock, guide=guide)
        forms = ChangeForms(
            changes=changes,
            reader=reader,
            replies=FakeReplies(),
            clock=bot.clock,
            guide=guide,
            who=Who(name_of=lambda _user: None),
        )
        return ChangeCommand(
            guide=lambda: guide,
            parts=(
                ChangeLooking(reader=reader, guide=guide).doers,
                ChangeAsking(forms=forms, guide=guide).doers,
                GateAsking(reader=reader, gates=gates, guide=guide).doers,
                ChangeDeeds(changes=changes, overriding=overriding).doers,
            ),
        )


TestLines = Lines.TestCase
TestLines.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
