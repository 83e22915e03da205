"""Whenever the bot looks, dies or is away, whatever people do: each review that was due is there once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from bot.adapters.clock import RandomIds
from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.checklist import AfterOutage, ChecklistItem, Unfinished
from bot.domain.checklists import checking
from bot.domain.checklists.course import LONGEST_BACK
from bot.domain.checklists.run import Run, RunState
from bot.domain.checklists.schedule import occurrences
from bot.domain.directory import Directory
from bot.domain.timer import TimerKind
from bot.ports.store import Store, Transaction
from bot.services.record import Record
from bot.services.run_prompts import RunPrompts
from bot.services.run_writing import ask_run, write_run
from tests.support.assembled import Assembled
from tests.support.builders import ANA, NEW_YORK

Result = TypeVar("Result")

LENGTHS = st.sampled_from(
    [timedelta(seconds=15), timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=40)]
)
KEYS = st.sampled_from(["health-check", "security-review", "dr-testing"])
NEWEST = 2000


class Death(BaseException):
    """The process is no more."""


class Mortal(Store):
    """A store whose process dies before its `commits`-th commit, or after it."""

    def __init__(self, store: Store, commits: int, *, after: bool) -> None:
        self._store = store
        self._left = commits
        self._after = after

    @override
    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Death
        result = await self._store.transaction(name, body)
        if self._left == 0:
            raise Death
        return result

    @override
    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        return await self._store.read(body)


class Prompting(RuleBasedStateMachine):
    """One bot after the other over one database. `first` is when one has looked first."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.bot = Assembled()
        self.do(self.bot.start())
        self.directory: Directory = self.bot.directory
        self.first = self.bot.clock.now()
        self.looked = self.first
        self.do(self._prompts(self.bot.parts.store).look())

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    @rule(length=LENGTHS)
    def time_passes(self, length: timedelta) -> None:
        self.bot.clock.advance(length)

    @rule()
    def looks(self) -> None:
        self.do(self._prompts(self.bot.parts.store).look())
        self._check_complete()

    @rule(commits=st.integers(1, 4), after=st.booleans())
    def looks_and_dies(self, commits: int, *, after: bool) -> None:
        try:
            self.do(self._prompts(Mortal(self.bot.parts.store, commits, after=after)).look())
        except Death:
            self.do(self.bot.crash())

    @rule()
    def timers_fire(self) -> None:
        self.do(self.bot.parts.timers.fire_due())

    @rule(key=KEYS)
    def somebody_wants_one(self, key: str) -> None:
        checklist = self.directory.guide.checklists[key]
        was = self.read(lambda tx: tx.runs.open_of(key))
        made = self._write(lambda record: ask_run(record, checklist, run_id=RandomIds().new_id()))
        assert (made is None) == (was is not None)

    @rule(key=KEYS)
    def somebody_does_it_all(self, key: str) -> None:
        run = self.read(lambda tx: tx.runs.open_of(key))
        if run is not None:
            act = Act(by=ANA, now=self.bot.clock.now(), zone=NEW_YORK)
            done = checking.check(run, None, act)
            self._write(lambda record: write_run(record, run, done.run, done.happened))

    @rule(
        key=KEYS,
        items=st.lists(st.sampled_from("abcde"), min_size=1, max_size=3, unique=True),
        unfinished=st.sampled_from(Unfinished),
        after_outage=st.sampled_from(AfterOutage),
    )
    def the_guide_is_edited(
        self, key: str, items: list[str], unfinished: Unfinished, after_outage: AfterOutage
    ) -> None:
        guide = self.directory.guide
        edited = replace(
            guide.checklists[key],
            items=tuple(ChecklistItem(key=one, title=one) for one in items),
            unfinished=unfinished,
            after_outage=after_outage,
        )
        checklists = {**guide.checklists, key: edited}
        self.directory = replace(self.directory, guide=replace(guide, checklists=checklists))

    @invariant()
    def nothing_is_there_twice_and_what_is_open_ends(self) -> None:
        runs, ends = self.read(_seen)
        assert set(Counter((run.checklist, run.occurrence) for run in runs).values()) <= {1}
        opened = [run for run in runs if run.is_open]
        assert set(Counter(run.checklist for run in opened).values()) <= {1}
        assert sorted(run.id for run in opened) == sorted(ends), "each open one, and no other, has an end"
        assert all(run.planned_at > self.first for run in runs if run.on_schedule)
        for run in runs:
            assert (run.state is RunState.DONE) == (not run.open_items)

    @invariant()
    def what_is_carried_is_the_next_ones(self) -> None:
        following: dict[str, Run] = {}
        for run in self.read(lambda tx: tx.runs.newest(NEWEST)):
            if run.state is RunState.CARRIED:
                next_keys = {item.key for item in following[run.checklist].items}
                assert {item.key for item in run.open_items} <= next_keys
            if run.state is not RunState.SKIPPED:
                following[run.checklist] = run

    def read(self, body: Callable[[Transaction], Result]) -> Result:
        return self.do(self.bot.parts.store.read(body))

    @override
    def teardown(self) -> None:
        self.do(self.bot.close())
        self.runner.close()

    def _check_complete(self) -> None:
        """Every occurrence since the last whole look is there, posted or noted."""
        now = self.bot.clock.now()
        since = max(self.looked, now - LONGEST_BACK)
        there = {(run.checklist, run.occurrence) for run in self.read(lambda tx: tx.runs.newest(NEWEST))}
        for checklist in self.directory.guide.checklists.values():
            for one in occurrences(checklist, self.directory.business, since, now):
                assert (checklist.key, one.key) in there
        self.looked = now

    def _prompts(self, store: Store) -> RunPrompts:
        return RunPrompts(
            store=store,
            clock=self.bot.clock,
            ids=RandomIds(),
            directory=self.directory,
            person=lambda user: Actor(id=user, name=user),
        )

    def _write(self, act: Callable[[Record], Run | None]) -> Run | None:
        now: datetime = self.bot.clock.now()

        def body(tx: Transaction) -> Run | None:
            return act(Record(tx=tx, now=now, actor=ANA, directory=self.directory))

        return self.do(self.bot.parts.store.transaction("act", body))


def _seen(tx: Transaction) -> tuple[tuple[Run, ...], list[str]]:
    runs = tx.runs.newest(NEWEST)
    ends = [timer.subject for run in runs for timer in tx.timers.of(run.id, TimerKind.RUN_END)]
    return runs, ends


TestPrompting = Prompting.TestCase
TestPrompting.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
