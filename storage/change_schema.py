"""The tables of changes: what is asked for and carried out, the calendar, and what the gate goes by."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
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

from bot.domain.changes.change import AHEAD, RUNNING, ChangeState
from storage.columns import Instant, metadata

changes: Final = Table(
    "changes",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("service", Text),
    Column("title", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("validation", Text, nullable=False),
    Column("rollback", Text, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("length_ms", BigInteger, nullable=False),
    Column("risk", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("needs", Integer, nullable=False),
    Column("approvals", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("phases", JSON, nullable=False),
    Column("requested_by_id", Text, nullable=False),
    Column("requested_by_name", Text, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("editors", JSON, nullable=False),
    Column("channel", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("lead_id", Text),
    Column("lead_name", Text),
    Column("started_at", Instant),
    Column("window_closes_at", Instant),
    Column("override", JSON(none_as_null=True)),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("health_trouble", Text),
    Column("hook", JSON(none_as_null=True)),
    Column("closed_at", Instant),
    Column("closed_by_id", Text),
    Column("closed_by_name", Text),
    Column("reason", Text),
    # From when until when production is changed by it, as far as is known: what it is looked for by.
    Column("begins_at", Instant, nullable=False),
    Column("over_at", Instant, nullable=False),
    UniqueConstraint("id"),
    sqlite_autoincrement=True,
)
OPEN_CHANGE: Final = changes.c.state.in_(
    [literal_column(f"'{state.value}'") for state in ChangeState if state in AHEAD | RUNNING]
)
"""What somebody has still to do something with: `Change.is_open`."""
MEANT_CHANGE: Final = and_(
    changes.c.state != literal_column("'rejected'"),
    changes.c.state != literal_column("'cancelled'"),
    changes.c.state != literal_column("'expired'"),
)
"""What changes production, has done so, or is still meant to."""
Index("ix_changes_open", changes.c.planned_at, sqlite_where=OPEN_CHANGE, postgresql_where=OPEN_CHANGE)
Index("ix_changes_over_at", changes.c.over_at, sqlite_where=MEANT_CHANGE, postgresql_where=MEANT_CHANGE)
Index("ix_changes_service_number", changes.c.service, changes.c.number)

change_suspects: Final = Table(
    "change_suspects",
    metadata,
    # Whatever looks again, on however many replicas: something that broke points at a change once.
    Column("change", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_change_suspects_subject", change_suspects.c.subject)

spans: Final = Table(
    "spans",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("channel", Text, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("service", Text),
    Column("change_kind", Text),
    Column("removed_at", Instant),
    Column("removed_by_id", Text),
    Column("removed_by_name", Text),
    UniqueConstraint("id"),
    sqlite_autoincrement=True,
)
STANDING_SPAN: Final = spans.c.removed_at.is_(None)
"""What is on the calendar: `Span.is_open`."""
Index("ix_spans_ends_at", spans.c.ends_at, sqlite_where=STANDING_SPAN, postgresql_where=STANDING_SPAN)

budgets: Final = Table(
    "budgets",
    metadata,
    Column("service", Text, primary_key=True),
    Column("permission", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
