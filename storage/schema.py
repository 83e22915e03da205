"""The tables: every row that the bot keeps, the same on SQLite and on PostgreSQL.

Conditions of partial indexes are written as literals, here and in the queries: a planner uses such an
index only where it finds the same condition in the query.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.alert_schema import (
    FIRES,
    FIRING,
    STANDING,
    alert_groups,
    alerts,
    heartbeats,
    silences,
    told_alerts,
)
from storage.call_schema import WAITING_CALL, calls
from storage.change_schema import (
    MEANT_CHANGE,
    OPEN_CHANGE,
    STANDING_SPAN,
    budgets,
    change_suspects,
    changes,
    spans,
)
from storage.checklist_schema import OPEN_PROBLEM, OPEN_RUN, homes, run_items, runs
from storage.columns import Instant, metadata, to_json
from storage.runbook_schema import opened_runbooks, runbook_steps

__all__ = [
    "FIRES",
    "FIRING",
    "MEANT_CHANGE",
    "OPEN_CHANGE",
    "OPEN_PROBLEM",
    "OPEN_RUN",
    "STANDING",
    "STANDING_SPAN",
    "WAITING_CALL",
    "Instant",
    "alert_groups",
    "alerts",
    "budgets",
    "calls",
    "change_suspects",
    "changes",
    "heartbeats",
    "homes",
    "metadata",
    "opened_runbooks",
    "run_items",
    "runbook_steps",
    "runs",
    "silences",
    "spans",
    "to_json",
    "told_alerts",
]

incidents: Final = Table(
    "incidents",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("service", Text),
    Column("channel", Text, nullable=False),
    Column("security", Boolean, nullable=False),
    Column("path", JSON, nullable=False),
    Column("declared_by_id", Text, nullable=False),
    Column("declared_by_name", Text, nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("epoch_at", Instant, nullable=False),
    Column("next_step", Integer, nullable=False),
    Column("answers_from", Integer, nullable=False),
    Column("answers_after", Instant),
    Column("acknowledged_by_id", Text),
    Column("acknowledged_by_name", Text),
    Column("acknowledged_at", Instant),
    Column("mitigated_at", Instant),
    Column("ended_by_id", Text),
    Column("ended_by_name", Text),
    Column("ended_at", Instant),
    Column("newest_update", Text),
    Column("update_at", Instant),
    Column("update_due", Instant),
    Column("update_every_ms", BigInteger),
    Column("leadership", Boolean, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("impact", Text),
    Column("started_at", Instant),
    Column("detected_at", Instant),
    Column("roles", JSON, nullable=False),
    Column("room_id", Text),
    Column("room_name", Text),
    Column("room_private", Boolean, nullable=False),
    Column("room_topic", Text),
    Column("room_invited", JSON, nullable=False),
    Column("room_archived_at", Instant),
    Column("merged_into", Integer),
    Column("over_asked_at", Instant),
    Column("budget", JSON(none_as_null=True)),
    UniqueConstraint("id"),
    sqlite_autoincrement=True,
)
OPEN: Final = incidents.c.status.in_(
    [literal_column("'triggered'"), literal_column("'acknowledged'"), literal_column("'mitigated'")]
)
"""What somebody still has work with: `Status.is_open`."""
Index("ix_incidents_open", incidents.c.severity, incidents.c.number, sqlite_where=OPEN, postgresql_where=OPEN)
Index("ix_incidents_room_id", incidents.c.room_id)
Index("ix_incidents_counted", incidents.c.drill, incidents.c.status, incidents.c.severity)
Index("ix_incidents_declared_at", incidents.c.declared_at)

timers: Final = Table(
    "timers",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_timers_due", timers.c.due)
Index("ix_timers_subject_kind", timers.c.subject, timers.c.kind)

outbox: Final = Table(
    "outbox",
    metadata,
    # What came to be owed earlier has the lower number; SQLite numbers nothing but a primary key.
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("key", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("order_key", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    Column("last_error", Text),
    UniqueConstraint("key"),
    CheckConstraint("state IN ('waiting', 'sending', 'dead')", name="state"),
    CheckConstraint(
        "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)", name="lease"
    ),
)


def owed(state: ColumnElement[str] = outbox.c.state) -> ColumnElement[bool]:
    """Rows that are not settled: they wait or are being sent. Dead letters are not owed any more."""
    return state.in_([literal_column("'waiting'"), literal_column("'sending'")])


Index(
    "ix_outbox_ready",
    outbox.c.recipient,
    outbox.c.priority,
    outbox.c.sequence,
    outbox.c.lane,  # with the method, so that what waits for a shut lane is passed over without reading it
    outbox.c.method,
    sqlite_where=owed(),
    postgresql_where=owed(),
)
Index(
    "ix_outbox_order",
    outbox.c.order_key,
    outbox.c.sequence,
    sqlite_where=owed(),
    postgresql_where=owed(),
)
Index("ix_outbox_subject", outbox.c.subject)

lanes: Final = Table(
    "lanes",
    metadata,
    Column("key", Text, primary_key=True),
    Column("free_at", Instant),
    sqlite_with_rowid=False,
)

events: Final = Table(
    "events",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    sqlite_with_rowid=False,
)
TAKEN: Final = events.c.kind.in_([literal_column("'acknowledged'"), literal_column("'mitigated'")])
"""With what somebody takes an incident."""
Index("ix_events_taken", events.c.subject, events.c.at, sqlite_where=TAKEN, postgresql_where=TAKEN)
Index("ix_events_at_subject_sequence", events.c.at, events.c.subject, events.c.sequence)

pages: Final = Table(
    "pages",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("via", Text),
    Column("key", Text, nullable=False),
    Column("level", Integer),
    Column("past_acknowledgement", Boolean, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("accepted_at", Instant),
    Column("confirmed_at", Instant),
    Column("dropped_at", Instant),
    Column("told_at", Instant),
    Column("closed_at", Instant),
    Column("pager_incident", Text),
    sqlite_with_rowid=False,
)
Index("ix_pages_pager_incident", pages.c.pager_incident)

duties: Final = Table(
    "duties",
    metadata,
    # The post-mortem that an incident owes, or owed.
    Column("incident", Text, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("owner_id", Text),
    Column("owner_name", Text),
    Column("asked_at", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("link", Text),
    Column("reason", Text),
    sqlite_with_rowid=False,
)
OWED_DUTY: Final = duties.c.state == literal_column("'open'")
"""What somebody still has to write."""
Index("ix_duties_open", duties.c.due, duties.c.incident, sqlite_where=OWED_DUTY, postgresql_where=OWED_DUTY)

items: Final = Table(
    "items",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("incident", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("added_by_id", Text, nullable=False),
    Column("added_by_name", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("owner_id", Text),
    Column("owner_name", Text),
    Column("due", Text),  # a local date, as ISO 8601 writes it
    Column("state", Text, nullable=False),
    Column("reason", Text),
    sqlite_autoincrement=True,
)
OPEN_ITEM: Final = items.c.state == literal_column("'open'")
"""What somebody still has to do."""
Index("ix_items_incident", items.c.incident, items.c.number)
Index("ix_items_open", items.c.due, items.c.number, sqlite_where=OPEN_ITEM, postgresql_where=OPEN_ITEM)

messages: Final = Table(
    "messages",
    metadata,
    # The newest message of a subject's face has the highest number; older ones still say whose threads
    # they are.
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("face", Text, nullable=False),
    UniqueConstraint("channel", "ts"),
)
Index("ix_messages_subject_face_sequence", messages.c.subject, messages.c.face, messages.c.sequence)

marks: Final = Table(
    "marks",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("ts", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("way", Text, nullable=False),
    sqlite_with_rowid=False,
)

receipts: Final = Table(
    "receipts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("delivery_id", Text, primary_key=True),
    Column("reply", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_receipts_at", receipts.c.at)

facts: Final = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

meta: Final = Table(
    "meta",
    metadata,
    # One row: which code may still work with this schema.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("min_code", Integer, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
