"""Reads what the message of a window or a freeze shows."""

from __future__ import annotations

from datetime import datetime

from bot.domain.changes.span import Span
from bot.domain.changes.span_card import SpanCard
from bot.domain.directory import Directory
from bot.ports.store import Transaction


def read_span_card(_tx: Transaction, span: Span, directory: Directory, now: datetime) -> SpanCard:
    """All of it. What the guide has no more is named by its key."""
    guide = directory.guide
    service = guide.services.get(span.service or "")
    kind = guide.changes.types.get(span.change_kind or "")
    return SpanCard(
        span=span,
        phase=span.phase(now),
        service=service.title if service else span.service,
        kind=kind.title if kind else span.change_kind,
    )
