"""Reads what the card of a change shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.alert import AlertGroup
from bot.domain.changes.card import ChangeCard, Suspect
from bot.domain.changes.change import AHEAD, Change, ChangeState
from bot.domain.changes.gate import GateAnswer
from bot.domain.changes.gating import GateAsked
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.ports.store import Transaction
from bot.services.change_windows import is_in_window
from bot.services.faces import card_of
from bot.services.gates import read_gate

PLATFORM = "Platform"


def read_change_card(tx: Transaction, change: Change, directory: Directory, now: datetime) -> ChangeCard:
    """Everything that the change's card shows, as it is in this transaction.

    What the guide has no more is named by its key.
    """
    guide, policy = directory.guide, directory.guide.changes
    team = guide.teams.get(change.team)
    webhook = directory.rollback_hook(change.service)
    undone = change.closed if change.state is ChangeState.DONE else None
    return ChangeCard(
        change=change,
        kind=policy.types.get(change.plan.kind),
        service=service_title(change, directory),
        team=team.title if team else change.team,
        phases=policy.phases,
        now=now,
        gate=_gate(tx, change, directory, now),
        in_window=is_in_window(tx, directory, change.plan, now) if change.state in AHEAD else None,
        overlaps=tuple(_overlaps(tx, change)),
        suspects=tuple(_suspects(tx, change)),
        webhook=webhook.key if webhook else None,
        may_undo_until=undone + policy.watched_for if undone else None,
        runbook=directory.runbook(change),
        dashboards=directory.dashboards(change),
    )


def service_title(change: Change, directory: Directory) -> str:
    """What is changed, by its title."""
    return directory.service_title(change) or PLATFORM


def _gate(tx: Transaction, change: Change, directory: Directory, now: datetime) -> GateAnswer | None:
    """What the gate would say of one that is not started."""
    if change.state not in AHEAD:
        return None
    plan = change.plan
    asked = GateAsked(service=plan.service, kind=plan.kind, change=change, length=plan.length)
    return read_gate(tx, now, directory, asked)


def _overlaps(tx: Transaction, change: Change) -> Iterator[str]:
    """Others that are planned for some of its time, and are not over."""
    if not change.is_open:
        return
    plan = change.plan
    for one in tx.changes.between(plan.starts, plan.ends, service=plan.service):
        if one.id != change.id and one.is_open:
            yield one.label


def _suspects(tx: Transaction, change: Change) -> Iterator[Suspect]:
    """What broke meanwhile, less what is secret."""
    for subject_id in tx.changes.suspects(change.id):
        subject = tx.incidents.by_id(subject_id) or tx.alert_groups.by_id(subject_id)
        if subject is not None and not subject.security:
            yield _suspect(tx, subject)


def _suspect(tx: Transaction, subject: Incident | AlertGroup) -> Suspect:
    began = subject.declared_at if isinstance(subject, Incident) else subject.started_at
    return Suspect(
        label=subject.label,
        title=subject.public_title,
        began=began,
        is_open=subject.is_open,
        at=tx.messages.of(subject.id, card_of(subject)),
    )
