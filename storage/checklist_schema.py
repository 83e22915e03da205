"""The tables of checklists: runs, their items, and whose Home tabs are kept up to date."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)

from storage.columns import Instant, metadata

runs: Final = Table(
    "runs",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("checklist", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("runbook", Text),
    Column("security", Boolean, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("unfinished", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner_id", Text),
    Column("owner_name", Text),
    Column("asked_by_id", Text),
    Column("asked_by_name", Text),
    Column("late", Boolean, nullable=False),
    Column("evidence_at", Instant),
    Column("closed_at", Instant),
    UniqueConstraint("id"),
    # Whatever is run again, on however many replicas: an occurrence is posted once.
    UniqueConstraint("checklist", "occurrence"),
    sqlite_autoincrement=True,
)
OPEN_RUN: Final = runs.c.state == literal_column("'open'")
"""What somebody still has work with: `Run.is_open`."""
Index("ix_runs_open", runs.c.checklist, unique=True, sqlite_where=OPEN_RUN, postgresql_where=OPEN_RUN)
Index("ix_runs_checklist_number", runs.c.checklist, runs.c.number)
Index("ix_runs_planned_at", runs.c.planned_at)

run_items: Final = Table(
    "run_items",
    metadata,
    Column("run", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("found", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner_id", Text),
    Column("owner_name", Text),
    Column("by_id", Text),
    Column("by_name", Text),
    Column("at", Instant),
    Column("reason", Text),
    Column("since", Instant),
    Column("problem", Text),
    Column("problem_found_by_id", Text),
    Column("problem_found_by_name", Text),
    Column("problem_found_at", Instant),
    Column("problem_incident", Text),
    Column("problem_closed_by_id", Text),
    Column("problem_closed_by_name", Text),
    Column("problem_closed_at", Instant),
    Column("problem_how", Text),
    sqlite_with_rowid=False,
)
OPEN_PROBLEM: Final = and_(run_items.c.problem_found_at.is_not(None), run_items.c.problem_closed_at.is_(None))
"""What somebody still has to see to: `Problem.is_open`."""
Index(
    "ix_run_items_open_problem",
    run_items.c.problem_incident,
    run_items.c.run,
    sqlite_where=OPEN_PROBLEM,
    postgresql_where=OPEN_PROBLEM,
)

homes: Final = Table(
    "homes",
    metadata,
    Column("user", Text, primary_key=True),
    Column("opened_at", Instant, nullable=False),
    Column("shown", Text),
    sqlite_with_rowid=False,
)
Index("ix_homes_opened_at", homes.c.opened_at)
