"""The tables of runbooks that are worked through in incidents."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from storage.columns import Instant, metadata

opened_runbooks: Final = Table(
    "opened_runbooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("runbook", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("opened_by_id", Text, nullable=False),
    Column("opened_by_name", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("channel", Text),
    Column("ts", Text),
    # However often it is asked for, and on however many replicas: it is opened once.
    UniqueConstraint("incident", "runbook"),
    sqlite_with_rowid=False,
)

runbook_steps: Final = Table(
    "runbook_steps",
    metadata,
    Column("opened", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("code", Text),
    Column("section", Text),
    Column("done_by_id", Text),
    Column("done_by_name", Text),
    Column("done_at", Instant),
    sqlite_with_rowid=False,
)
