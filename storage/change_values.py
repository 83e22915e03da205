"""Changes as the columns that keep them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.change import (
    Approval,
    Change,
    ChangeState,
    Hook,
    HookState,
    Override,
    PhaseRun,
    Plan,
    Risk,
)
from bot.domain.changes.gate import Ground
from bot.domain.changes.health import HealthLine
from storage.columns import instant_of, milliseconds_of
from storage.values import actor_of, json_number, milliseconds, number_of, person

_NOT_KNOWN_YET: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When what still runs is over."""


def change_values(change: Change) -> Mapping[str, Any]:
    """Every column of a change but the number, which the database draws."""
    return {
        "id": change.id,
        **_plan_values(change.plan),
        "revision": change.revision,
        "needs": change.needs,
        "approvals": [_approval_values(one) for one in change.approvals],
        "state": change.state.value,
        "phases": [_phase_values(one) for one in change.phases],
        **person("requested_by", change.requested_by),
        "requested_at": change.requested,
        "editors": [_actor_values(one) for one in change.editors],
        "channel": change.channel,
        "team": change.team,
        **person("lead", change.lead),
        "started_at": change.started,
        "window_closes_at": change.window_closes,
        "override": _override_values(change.override),
        "before": [_line_values(line) for line in change.before],
        "after": [_line_values(line) for line in change.after],
        "health_trouble": change.health_trouble,
        "hook": _hook_values(change.hook),
        "closed_at": change.closed,
        **person("closed_by", change.closed_by),
        "reason": change.reason,
        "begins_at": change.started or change.plan.starts,
        "over_at": _over_at(change),
    }


def change_of(row: Any) -> Change:
    """A change, of its row."""
    return Change(
        id=row.id,
        number=row.number,
        plan=_plan_of(row),
        revision=row.revision,
        needs=row.needs,
        approvals=tuple(map(_approval_of, row.approvals)),
        state=ChangeState(row.state),
        phases=tuple(map(_phase_of, row.phases)),
        requested_by=Actor(id=row.requested_by_id, name=row.requested_by_name),
        requested=row.requested_at,
        editors=tuple(map(_actor, row.editors)),
        channel=row.channel,
        team=row.team,
        lead=actor_of(row.lead_id, row.lead_name),
        started=row.started_at,
        window_closes=row.window_closes_at,
        override=_override_of(row.override),
        before=tuple(map(_line_of, row.before)),
        after=tuple(map(_line_of, row.after)),
        health_trouble=row.health_trouble,
        hook=_hook_of(row.hook),
        closed=row.closed_at,
        closed_by=actor_of(row.closed_by_id, row.closed_by_name),
        reason=row.reason,
    )


def _over_at(change: Change) -> datetime:
    """When production is changed by it no more, as far as is known."""
    if change.is_running:
        return _NOT_KNOWN_YET
    over = change.closed or change.plan.ends
    return max(over, change.started) if change.started else over


def _plan_values(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "service": plan.service,
        "title": plan.title,
        "steps": plan.steps,
        "validation": plan.validation,
        "rollback": plan.rollback,
        "planned_at": plan.starts,
        "length_ms": milliseconds(plan.length),
        "risk": plan.risk.value,
    }


def _plan_of(row: Any) -> Plan:
    return Plan(
        kind=row.kind,
        service=row.service,
        title=row.title,
        steps=row.steps,
        validation=row.validation,
        rollback=row.rollback,
        starts=row.planned_at,
        length=timedelta(milliseconds=row.length_ms),
        risk=Risk(row.risk),
    )


def _approval_values(approval: Approval) -> dict[str, Any]:
    return {
        "by": _actor_values(approval.by),
        "at_ms": milliseconds_of(approval.at),
        "revision": approval.revision,
        "expires_ms": milliseconds_of(approval.expires),
        "note": approval.note,
    }


def _approval_of(values: Mapping[str, Any]) -> Approval:
    return Approval(
        by=_actor(values["by"]),
        at=instant_of(values["at_ms"]),
        revision=values["revision"],
        expires=instant_of(values["expires_ms"]),
        note=values["note"],
    )


def _phase_values(run: PhaseRun) -> dict[str, Any]:
    return {
        "phase": run.phase.value,
        "began_ms": milliseconds_of(run.began),
        "by": _actor_values(run.by),
        "ended_ms": None if run.ended is None else milliseconds_of(run.ended),
        "ended_by": None if run.ended_by is None else _actor_values(run.ended_by),
        "note": run.note,
    }


def _phase_of(values: Mapping[str, Any]) -> PhaseRun:
    ended, ended_by = values["ended_ms"], values["ended_by"]
    return PhaseRun(
        phase=Phase(values["phase"]),
        began=instant_of(values["began_ms"]),
        by=_actor(values["by"]),
        ended=None if ended is None else instant_of(ended),
        ended_by=None if ended_by is None else _actor(ended_by),
        note=values["note"],
    )


def _override_values(override: Override | None) -> dict[str, Any] | None:
    if override is None:
        return None
    return {
        "by": _actor_values(override.by),
        "at_ms": milliseconds_of(override.at),
        "reason": override.reason,
        "against": list(override.against),
        "grounds": [one.value for one in override.grounds],
    }


def _override_of(values: Mapping[str, Any] | None) -> Override | None:
    if values is None:
        return None
    return Override(
        by=_actor(values["by"]),
        at=instant_of(values["at_ms"]),
        reason=values["reason"],
        against=tuple(values["against"]),
        grounds=tuple(map(Ground, values["grounds"])),
    )


def _hook_values(hook: Hook | None) -> dict[str, Any] | None:
    if hook is None:
        return None
    return {
        "key": hook.key,
        "state": hook.state.value,
        "at_ms": milliseconds_of(hook.at),
        "said": hook.said,
    }


def _hook_of(values: Mapping[str, Any] | None) -> Hook | None:
    if values is None:
        return None
    return Hook(
        key=values["key"],
        state=HookState(values["state"]),
        at=instant_of(values["at_ms"]),
        said=values["said"],
    )


def _line_values(line: HealthLine) -> list[Any]:
    return [line.key, line.title, json_number(line.value), line.said, line.kept]


def _line_of(values: list[Any]) -> HealthLine:
    key, title, value, said, kept = values
    return HealthLine(key=key, title=title, value=number_of(value), said=said, kept=kept)


def _actor_values(actor: Actor) -> list[str]:
    return [actor.id, actor.name]


def _actor(values: list[str]) -> Actor:
    return Actor(id=values[0], name=values[1])
