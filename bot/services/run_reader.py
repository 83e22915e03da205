"""Use cases that read runs of checklists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.checklist import Cadence, Checklist
from bot.domain.checklists.board import (
    CadenceList,
    ListedChecklist,
    ListedProblem,
    ListedRun,
    RunDetails,
    Today,
)
from bot.domain.checklists.run import Run, RunState
from bot.domain.checklists.schedule import next_occurrence
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read
from bot.services.find_run import find_run
from bot.services.requests import Ref, Request
from bot.services.run_cards import read_run_card, whose_of

_READ = 3
"""Runs of each checklist that are looked at for what was done today: what was open is among the newest."""


class RunReader:
    """Lists and shows runs. What people wrote of the security team's shows only in their own channel."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace

    @property
    def guide(self) -> Guide:
        """The guide, for what may be named in a command."""
        return self._directory.guide

    async def today(self, request: Request) -> Today:
        """What is open, what begins yet today, and what was done today."""
        now = self._clock.now()
        day = self._day(now)

        def body(tx: Transaction) -> Today:
            listed = [self._listed(tx, run, request) for run in tx.runs.open()]
            newest = (run for key in self.guide.checklists for run in tx.runs.newest(_READ, checklist=key))
            done = sorted((run for run in newest if self._was_done(run, day)), key=lambda run: run.number)
            coming = (self._checklist(tx, one, request, now) for one in self.guide.checklists.values())
            ahead = [one for one in coming if one.next_at and self._day(one.next_at) == day]
            return Today(
                now=now,
                open=tuple(listed),
                ahead=tuple(sorted(ahead, key=_when)),
                done=tuple(self._listed(tx, run, request) for run in done),
                problems=sum(len(run.open_problems) for run in tx.runs.with_problems()),
            )

        return await self._store.read(body)

    async def by_cadence(self, request: Request, cadence: Cadence) -> CadenceList:
        """All checklists of a cadence, with their newest runs, the soonest first."""
        now = self._clock.now()

        def body(tx: Transaction) -> CadenceList:
            wanted = (one for one in self.guide.checklists.values() if one.cadence is cadence)
            listed = [self._checklist(tx, one, request, now) for one in wanted]
            return CadenceList(now=now, cadence=cadence, checklists=tuple(sorted(listed, key=_when)))

        return await self._store.read(body)

    async def show(self, request: Request, ref: Ref) -> RunDetails:
        """One run with all its items. Raises NotFoundError and InvalidError."""

        def body(tx: Transaction) -> RunDetails:
            run = find_run(tx, request, ref, self._workspace, verb="show")
            return self._details(tx, run, request)

        return await self._store.read(body)

    async def run(self, request: Request, ref: Ref) -> Run:
        """One run, to be changed by who may. Raises NotFoundError and InvalidError."""
        return await self._store.read(lambda tx: find_run(tx, request, ref, self._workspace, verb="show"))

    async def checklist(self, request: Request, key: str) -> RunDetails | ListedChecklist:
        """The open run of a checklist (a key of the guide); without one when it is next."""
        now = self._clock.now()

        def body(tx: Transaction) -> RunDetails | ListedChecklist:
            run = tx.runs.open_of(key)
            if run is not None:
                return self._details(tx, run, request)
            return self._checklist(tx, self.guide.checklists[key], request, now)

        return await self._store.read(body)

    async def problems(self, request: Request) -> tuple[ListedProblem, ...]:
        """What was found and is still open, the oldest first."""

        def body(tx: Transaction) -> tuple[ListedProblem, ...]:
            found = [each for run in tx.runs.with_problems() for each in self._problems(tx, run, request)]
            return tuple(sorted(found, key=lambda one: one.problem.found_at))

        return await self._store.read(body)

    def may_show(self, run: Run, channel: str | None) -> bool:
        """Whether what people wrote of a run may be shown in a channel (Slack's id)."""
        return may_read(self._workspace, run, channel)

    def _problems(self, tx: Transaction, run: Run, request: Request) -> Iterable[ListedProblem]:
        listed = self._listed(tx, run, request)
        for item in run.open_problems:
            if item.problem is None:
                continue
            declared = tx.incidents.by_id(item.problem.incident) if item.problem.incident else None
            yield ListedProblem(
                listed=listed,
                position=item.position,
                item=item.title,
                problem=item.problem,
                owner=item.owner.name if item.owner else None,
                incident=declared.label if declared else None,
            )

    def _details(self, tx: Transaction, run: Run, request: Request) -> RunDetails:
        listed = self._listed(tx, run, request)
        card = read_run_card(tx, run, self._directory)
        return RunDetails(card=card, url=listed.url, hidden=listed.hidden)

    def _listed(self, tx: Transaction, run: Run, request: Request) -> ListedRun:
        at = tx.messages.of(run.id, Face.RUN)
        url = self._workspace.url(at) if at else None
        return ListedRun(
            run=run,
            title=self._directory.called(run),
            url=url,
            hidden=not self.may_show(run, request.channel),
            whose=whose_of(run, self._directory),
        )

    def _checklist(
        self, tx: Transaction, checklist: Checklist, request: Request, now: datetime
    ) -> ListedChecklist:
        newest = next(iter(tx.runs.newest(1, checklist=checklist.key)), None)
        following = next_occurrence(checklist, self._directory.business, now)
        return ListedChecklist(
            key=checklist.key,
            title=checklist.title,
            purpose=checklist.purpose,
            channel=self.guide.channels[checklist.channel].name,
            newest=self._listed(tx, newest, request) if newest else None,
            next_at=following.at if following else None,
        )

    def _was_done(self, run: Run, day: date) -> bool:
        at = run.closed_at
        return run.state is RunState.DONE and at is not None and self._day(at) == day

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.guide.organization.zone).date()


def _when(listed: ListedChecklist) -> tuple[bool, float, str]:
    at = listed.next_at
    return at is None, at.timestamp() if at else 0.0, listed.key
