"""`/checklist` over services that a test directs."""

from __future__ import annotations

from datetime import UTC, timedelta

from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.checklists.board import Today
from bot.domain.checklists.figures import Span
from bot.domain.checklists.past import PastRun
from bot.domain.checklists.report import report
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.services.checklist_history import ChecklistHistory
from bot.services.checklist_report import CountedReviews, ReviewCounter
from bot.services.problem_declaring import ProblemDeclaring
from bot.services.requests import Answer, Ref, Request
from bot.services.run_asking import RunAsking
from bot.services.run_reader import RunReader
from bot.services.runs import Items, Runs
from handlers.after_ack import AfterAck
from handlers.commands.checklist_deeds import ChecklistDeeds
from handlers.commands.checklist_reports import ChecklistCounting
from handlers.commands.checklists import ChecklistCommand, ChecklistLooking
from handlers.pictures import Pictures
from handlers.who import Who
from tests.support.builders import EVERYBODY
from tests.support.clock import MONDAY_NOON
from tests.support.fakes_services import FakeQuestions


class FakeRunReader(RunReader):
    """Knows of no run."""

    def __init__(self, guide: Guide, clock: Clock) -> None:
        self._guide = guide
        self._clock = clock

    @property
    @override
    def guide(self) -> Guide:
        return self._guide

    @override
    async def today(self, request: Request) -> Today:
        return Today(now=self._clock.now())


class FakeRuns(Runs):
    """Does whatever is asked, and remembers what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Ref, Items]] = []

    @override
    async def check(self, request: Request, ref: Ref, items: Items = ()) -> Answer:
        return self._done("done", ref, items)

    @override
    async def give(self, request: Request, ref: Ref, items: Items, to: Actor) -> Answer:
        return self._done(f"give {to.name}", ref, items)

    def _done(self, verb: str, ref: Ref, items: Items) -> Answer:
        self.asked.append((verb, ref, items))
        return Answer(text=verb)


class FakeRunAsking(RunAsking):
    """Begins whatever is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @override
    async def begin(self, request: Request, key: str) -> Answer:
        self.asked.append(key)
        return Answer(text=f"{key} begins")


class FakeProblemDeclaring(ProblemDeclaring):
    """Knows of no problem."""

    def __init__(self) -> None:
        """Nothing is read."""


class FakeCounter(ReviewCounter):
    """Finds that nothing was planned."""

    def __init__(self) -> None:
        pass

    @override
    async def of(
        self, length: timedelta, checklist: str | None = None, *, channel: str | None = None
    ) -> CountedReviews:
        span = Span(since=MONDAY_NOON - length, until=MONDAY_NOON, checklist=checklist)
        return CountedReviews(report=report((), span, UTC))


class FakeHistory(ChecklistHistory):
    """Knows of no run."""

    def __init__(self) -> None:
        pass

    @override
    async def newest(
        self, checklist: str | None = None, *, channel: str | None = None
    ) -> tuple[tuple[PastRun, ...], bool]:
        return (), False


def checklist_command(
    guide: Guide, clock: Clock, who: Who, pictures: Pictures, runs: Runs | None = None
) -> ChecklistCommand:
    """The command over fakes."""
    return ChecklistCommand(
        titles=lambda: {one.key: one.title for one in guide.checklists.values()},
        parts=(
            ChecklistLooking(reader=FakeRunReader(guide, clock), clock=clock, rights=EVERYBODY).doers,
            ChecklistDeeds(runs=runs or FakeRuns(), asking=FakeRunAsking(), who=who).doers,
            ChecklistCounting(
                counter=FakeCounter(),
                history=FakeHistory(),
                questions=FakeQuestions(),
                rights=EVERYBODY,
                pictures=pictures,
                after_ack=AfterAck(),
                guide=guide,
            ).doers,
        ),
    )
