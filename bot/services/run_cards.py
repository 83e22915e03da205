"""Reads what the card of a checklist's run shows."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.alert_card import LinkedIncident
from bot.domain.checklist import Whose
from bot.domain.checklists.card import EarlierProblem, RunCard
from bot.domain.checklists.run import Problem, Run
from bot.domain.checklists.schedule import next_occurrence
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.ports.store import Transaction


def read_run_card(tx: Transaction, run: Run, directory: Directory) -> RunCard:
    """Everything that the run's card shows, as it is in this transaction.

    What the guide has no more is named by its key, but for the runbook, which nobody could open.
    """
    guide, team = directory.guide, directory.guide.teams.get(run.team)
    checklist = guide.checklists.get(run.checklist)
    begun = max(run.planned_at, run.begun_at)
    following = next_occurrence(checklist, directory.business, begun) if checklist else None
    earlier = _earlier(tx, run)
    own = (item.problem for item in run.items if item.problem is not None)
    return RunCard(
        run=run,
        team=team.title if team else run.team,
        runbook=guide.runbooks.get(run.runbook) if run.runbook else None,
        earlier=earlier,
        incidents=_declared(tx, (*own, *(one.problem for one in earlier))),
        next_at=following.at if following else None,
        whose=whose_of(run, directory),
    )


def whose_of(run: Run, directory: Directory) -> Whose:
    """How the guide finds its owner; what the guide has no more is anybody's."""
    checklist = directory.guide.checklists.get(run.checklist)
    return checklist.owner.whose if checklist else Whose.ANYBODY


def _earlier(tx: Transaction, run: Run) -> tuple[EarlierProblem, ...]:
    """What earlier runs of its checklist have found, and is still open. What is over shows its own alone.

    What was written of one of the security team's stays in its channel, also where the guide has moved the
    checklist out of there since.
    """
    if not run.is_open:
        return ()
    return tuple(
        EarlierProblem(run=one.label, position=item.position, item=item.title, problem=item.problem)
        for one in tx.runs.with_problems(checklist=run.checklist)
        if one.number < run.number and (one.channel == run.channel or not one.security)
        for item in one.open_problems
        if item.problem is not None
    )


def _declared(tx: Transaction, problems: Iterable[Problem]) -> dict[str, LinkedIncident]:
    ids = dict.fromkeys(one.incident for one in problems if one.incident is not None)
    found = ((each, tx.incidents.by_id(each)) for each in ids)
    return {each: _linked(tx, incident) for each, incident in found if incident is not None}


def _linked(tx: Transaction, incident: Incident) -> LinkedIncident:
    at = tx.messages.of(incident.id, Face.CARD)
    return LinkedIncident(label=incident.label, is_open=incident.is_open, at=at)
