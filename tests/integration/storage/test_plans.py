"""The queries of every tick use their indexes, however much is stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event, text

from bot.domain.delivery import Recipient
from bot.domain.lane import LONGEST_SHUT
from bot.ports.store import Transaction
from storage import (
    alert_groups,
    changes,
    duties,
    events,
    homes,
    incidents,
    items,
    messages,
    outbox,
    receipts,
    runs,
    spans,
    tally,
    timers,
)
from storage.open import OpenStore
from tests.integration.storage.rows import NOW

_MANY = """
INSERT INTO timers (key, kind, subject, epoch, step, due)
SELECT 'k' || n, 'escalation', 's' || n, 1, 1, {now} + n * 1000 FROM {numbers};
INSERT INTO outbox (key, recipient, kind, subject, epoch, order_key, lane, method, priority, not_before,
    created_at, payload, state, attempts, revision, uncertain)
SELECT 'k' || n, CASE WHEN n % 10 = 0 THEN 'pager' ELSE 'chat' END, 'line', 's' || n, 1, 'o' || (n / 3),
    'l' || (n % 50), '', n % 24, {now}, {now}, '{{}}',
    CASE WHEN n % 2 = 0 THEN 'waiting' ELSE 'dead' END, 0, 0, {false} FROM {numbers};
INSERT INTO incidents (id, severity, status, title, channel, security, path, declared_by_id,
    declared_by_name, declared_at, epoch, epoch_at, next_step, answers_from, drill, roles,
    room_id, room_private, room_invited, leadership)
SELECT 'i' || n, 'P' || (n % 4), CASE WHEN n % 500 = 0 THEN 'triggered' ELSE 'resolved' END, 't', 'ops',
    {false}, '{{}}', 'U', 'U', {now} - n * 60000, 1, 0, 0, 1, {false}, '{{}}',
    'C' || n, {false}, '[]', {false} FROM {numbers};
INSERT INTO events (subject, sequence, at, actor_id, actor_name, kind, data)
SELECT 'i' || (n / 10), n % 10, {now}, 'U', 'U', CASE WHEN n % 10 = 3 THEN 'acknowledged' ELSE 'paged' END,
    '{{}}' FROM {numbers};
INSERT INTO pages (subject, epoch, step, tier, title, key, past_acknowledgement, requested_at)
SELECT 'i' || n, 1, 0, 't', 't', 'k' || n, {false}, {now} FROM {numbers};
INSERT INTO messages (channel, ts, subject, face) SELECT 'C', 't' || n, 's' || n, 'card' FROM {numbers};
INSERT INTO runs (id, checklist, occurrence, title, purpose, cadence, channel, team, security, planned_at,
    begun_at, due_at, ends_at, unfinished, state, late)
SELECT 'r' || n, 'c' || (n % 500), 'o' || n, 't', 'p', 'daily', 'ops', 'team', {false}, {now} + n * 1000,
    {now}, {now}, {now}, 'carry', CASE WHEN n <= 10 THEN 'open' ELSE 'done' END, {false} FROM {numbers};
INSERT INTO run_items (run, position, key, title, evidence, found, state, problem_found_at, problem_incident,
    problem_closed_at)
SELECT 'r' || (1 + n / 4), 1 + n % 4, 'k', 't', '[]', '[]', 'done', CASE WHEN n % 20 = 0 THEN n END,
    CASE WHEN n % 40 = 0 THEN 'i' || n END, CASE WHEN n % 200 > 0 THEN n END FROM {numbers};
INSERT INTO homes ("user", opened_at) SELECT 'U' || n, {now} + n * 1000 FROM {numbers};
INSERT INTO changes (id, kind, service, title, steps, validation, rollback, planned_at, length_ms, risk,
    revision, needs, approvals, editors, state, phases, requested_by_id, requested_by_name, requested_at,
    channel, team, "before", "after", started_at, begins_at, over_at)
SELECT 'ch' || n, 'standard', 's' || (n % 500), 't', 's', 'v', 'r', {now} + n * 1000, 60000, 'low', 1,
    1, '[]', '[]', CASE WHEN n > 9990 THEN 'approved' WHEN n % 10 = 0 THEN 'cancelled' ELSE 'done' END, '[]',
    'U', 'U', {now}, 'ops', 'team', '[]', '[]', {now} + n * 1000, {now} + n * 1000, {now} + n * 1000
    FROM {numbers};
INSERT INTO change_suspects (change, subject, at) SELECT 'ch' || n, 'i' || (n / 3), {now} FROM {numbers};
INSERT INTO spans (id, kind, title, starts_at, ends_at, channel, by_id, by_name, at, removed_at)
SELECT 'sp' || n, 'window', 't', {now} + n * 1000, {now} + n * 1000 + 500, 'ops', 'U', 'U', {now},
    CASE WHEN n % 10 = 0 THEN {now} END FROM {numbers};
INSERT INTO receipts (source, delivery_id, reply, at) SELECT 'slack', 'd' || n, 'r', n FROM {numbers};
ANALYZE
"""
_SQLITE_NUMBERS = (
    "(WITH RECURSIVE all_of(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM all_of WHERE n < 10000)"
    " SELECT n FROM all_of)"
)
_MILLISECONDS = int(NOW.timestamp() * 1000)


def _fill(connection: Connection, *, analyze: bool = True) -> None:
    sqlite = connection.dialect.name == "sqlite"
    script = _MANY.format(
        now=_MILLISECONDS,
        numbers=_SQLITE_NUMBERS if sqlite else "generate_series(1, 10000) AS numbers(n)",
        false="0" if sqlite else "false",
    )
    for statement in script.split(";")[: None if analyze else -1]:
        connection.execute(text(statement))


def _connection(tx: Transaction) -> Connection:
    connection: Connection = tx.facts._connection  # type: ignore[attr-defined]
    return connection


def _plan(connection: Connection, statement: Any, parameters: dict[str, Any]) -> str:
    """The plan of a statement as the store sends it."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, parameters)
    event.remove(connection, "before_cursor_execute", note)
    prefix = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{prefix} {sent[0][0]}", sent[0][1])
    return "\n".join(str(row[-1]) for row in rows)


_AUDITED: dict[str, Any] = {
    "after_at": NOW,
    "after_subject": "i500",
    "after_sequence": 3,
    "until": NOW + timedelta(days=1),
    "most": 1000,
}
_QUERIES: list[tuple[Any, dict[str, Any], list[str]]] = [
    (timers._DUE, {"now": NOW, "most": 100}, ["ix_timers_due"]),
    (timers._SOONEST, {}, ["ix_timers_due"]),
    (timers._OF, {"of": "s1", "of_kind": "escalation"}, ["ix_timers_subject_kind"]),
    (
        outbox._READY,
        {"to": "pager", "now": NOW, "far": NOW + LONGEST_SHUT, "most": 20},
        ["ix_outbox_ready", "ix_outbox_order"],
    ),
    (outbox._SOONEST, {"to": "pager"}, ["ix_outbox_ready"]),
    (outbox._DROP_WAITING, {"of": "s1"}, ["ix_outbox_subject"]),
    (outbox._DONE, {"held": "k1", "token": "t", "done": 0}, ["uq_outbox_key|autoindex_outbox"]),
    (
        incidents._URGENT,
        {"least": "P1", "of": "s3", "most": 20, "security": False},
        ["ix_incidents_open|ix_incidents_counted"],
    ),
    (incidents._OPEN, {"most": 200}, ["ix_incidents_open|ix_incidents_counted"]),
    (incidents._BY_ROOM, {"incident": "C1"}, ["ix_incidents_room_id"]),
    (
        messages._TURN,
        {"of": "s1", "as_face": "card", "into": "notice"},
        ["ix_messages_subject_face_sequence"],
    ),
    (messages._FORGET_CHANNEL, {"in_channel": "D"}, ["messages_channel_ts|autoindex_messages"]),
    (items._OPEN, {"most": 100}, ["ix_items_open"]),
    (items._OPEN_OF, {"whose": "U1", "most": 100}, ["ix_items_open"]),
    (items._OF, {"of": "i1"}, ["ix_items_incident"]),
    (duties._OPEN, {"most": 100}, ["ix_duties_open"]),
    (
        incidents._FRESH,
        {"since": NOW, "security": False, "drill": False},
        ["ix_incidents_declared_at|pk_incidents|PRIMARY KEY|ix_incidents_open"],
    ),
    (
        tally._INCIDENTS,
        {"since": NOW, "until": NOW + LONGEST_SHUT},
        ["ix_incidents_declared_at", "ix_events_taken"],
    ),
    (
        tally._PAGES,
        {"since": NOW, "until": NOW + LONGEST_SHUT},
        ["ix_incidents_declared_at", "pk_pages|PRIMARY KEY"],
    ),
    (events._ALL_AFTER, _AUDITED, ["ix_events_at_subject_sequence"]),
    (events._ONES_AFTER, {"of": "i500", "after_sequence": 3, "most": 1000}, ["pk_events|PRIMARY KEY"]),
    (events._NEWEST, {"until": NOW + timedelta(days=1)}, ["ix_events_at_subject_sequence"]),
    (
        events._NEAR,
        {"since": NOW, "until": NOW + timedelta(days=1)},
        ["ix_events_at_subject_sequence"],
    ),
    (alert_groups._PAGING, {"wanted": "s3", "most": 20, "security": False}, ["ix_alert_groups_firing"]),
    (alert_groups._WAITING, {"most": 5}, ["ix_alert_groups_firing"]),
    (alert_groups._COUNT_WAITING, {}, ["ix_alert_groups_firing"]),
    (messages._LAST, {}, ["pk_messages|SEARCH messages"]),
    (messages._OF, {"of": "s1", "as_face": "card"}, ["ix_messages_subject_face_sequence"]),
    (messages._SUBJECT_AT, {"in_channel": "C", "at_ts": "t1"}, ["messages_channel_ts|autoindex_messages"]),
    (runs._BY_ID, {"wanted": "r50"}, ["uq_runs_id|autoindex_runs", "pk_run_items|PRIMARY KEY"]),
    (runs._BY_NUMBER, {"wanted": 50}, ["pk_runs|PRIMARY KEY", "pk_run_items|PRIMARY KEY"]),
    (runs._OPEN, {}, ["ix_runs_open", "pk_run_items|PRIMARY KEY"]),
    (runs._OPEN_OF, {"wanted": "c3"}, ["ix_runs_open", "pk_run_items|PRIMARY KEY"]),
    (runs._LOCK_OPEN_OF, {"wanted": "c3"}, ["ix_runs_open"]),
    (runs._NEWEST, {"most": 20}, ["pk_runs|PRIMARY KEY", "pk_run_items|PRIMARY KEY"]),
    (runs._NEWEST_OF, {"most": 20, "wanted": "c3"}, ["ix_runs_checklist_number"]),
    (runs._TURNS, {"wanted": "c3"}, ["ix_runs_checklist_number"]),
    (
        runs._BETWEEN,
        {"since": NOW, "until": NOW + timedelta(seconds=99)},
        ["ix_runs_planned_at", "pk_run_items|PRIMARY KEY"],
    ),
    (runs._WITH_PROBLEMS, {}, ["ix_run_items_open_problem", "uq_runs_id|autoindex_runs"]),
    (
        runs._WITH_PROBLEMS_OF,
        {"wanted": "c3"},
        ["ix_run_items_open_problem|ix_runs_checklist_number", "pk_run_items|PRIMARY KEY|uq_runs_id"],
    ),
    (runs._WITH_INCIDENT, {"wanted": "i40"}, ["ix_run_items_open_problem", "uq_runs_id|autoindex_runs"]),
    (homes._OPENED_SINCE, {"since": NOW + timedelta(seconds=9900)}, ["ix_homes_opened_at"]),
    (changes._BY_ID, {"wanted": "ch50"}, ["uq_changes_id|autoindex_changes"]),
    (changes._BY_NUMBER, {"wanted": 50}, ["pk_changes|PRIMARY KEY"]),
    (changes._OPEN, {}, ["ix_changes_open"]),
    (changes._RUNNING_OR_OF, {"wanted": "s3", "as_kind": "standard"}, ["ix_changes_open"]),
    (changes._RUNNING, {}, ["ix_changes_open"]),
    (changes._WATCHED, {"since": NOW + timedelta(seconds=9900)}, ["ix_changes_over_at"]),
    (
        changes._BETWEEN,
        {"since": NOW + timedelta(seconds=9900), "until": NOW + timedelta(days=1)},
        ["ix_changes_over_at"],
    ),
    (
        changes._BETWEEN_OF,
        {"since": NOW + timedelta(seconds=9900), "until": NOW + timedelta(days=1), "wanted": "s3"},
        ["ix_changes_over_at|ix_changes_service_number"],
    ),
    (changes._NEWEST, {"most": 20}, ["pk_changes|SCAN changes$"]),
    (changes._NEWEST_OF, {"most": 20, "wanted": "s3"}, ["ix_changes_service_number"]),
    (changes._SUSPECTS, {"wanted": "ch3"}, ["pk_change_suspects|PRIMARY KEY"]),
    (changes._SUSPECTED_OF, {"wanted": "i3"}, ["ix_change_suspects_subject"]),
    (spans._BY_ID, {"wanted": "sp50"}, ["uq_spans_id|autoindex_spans"]),
    (spans._BY_NUMBER, {"wanted": 50}, ["pk_spans|PRIMARY KEY"]),
    (
        spans._BETWEEN,
        {"since": NOW + timedelta(seconds=9900), "until": NOW + timedelta(days=1)},
        ["ix_spans_ends_at"],
    ),
    (receipts._FORGET, {"before": datetime(1970, 1, 1, 0, 0, 0, 99000, tzinfo=UTC)}, ["ix_receipts_at"]),
]


async def test_every_query_of_daily_work_uses_its_index(store: OpenStore) -> None:
    def explain(tx: Transaction) -> list[str]:
        connection = _connection(tx)
        _fill(connection)
        return [_plan(connection, statement, parameters) for statement, parameters, _ in _QUERIES]

    plans = await store.transaction("explain", explain)
    for plan, (_, _, indexes) in zip(plans, _QUERIES, strict=True):
        assert all(re.search(index, plan) for index in indexes), plan


async def test_the_audit_log_is_read_in_the_indexs_order_without_sorting_it(store: OpenStore) -> None:
    def explain(tx: Transaction) -> str:
        _fill(_connection(tx))
        return _plan(_connection(tx), events._ALL_AFTER, _AUDITED)

    plan = await store.transaction("explain", explain)
    assert not re.search("sort|temp b-tree", plan, re.IGNORECASE), plan


async def test_a_plan_made_for_an_empty_outbox_serves_a_full_one(store: OpenStore) -> None:
    def claim(tx: Transaction) -> int:
        return len(tx.outbox.ready(Recipient.CHAT, NOW, 20))

    await store.transaction("analyze", lambda tx: _connection(tx).execute(text("ANALYZE")).close())
    for _ in range(10):  # PostgreSQL settles for a plan after a few
        assert await store.transaction("claim", claim) == 0
    await store.transaction("fill", lambda tx: _fill(_connection(tx), analyze=False))
    assert await store.transaction("claim", claim) == 20
