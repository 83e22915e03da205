"""The first schema."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import let_events_only_grow

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('triggered', 'acknowledged', 'mitigated')")
_OWED = sa.text("state IN ('waiting', 'sending')")
_TAKEN = sa.text("kind IN ('acknowledged', 'mitigated')")
_OWED_DUTY = sa.text("state = 'open'")
_FIRING = sa.text("status = 'firing'")
_FIRES = sa.text("ends_at IS NULL")
_STANDING = sa.text("state IN ('wanted', 'active', 'ending')")
_WAITING_CALL = sa.text("state = 'waiting'")
_OPEN_RUN = sa.text("state = 'open'")
_OPEN_CHANGE = sa.text(
    "state IN ('requested', 'approved', 'testing', 'deploying', 'validating', 'rolling_back')"
)
_MEANT_CHANGE = sa.text("state != 'rejected' AND state != 'cancelled' AND state != 'expired'")
_STANDING_SPAN = sa.text("removed_at IS NULL")
_OPEN_PROBLEM = sa.text("problem_found_at IS NOT NULL AND problem_closed_at IS NULL")
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _incidents()
    _timers()
    _outbox()
    _lanes()
    _events()
    _pages()
    _duties()
    _items()
    _messages()
    _marks()
    _receipts()
    _facts()
    _alert_groups()
    _alerts()
    _silences()
    _told_alerts()
    _heartbeats()
    _calls()
    _runs()
    _run_items()
    _opened_runbooks()
    _runbook_steps()
    _homes()
    _changes()
    _change_suspects()
    _spans()
    _budgets()
    _meta()


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("declared_by_id", sa.Text(), nullable=False),
        sa.Column("declared_by_name", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("epoch_at", sa.BigInteger(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("answers_from", sa.Integer(), nullable=False),
        sa.Column("answers_after", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Text(), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("mitigated_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by_id", sa.Text(), nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("newest_update", sa.Text(), nullable=True),
        sa.Column("update_at", sa.BigInteger(), nullable=True),
        sa.Column("update_due", sa.BigInteger(), nullable=True),
        sa.Column("update_every_ms", sa.BigInteger(), nullable=True),
        sa.Column("leadership", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("detected_at", sa.BigInteger(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=True),
        sa.Column("room_name", sa.Text(), nullable=True),
        sa.Column("room_private", sa.Boolean(), nullable=False),
        sa.Column("room_topic", sa.Text(), nullable=True),
        sa.Column("room_invited", sa.JSON(), nullable=False),
        sa.Column("room_archived_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("over_asked_at", sa.BigInteger(), nullable=True),
        sa.Column("budget", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_incidents"),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_incidents_open", "incidents", ["severity", "number"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_incidents_room_id", "incidents", ["room_id"])
    op.create_index("ix_incidents_counted", "incidents", ["drill", "status", "severity"])
    op.create_index("ix_incidents_declared_at", "incidents", ["declared_at"])


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_timers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_timers_due", "timers", ["due"])
    op.create_index("ix_timers_subject_kind", "timers", ["subject", "kind"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("sequence", _SEQUENCE, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_outbox_lease"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'dead')", name=op.f("ck_outbox_state")),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index(
        "ix_outbox_order", "outbox", ["order_key", "sequence"], sqlite_where=_OWED, postgresql_where=_OWED
    )
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        ["recipient", "priority", "sequence", "lane", "method"],
        sqlite_where=_OWED,
        postgresql_where=_OWED,
    )
    op.create_index("ix_outbox_subject", "outbox", ["subject"])


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_lanes"),
        sqlite_with_rowid=False,
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "sequence", name="pk_events"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_events_taken", "events", ["subject", "at"], sqlite_where=_TAKEN, postgresql_where=_TAKEN
    )
    op.create_index("ix_events_at_subject_sequence", "events", ["at", "subject", "sequence"])
    let_events_only_grow(op.get_bind())


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("past_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("pager_incident", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "epoch", "step", name="pk_pages"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pages_pager_incident", "pages", ["pager_incident"])


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("incident", name="pk_duties"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_duties_open",
        "duties",
        ["due", "incident"],
        sqlite_where=_OWED_DUTY,
        postgresql_where=_OWED_DUTY,
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Text(), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_items"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_incident", "items", ["incident", "number"])
    op.create_index(
        "ix_items_open",
        "items",
        ["due", "number"],
        sqlite_where=_OWED_DUTY,
        postgresql_where=_OWED_DUTY,
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("sequence", _SEQUENCE, sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_messages"),
        sa.UniqueConstraint("channel", "ts", name="uq_messages_channel_ts"),
    )
    op.create_index("ix_messages_subject_face_sequence", "messages", ["subject", "face", "sequence"])


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", name="pk_marks"),
        sqlite_with_rowid=False,
    )


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "delivery_id", name="pk_receipts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
        sqlite_with_rowid=False,
    )


def _alert_groups() -> None:
    op.create_table(
        "alert_groups",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("firing", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("truncated", sa.Integer(), nullable=False),
        sa.Column("runbook_url", sa.Text(), nullable=True),
        sa.Column("dashboard_url", sa.Text(), nullable=True),
        sa.Column("external_url", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("flaps", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("epoch_at", sa.BigInteger(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("answers_from", sa.Integer(), nullable=False),
        sa.Column("answers_after", sa.BigInteger(), nullable=True),
        sa.Column("paged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Text(), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("silenced_by_id", sa.Text(), nullable=True),
        sa.Column("silenced_by_name", sa.Text(), nullable=True),
        sa.Column("silenced_until", sa.BigInteger(), nullable=True),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("incident_after_ms", sa.BigInteger(), nullable=True),
        sa.Column("storm", sa.Text(), nullable=True),
        sa.Column("carded_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_alert_groups"),
        sa.UniqueConstraint("id", name="uq_alert_groups_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_groups_changed_at", "alert_groups", ["changed_at"])
    op.create_index("ix_alert_groups_channel_carded_at", "alert_groups", ["channel", "carded_at"])
    op.create_index(
        "ix_alert_groups_firing",
        "alert_groups",
        ["severity", "number"],
        sqlite_where=_FIRING,
        postgresql_where=_FIRING,
    )
    op.create_index("ix_alert_groups_incident", "alert_groups", ["incident"])
    op.create_index("ix_alert_groups_key_number", "alert_groups", ["key", "number"])
    op.create_index("ix_alert_groups_storm", "alert_groups", ["storm"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("annotations", sa.JSON(), nullable=False),
        sa.Column("graph_url", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("group", "fingerprint", "starts_at", name="pk_alerts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alerts_firing", "alerts", ["group"], sqlite_where=_FIRES, postgresql_where=_FIRES)
    op.create_index("ix_alerts_seen_at", "alerts", ["seen_at"])


def _silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("matchers", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("foreign", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_silences"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_silences_group_starts_at", "silences", ["group", "starts_at"])
    op.create_index("ix_silences_remote_id", "silences", ["remote_id"])
    op.create_index(
        "ix_silences_standing", "silences", ["ends_at"], sqlite_where=_STANDING, postgresql_where=_STANDING
    )


def _told_alerts() -> None:
    op.create_table(
        "told_alerts",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group", name="pk_told_alerts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_told_alerts_incident", "told_alerts", ["incident"])


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
        sqlite_with_rowid=False,
    )


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("called_by_id", sa.Text(), nullable=False),
        sa.Column("called_by_name", sa.Text(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("closed_by_id", sa.Text(), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_calls"),
        sa.UniqueConstraint("id", name="uq_calls_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_calls_waiting",
        "calls",
        ["tier", "called_by_id"],
        unique=True,
        sqlite_where=_WAITING_CALL,
        postgresql_where=_WAITING_CALL,
    )
    op.create_index("ix_calls_closed_at", "calls", ["closed_at"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("runbook", sa.Text(), nullable=True),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("unfinished", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("asked_by_id", sa.Text(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("evidence_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_runs"),
        sa.UniqueConstraint("checklist", "occurrence", name="uq_runs_checklist_occurrence"),
        sa.UniqueConstraint("id", name="uq_runs_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_checklist_number", "runs", ["checklist", "number"])
    op.create_index(
        "ix_runs_open",
        "runs",
        ["checklist"],
        unique=True,
        sqlite_where=_OPEN_RUN,
        postgresql_where=_OPEN_RUN,
    )
    op.create_index("ix_runs_planned_at", "runs", ["planned_at"])


def _run_items() -> None:
    op.create_table(
        "run_items",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Text(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_found_by_id", sa.Text(), nullable=True),
        sa.Column("problem_found_by_name", sa.Text(), nullable=True),
        sa.Column("problem_found_at", sa.BigInteger(), nullable=True),
        sa.Column("problem_incident", sa.Text(), nullable=True),
        sa.Column("problem_closed_by_id", sa.Text(), nullable=True),
        sa.Column("problem_closed_by_name", sa.Text(), nullable=True),
        sa.Column("problem_closed_at", sa.BigInteger(), nullable=True),
        sa.Column("problem_how", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run", "position", name="pk_run_items"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_run_items_open_problem",
        "run_items",
        ["problem_incident", "run"],
        sqlite_where=_OPEN_PROBLEM,
        postgresql_where=_OPEN_PROBLEM,
    )


def _opened_runbooks() -> None:
    op.create_table(
        "opened_runbooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("runbook", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("opened_by_id", sa.Text(), nullable=False),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_opened_runbooks"),
        sa.UniqueConstraint("incident", "runbook", name="uq_opened_runbooks_incident_runbook"),
        sqlite_with_rowid=False,
    )


def _runbook_steps() -> None:
    op.create_table(
        "runbook_steps",
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("done_by_id", sa.Text(), nullable=True),
        sa.Column("done_by_name", sa.Text(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("opened", "position", name="pk_runbook_steps"),
        sqlite_with_rowid=False,
    )


def _homes() -> None:
    op.create_table(
        "homes",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user", name="pk_homes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_homes_opened_at", "homes", ["opened_at"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("validation", sa.Text(), nullable=False),
        sa.Column("rollback", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("length_ms", sa.BigInteger(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("approvals", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.Column("requested_by_id", sa.Text(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("lead_name", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("window_closes_at", sa.BigInteger(), nullable=True),
        sa.Column("override", sa.JSON(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("health_trouble", sa.Text(), nullable=True),
        sa.Column("hook", sa.JSON(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by_id", sa.Text(), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
        sa.UniqueConstraint("id", name="uq_changes_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_changes_open", "changes", ["planned_at"], sqlite_where=_OPEN_CHANGE, postgresql_where=_OPEN_CHANGE
    )
    op.create_index(
        "ix_changes_over_at",
        "changes",
        ["over_at"],
        sqlite_where=_MEANT_CHANGE,
        postgresql_where=_MEANT_CHANGE,
    )
    op.create_index("ix_changes_service_number", "changes", ["service", "number"])


def _change_suspects() -> None:
    op.create_table(
        "change_suspects",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("change", "subject", name="pk_change_suspects"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_suspects_subject", "change_suspects", ["subject"])


def _spans() -> None:
    op.create_table(
        "spans",
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("change_kind", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_by_id", sa.Text(), nullable=True),
        sa.Column("removed_by_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_spans"),
        sa.UniqueConstraint("id", name="uq_spans_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_spans_ends_at", "spans", ["ends_at"], sqlite_where=_STANDING_SPAN, postgresql_where=_STANDING_SPAN
    )


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_budgets"),
        sqlite_with_rowid=False,
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("min_code", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_meta_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_meta"),
    )
    op.execute("INSERT INTO meta (id, min_code) VALUES (1, 1)")
