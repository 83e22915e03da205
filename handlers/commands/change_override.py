"""A line that starts a change against the gate: whoever types it is asked once more, with a button."""

from __future__ import annotations

from bot.domain.act import Act
from bot.domain.changes import carrying
from bot.domain.deed import Deed
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.slo.objective import PLATFORM
from bot.domain.text import clean
from bot.ports.clock import Clock
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes
from bot.services.gates import GateReader
from bot.services.requests import Ref, Request
from bot.views.blocks import Message
from bot.views.changes.overriding import REASON_MOST, override_question
from bot.views.markup import length


class OverrideAsking:
    """Asks whether a change is to be started against the gate; a slip of the finger starts nothing."""

    def __init__(
        self, *, changes: Changes, reader: ChangeReader, gates: GateReader, clock: Clock, guide: Guide
    ) -> None:
        self._changes = changes
        self._reader = reader
        self._gates = gates
        self._clock = clock
        self._guide = guide

    async def ask(self, number: int | None, why: str, request: Request) -> Message:
        """The question. Raises DomainError for what could not be done anyway."""
        change = await self._reader.change(request, Ref(number=number), verb="start")
        self._changes.check_may(Deed.OVERRIDE_GATE, request, change)
        act = Act(by=request.actor, now=self._clock.now(), zone=self._guide.organization.zone)
        carrying.check_startable(change, act, self._guide.changes)
        reason = clean(why, 2 * REASON_MOST)
        if length(reason) > REASON_MOST:
            raise InvalidError(f"Why, in {REASON_MOST} characters at most? `note {change.label}` takes more.")
        gate = await self._gates.answer(change.service or PLATFORM, change.plan.kind, change.label)
        return override_question(change, reason, gate, act.now)
