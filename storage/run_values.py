"""Runs and their items as the columns that keep them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit, Value
from storage.columns import instant_of, milliseconds_of
from storage.values import actor_of, json_number, length, milliseconds, number_of, person


def run_values(run: Run) -> Mapping[str, Any]:
    """Every column of a run but the number, which the database draws."""
    return {
        "id": run.id,
        "checklist": run.checklist,
        "occurrence": run.occurrence,
        "title": run.title,
        "purpose": run.purpose,
        "cadence": run.cadence.value,
        "channel": run.channel,
        "team": run.team,
        "runbook": run.runbook,
        "security": run.security,
        "planned_at": run.planned_at,
        "begun_at": run.begun_at,
        "due_at": run.due_at,
        "ends_at": run.ends_at,
        "unfinished": run.unfinished.value,
        "state": run.state.value,
        **person("owner", run.owner),
        **person("asked_by", run.asked_by),
        "late": run.late,
        "evidence_at": run.evidence_at,
        "closed_at": run.closed_at,
    }


def run_of(row: Any, items: Iterable[RunItem]) -> Run:
    """A run, of its row and its items in order."""
    return Run(
        id=row.id,
        number=row.number,
        checklist=row.checklist,
        occurrence=row.occurrence,
        title=row.title,
        purpose=row.purpose,
        cadence=Cadence(row.cadence),
        channel=row.channel,
        team=row.team,
        runbook=row.runbook,
        security=row.security,
        planned_at=row.planned_at,
        begun_at=row.begun_at,
        due_at=row.due_at,
        ends_at=row.ends_at,
        unfinished=Unfinished(row.unfinished),
        items=tuple(items),
        state=RunState(row.state),
        owner=actor_of(row.owner_id, row.owner_name),
        asked_by=actor_of(row.asked_by_id, row.asked_by_name),
        late=row.late,
        evidence_at=row.evidence_at,
        closed_at=row.closed_at,
    )


def item_values(run: str, item: RunItem) -> Mapping[str, Any]:
    """Every column of an item of the run with this id."""
    return {
        "run": run,
        "position": item.position,
        "key": item.key,
        "title": item.title,
        "evidence": [_spec_values(spec) for spec in item.evidence],
        "found": [_found_values(found) for found in item.found],
        "state": item.state.value,
        **person("owner", item.owner),
        **person("by", item.by),
        "at": item.at,
        "reason": item.reason,
        "since": item.since,
        **_problem_values(item.problem),
    }


def item_of(row: Any) -> RunItem:
    """An item of its row, whose columns are called `item_…`: they are read beside those of its run.

    Where it is only listed, what it looks at is not read.
    """
    return RunItem(
        position=row.item_position,
        key=row.item_key,
        title=row.item_title,
        evidence=tuple(map(_spec_of, row.item_evidence or ())),
        found=tuple(map(_found_of, row.item_found or ())),
        state=ItemState(row.item_state),
        owner=actor_of(row.item_owner_id, row.item_owner_name),
        by=actor_of(row.item_by_id, row.item_by_name),
        at=row.item_at,
        reason=row.item_reason,
        problem=_problem_of(row),
        since=row.item_since,
    )


def _problem_values(problem: Problem | None) -> dict[str, Any]:
    return {
        "problem": problem.text if problem else None,
        **person("problem_found_by", problem.found_by if problem else None),
        "problem_found_at": problem.found_at if problem else None,
        "problem_incident": problem.incident if problem else None,
        **person("problem_closed_by", problem.closed_by if problem else None),
        "problem_closed_at": problem.closed_at if problem else None,
        "problem_how": problem.how if problem else None,
    }


def _problem_of(row: Any) -> Problem | None:
    found_by = actor_of(row.item_problem_found_by_id, row.item_problem_found_by_name)
    if found_by is None:
        return None
    return Problem(
        text=row.item_problem,
        found_by=found_by,
        found_at=row.item_problem_found_at,
        incident=row.item_problem_incident,
        closed_by=actor_of(row.item_problem_closed_by_id, row.item_problem_closed_by_name),
        closed_at=row.item_problem_closed_at,
        how=row.item_problem_how,
    )


def _spec_values(spec: EvidenceSpec) -> dict[str, Any]:
    return {
        "title": spec.title,
        "source": spec.source.value,
        "of": spec.of,
        "unit": spec.unit.value,
        "fine": [spec.fine.sign.value, json_number(spec.fine.bound)] if spec.fine else None,
        "compare_ms": milliseconds(spec.compare),
        "chart_ms": milliseconds(spec.chart),
    }


def _spec_of(values: Mapping[str, Any]) -> EvidenceSpec:
    return EvidenceSpec(
        title=values["title"],
        source=Source(values["source"]),
        of=values["of"],
        unit=Unit(values["unit"]),
        fine=_threshold(values["fine"]),
        compare=length(values["compare_ms"]),
        chart=length(values["chart_ms"]),
    )


def _threshold(values: list[Any] | None) -> Threshold | None:
    return None if values is None else Threshold(sign=Sign(values[0]), bound=float(values[1]))


def _found_values(found: Found) -> dict[str, Any]:
    return {
        "title": found.title,
        "source": found.source.value,
        "judgement": found.judgement.value,
        "at_ms": milliseconds_of(found.at),
        "unit": found.unit.value,
        "values": [
            [value.label, json_number(value.now), json_number(value.before), value.fine]
            for value in found.values
        ],
        "more": found.more,
        "lines": list(found.lines),
        "url": found.url,
        "failed": found.failed,
    }


def _found_of(values: Mapping[str, Any]) -> Found:
    return Found(
        title=values["title"],
        source=Source(values["source"]),
        judgement=Judgement(values["judgement"]),
        at=instant_of(values["at_ms"]),
        unit=Unit(values["unit"]),
        values=tuple(
            Value(label=label, now=number_of(now), before=number_of(before), fine=fine)
            for label, now, before, fine in values["values"]
        ),
        more=values["more"],
        lines=tuple(values["lines"]),
        url=values["url"],
        failed=values["failed"],
    )
