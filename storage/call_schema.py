"""The table of calls."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Column, Identity, Index, Integer, Table, Text, UniqueConstraint, literal_column

from storage.columns import Instant, metadata

calls: Final = Table(
    "calls",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("called_by_id", Text, nullable=False),
    Column("called_by_name", Text, nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("channel", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("next_step", Integer, nullable=False),
    Column("closed_by_id", Text),
    Column("closed_by_name", Text),
    Column("closed_at", Instant),
    UniqueConstraint("id"),
    sqlite_autoincrement=True,
)
WAITING_CALL: Final = calls.c.state == literal_column("'waiting'")
"""What somebody still has to answer: `Call.is_open`."""
Index(
    "uq_calls_waiting",
    calls.c.tier,
    calls.c.called_by_id,
    unique=True,
    sqlite_where=WAITING_CALL,
    postgresql_where=WAITING_CALL,
)
Index("ix_calls_closed_at", calls.c.closed_at)
