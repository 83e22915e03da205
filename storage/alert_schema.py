"""The tables of alerts: groups, their alerts, silences, and signs of life."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.columns import Instant, metadata

alert_groups: Final = Table(
    "alert_groups",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("receiver", Text),
    Column("name", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("severity", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text),
    Column("security", Boolean, nullable=False),
    Column("path", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("firing", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    Column("truncated", Integer, nullable=False),
    Column("runbook_url", Text),
    Column("dashboard_url", Text),
    Column("external_url", Text),
    Column("started_at", Instant, nullable=False),
    Column("fired_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("flaps", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("epoch_at", Instant, nullable=False),
    Column("next_step", Integer, nullable=False),
    Column("answers_from", Integer, nullable=False),
    Column("answers_after", Instant),
    Column("paged_at", Instant),
    Column("acknowledged_by_id", Text),
    Column("acknowledged_by_name", Text),
    Column("acknowledged_at", Instant),
    Column("silenced_by_id", Text),
    Column("silenced_by_name", Text),
    Column("silenced_until", Instant),
    Column("incident", Text),
    Column("incident_after_ms", BigInteger),
    Column("storm", Text),
    Column("carded_at", Instant),
    UniqueConstraint("id"),
    sqlite_autoincrement=True,
)
FIRING: Final = alert_groups.c.status == literal_column("'firing'")
"""What is not over: `AlertGroup.is_open`."""
Index(
    "ix_alert_groups_firing",
    alert_groups.c.severity,
    alert_groups.c.number,
    sqlite_where=FIRING,
    postgresql_where=FIRING,
)
Index("ix_alert_groups_key_number", alert_groups.c.key, alert_groups.c.number)
Index("ix_alert_groups_incident", alert_groups.c.incident)
Index("ix_alert_groups_storm", alert_groups.c.storm)
Index("ix_alert_groups_channel_carded_at", alert_groups.c.channel, alert_groups.c.carded_at)
Index("ix_alert_groups_changed_at", alert_groups.c.changed_at)

alerts: Final = Table(
    "alerts",
    metadata,
    # Each firing of a label set is a row of its own: `starts_at` says which.
    Column("group", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("ends_at", Instant),
    Column("name", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("annotations", JSON, nullable=False),
    Column("graph_url", Text),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
FIRES: Final = alerts.c.ends_at.is_(None)
"""What is not resolved."""
Index("ix_alerts_firing", alerts.c.group, sqlite_where=FIRES, postgresql_where=FIRES)
Index("ix_alerts_seen_at", alerts.c.seen_at)

silences: Final = Table(
    "silences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("group", Text, nullable=False),
    Column("remote_id", Text),
    Column("matchers", JSON, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("foreign", Boolean, nullable=False),
    Column("told_at", Instant),
    sqlite_with_rowid=False,
)
STANDING: Final = silences.c.state.in_(
    [literal_column("'wanted'"), literal_column("'active'"), literal_column("'ending'")]
)
"""What keeps a group quiet, or is about to, or has still to be ended."""
Index("ix_silences_group_starts_at", silences.c.group, silences.c.starts_at)
Index("ix_silences_remote_id", silences.c.remote_id)
Index("ix_silences_standing", silences.c.ends_at, sqlite_where=STANDING, postgresql_where=STANDING)

told_alerts: Final = Table(
    "told_alerts",
    metadata,
    # What the thread of a group's incident was told of it last.
    Column("group", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("status", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_told_alerts_incident", told_alerts.c.incident)

heartbeats: Final = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("group", Text),
    sqlite_with_rowid=False,
)
