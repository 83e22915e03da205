"""`/change` over services that a test directs."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from bot.domain.changes.board import ChangeList, Which
from bot.domain.changes.gate import GateAnswer, Verdict
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.services.calendar import ChangeCalendar
from bot.services.calendar_reading import CalendarReader
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes
from bot.services.gates import GateReader
from bot.services.requests import Answer, Ref, Request
from handlers.commands.change_calendar import CalendarCommands
from handlers.commands.change_deeds import ChangeDeeds
from handlers.commands.change_gate import GateAsking
from handlers.commands.change_override import OverrideAsking
from handlers.commands.changes import ChangeAsking, ChangeCommand, ChangeLooking
from handlers.modals.calendar import CalendarForms
from handlers.modals.changes import ChangeForms
from handlers.who import Who
from tests.support.builders import EVERYBODY
from tests.support.clock import MONDAY_NOON
from tests.support.fakes_services import FakeReplies


class FakeChangeReader(ChangeReader):
    """Knows of no change."""

    def __init__(self) -> None:
        pass

    @override
    async def list(self, request: Request, which: Which, service: str | None = None) -> ChangeList:
        return ChangeList(now=MONDAY_NOON, which=which, changes=())

    @override
    async def opens(self, kind: str, service: str | None) -> datetime | None:
        return None


class FakeChanges(Changes):
    """Does whatever is asked, and remembers what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Ref, str | None]] = []

    @override
    async def approve(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        self.asked.append(("approve", ref, note))
        return Answer(text="approve")


class FakeGates(GateReader):
    """Lets everything through."""

    def __init__(self) -> None:
        pass

    @override
    async def answer(
        self, service: str | None, kind: str | None, change: str | None, *, require_change: bool = False
    ) -> GateAnswer:
        return GateAnswer(
            service=service, kind=kind or "standard", at=MONDAY_NOON, verdict=Verdict.ALLOW, reasons=()
        )


class FakeCalendar(ChangeCalendar):
    """Keeps nothing."""

    def __init__(self) -> None:
        pass


class FakeCalendarReader(CalendarReader):
    """Knows of nothing."""

    def __init__(self) -> None:
        pass


def change_command(guide: Guide, clock: Clock, who: Who) -> ChangeCommand:
    """The command over fakes."""
    reader, changes = FakeChangeReader(), FakeChanges()
    forms = ChangeForms(
        changes=changes, reader=reader, replies=FakeReplies(), clock=clock, guide=guide, who=who
    )
    overriding = OverrideAsking(changes=changes, reader=reader, gates=FakeGates(), clock=clock, guide=guide)
    return ChangeCommand(
        guide=lambda: guide,
        parts=(
            ChangeLooking(reader=reader, guide=guide).doers,
            ChangeAsking(forms=forms, guide=guide).doers,
            GateAsking(reader=reader, gates=FakeGates(), guide=guide).doers,
            ChangeDeeds(changes=changes, overriding=overriding).doers,
            CalendarCommands(
                calendar=FakeCalendar(),
                reader=FakeCalendarReader(),
                forms=CalendarForms(
                    calendar=FakeCalendar(), replies=FakeReplies(), guide=guide, clock=clock, who=who
                ),
                rights=EVERYBODY,
            ).doers,
        ),
    )
