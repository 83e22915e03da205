"""A person declares an incident for a problem that a review has found: both know of each other at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import timeline
from bot.domain.checklists.checking import link_incident
from bot.domain.checklists.evidence_note import evidence_note
from bot.domain.checklists.run import Run, RunItem
from bot.domain.deed import Deed
from bot.domain.errors import AlreadyError, NotFoundError
from bot.domain.incident import Incident
from bot.domain.rights import Rights
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read
from bot.services.record import Record
from bot.services.requests import ProblemRef, Request
from bot.services.run_writing import write_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An open problem: of which run's which item; `readable`: what people wrote of it may be shown."""

    run: Run
    item: RunItem
    readable: bool


class ProblemDeclaring:
    """Reads what is filled in where an incident is declared for a problem."""

    def __init__(self, *, store: Store, workspace: Workspace) -> None:
        self._store = store
        self._workspace = workspace

    async def problem(self, request: Request, problem: ProblemRef) -> Found:
        """The problem.

        Raises NotFoundError where there is none, AlreadyError where it is closed, or has an open incident.
        """

        def body(tx: Transaction) -> Found:
            run = tx.runs.by_id(problem.run)
            if run is None:
                raise NotFoundError("That run is no more.")
            item = run.item(problem.position)
            _check_is_free(tx, item)
            if item.problem is None or not item.problem.is_open:
                raise AlreadyError(f"The problem of item {item.position} of {run.label} is closed.")
            return Found(run=run, item=item, readable=may_read(self._workspace, run, request.channel))

        return await self._store.read(body)


def lock_problem(record: Record, problem: ProblemRef, request: Request, rights: Rights) -> Run | None:
    """The run, locked, for whose problem an incident is about to be declared; None where that is gone.

    What was closed meanwhile keeps nobody from declaring; what is secret of it stays so. Raises AlreadyError
    where another incident is open for it, and ForbiddenError.
    """
    run = record.tx.runs.by_id(problem.run, lock=True)
    if run is None or not _is_open(run, problem.position):
        return run
    rights.check_run(Deed.REPORT_PROBLEM, request.actor, run, request.channel)
    _check_is_free(record.tx, run.item(problem.position))
    return run


def link_problem(record: Record, run: Run, position: int, incident: Incident) -> str:
    """Write that the incident was declared for the problem, and note in it what the item has shown.

    The run is locked by `lock_problem`. What a security review has shown is noted in a security incident
    only. Returns what to answer; a problem that was closed meanwhile stays as it is.
    """
    if not _is_open(run, position):
        return (
            f" The problem of item {position} of {run.label} was closed meanwhile: it is not linked with it."
        )
    linked = link_incident(run, position, incident.id, incident.label, record.act)
    write_run(record, run, linked.run, linked.happened)
    told = evidence_note(run.item(position))
    if told is not None and (incident.security or not run.security):
        title = run.item(position).title
        record.tell(incident, timeline.note(f"Evidence of {run.label} {position} {title}: {told}"))
    return f" It is declared for the problem of item {position} of {run.label}, which is closed with it."


def _is_open(run: Run, position: int) -> bool:
    return any(item.position == position for item in run.open_problems)


def _check_is_free(tx: Transaction, item: RunItem) -> None:
    problem = item.problem
    incident = tx.incidents.by_id(problem.incident) if problem and problem.incident else None
    if incident is not None and incident.is_open:
        raise AlreadyError(f"{incident.label} has been declared for it already.")
