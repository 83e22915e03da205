"""What people do with runs of checklists. One transaction each, however many items it is about."""

from __future__ import annotations

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.checklists import checking
from bot.domain.checklists.checking import Checked
from bot.domain.checklists.run import Run, RunState
from bot.domain.deed import Deed
from bot.domain.errors import InvalidError
from bot.domain.rights import Rights
from bot.services.record import Record
from bot.services.requests import Answer, ProblemRef, Ref, Request
from bot.services.run_answers import checked_text, how_it_stands
from bot.services.run_changes import RunChanges
from bot.services.run_writing import owe_evidence, write_run

_LOOKED_BACK = 50
"""Runs among which one is that was not skipped: more than an outage notes as skipped."""

Items = tuple[int, ...]
"""Positions of a run's items."""


class Runs:
    """Every method raises DomainError in words for the one who asked."""

    def __init__(self, *, changes: RunChanges, rights: Rights) -> None:
        self._changes = changes
        self._rights = rights

    def check_may(self, deed: Deed, request: Request, run: Run) -> None:
        """Raise ForbiddenError for somebody who may not, before a form asks them for more."""
        self._rights.check_run(deed, request.actor, run, request.channel)

    async def check(self, request: Request, ref: Ref, items: Items = ()) -> Answer:
        """They are done; without items, all that are open."""

        def decide(run: Run, act: Act) -> Checked:
            return checking.check(run, items or None, act)

        return await self._changes.change(Deed.CHECK, request, ref, decide, word="done")

    async def not_applicable(self, request: Request, ref: Ref, items: Items, reason: str) -> Answer:
        """They need not be done this time, for a reason."""

        def decide(run: Run, act: Act) -> Checked:
            return checking.not_applicable(run, items, reason, act)

        return await self._changes.change(Deed.CHECK, request, ref, decide, word="na")

    async def reopen(self, request: Request, ref: Ref, items: Items) -> Answer:
        """They are to be done again; with them a run that was done, while it is its checklist's newest."""

        def act(run: Run, record: Record) -> Answer:
            _check_newest(run, record)
            checked = checking.reopen(run, items, record.act)
            written = write_run(record, run, checked.run, checked.happened)
            return Answer(text=checked_text(checked, written, by=request.actor))

        return await self._changes.carry_out(Deed.CHECK, request, ref, act, word="open")

    async def take(self, request: Request, ref: Ref, items: Items = ()) -> Answer:
        """Whoever asks sees to them; without items, to all that nobody has."""

        def decide(run: Run, act: Act) -> Checked:
            return checking.take(run, items or None, act)

        return await self._changes.change(Deed.CHECK, request, ref, decide, word="take")

    async def give(self, request: Request, ref: Ref, items: Items, to: Actor) -> Answer:
        """Somebody else sees to them; without items, to the run as a whole."""

        def decide(run: Run, act: Act) -> Checked:
            self._rights.check_may_have_items(to)
            return checking.give(run, items or None, to, act)

        return await self._changes.change(Deed.CHECK, request, ref, decide, word="give")

    async def note(self, request: Request, ref: Ref, item: int | None, text: str) -> Answer:
        """Write something down, of an item or of the run as a whole."""

        def decide(run: Run, act: Act) -> Checked:
            return checking.note(run, item, text, act)

        return await self._changes.change(Deed.CHECK, request, ref, decide, word="note")

    async def report(self, request: Request, ref: Ref, item: int, text: str) -> Answer:
        """Something is wrong with an item."""

        def act(run: Run, record: Record) -> Answer:
            checked = checking.find_problem(run, item, text, record.act)
            written = write_run(record, run, checked.run, checked.happened)
            said = checked_text(checked, written, by=request.actor)
            return Answer(text=said, problem=ProblemRef(run=run.id, position=item))

        return await self._changes.carry_out(Deed.REPORT_PROBLEM, request, ref, act, word="problem")

    async def solve(self, request: Request, ref: Ref, item: int, how: str | None = None) -> Answer:
        """What was wrong with an item is so no more."""

        def decide(run: Run, act: Act) -> Checked:
            return checking.solve_problem(run, item, how, act)

        return await self._changes.change(Deed.SOLVE_PROBLEM, request, ref, decide, word="solved")

    async def refresh(self, request: Request, ref: Ref) -> Answer:
        """Look again at what the items say is to be looked at."""

        def act(run: Run, record: Record) -> Answer:
            if not run.is_open:
                raise InvalidError(f"Evidence stays as it was then. {how_it_stands(run)}")
            if not owe_evidence(record, run):
                raise InvalidError(f"No item of {run.label} {run.title} has anything to be looked at.")
            return Answer(text=f"The evidence of {run.label} is being read; its card shows it in a moment.")

        return await self._changes.carry_out(Deed.CHECK, request, ref, act, word="refresh")


def _check_newest(run: Run, record: Record) -> None:
    """Raise InvalidError for a run that was done, where its checklist has gone on since."""
    if run.state is not RunState.DONE:
        return
    listed = record.tx.runs.newest(_LOOKED_BACK, checklist=run.checklist)
    newest = next((one for one in listed if one.state is not RunState.SKIPPED), run)
    if newest.id != run.id:
        raise InvalidError(
            f"{run.label} {run.title} is done, and {newest.label} has come since: what is to be done again "
            f"is done there. `/checklist show {newest.label}` shows it."
        )
