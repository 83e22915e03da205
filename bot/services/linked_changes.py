"""Reads the changes of production that something may come of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.alert import AlertGroup
from bot.domain.card import LinkedChange
from bot.domain.changes.near import near
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.ports.store import Transaction

Broken = Incident | AlertGroup
"""What points at changes."""


def linked_changes(tx: Transaction, subject: Broken, directory: Directory) -> tuple[LinkedChange, ...]:
    """Those that it points at, in the order in which that was noted. What is secret points at none."""
    return () if subject.security else tuple(_linked(tx, subject, directory))


def began_at(subject: Broken) -> datetime:
    """When it began, as far as changes are concerned."""
    return subject.declared_at if isinstance(subject, Incident) else subject.started_at


def _linked(tx: Transaction, subject: Broken, directory: Directory) -> Iterator[LinkedChange]:
    for change_id in tx.changes.suspected_of(subject.id):
        change = tx.changes.by_id(change_id)
        how = near(change, began_at(subject)) if change else None
        if change is None or how is None:
            continue
        yield LinkedChange(
            label=change.label,
            title=change.title,
            service=title_of_service(change.service, directory),
            minutes=how.minutes,
            ended=how.ended,
            at=tx.messages.of(change.id, Face.CHANGE),
        )


def title_of_service(service: str | None, directory: Directory) -> str | None:
    """A service's title, or its key where the guide has it no more; None for the platform."""
    known = directory.guide.services.get(service) if service else None
    return known.title if known else service
