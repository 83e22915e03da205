"""The commands that change runs of checklists."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.actor import Actor
from bot.services.requests import Answer, Ref, Request
from bot.services.run_asking import RunAsking
from bot.services.runs import Runs
from handlers.commands.doers import Doers, changer
from handlers.who import Who
from handlers.words.checklist_deeds import (
    BeginRun,
    CheckItems,
    DropItem,
    GiveItems,
    NoteOnRun,
    RefreshEvidence,
    ReopenItems,
    ReportProblem,
    SolveProblem,
    TakeItems,
)


class ChecklistDeeds:
    """Checks items off, takes them and hands them over, notes, follows problems, begins runs."""

    def __init__(self, *, runs: Runs, asking: RunAsking, who: Who) -> None:
        self._runs = runs
        self._asking = asking
        self._who = who

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **changer(BeginRun, self._begin),
            **changer(CheckItems, self._check),
            **changer(ReopenItems, self._reopen),
            **changer(DropItem, self._drop),
            **changer(TakeItems, self._take),
            **changer(GiveItems, self._give),
            **changer(NoteOnRun, self._note),
            **changer(ReportProblem, self._report),
            **changer(SolveProblem, self._solve),
            **changer(RefreshEvidence, self._refresh),
        }

    async def _begin(self, command: BeginRun, request: Request) -> Answer:
        return await self._asking.begin(request, command.key)

    async def _check(self, command: CheckItems, request: Request) -> Answer:
        return await self._runs.check(request, Ref(number=command.run), command.items)

    async def _reopen(self, command: ReopenItems, request: Request) -> Answer:
        return await self._runs.reopen(request, Ref(number=command.run), command.items)

    async def _drop(self, command: DropItem, request: Request) -> Answer:
        ref, items = Ref(number=command.run), (command.item,)
        return await self._runs.not_applicable(request, ref, items, command.reason)

    async def _take(self, command: TakeItems, request: Request) -> Answer:
        return await self._runs.take(request, Ref(number=command.run), command.items)

    async def _give(self, command: GiveItems, request: Request) -> Answer:
        return await self._runs.give(request, Ref(number=command.run), command.items, self._named(command.to))

    async def _note(self, command: NoteOnRun, request: Request) -> Answer:
        return await self._runs.note(request, Ref(number=command.run), command.item, command.text)

    async def _report(self, command: ReportProblem, request: Request) -> Answer:
        return await self._runs.report(request, Ref(number=command.run), command.item, command.text)

    async def _solve(self, command: SolveProblem, request: Request) -> Answer:
        return await self._runs.solve(request, Ref(number=command.run), command.item, command.text)

    async def _refresh(self, command: RefreshEvidence, request: Request) -> Answer:
        return await self._runs.refresh(request, Ref(number=command.run))

    def _named(self, one: Actor) -> Actor:
        """Somebody who is mentioned; a mention in a message tells no name."""
        return replace(one, name=self._who.name_of(one.id) or one.name)
