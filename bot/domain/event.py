"""What happened, when, and by whom: the timeline and the audit log are queries over these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import Actor

EventData = Mapping[str, str | int | bool | None]
"""Facts of an event, by name: what a reader needs and no more."""


class EventKind(StrEnum):
    """Everything that the history of an incident or an alert group can hold."""

    DECLARED = "declared"
    PAGED = "paged"
    MENTIONED = "mentioned"
    EXHAUSTED = "exhausted"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    LIKELY_SAME = "likely_same"
    MERGED = "merged"
    TOOK_IN = "took_in"
    LEFT = "left"
    SEVERITY_CHANGED = "severity_changed"
    UPDATED = "updated"
    UPDATE_ASKED = "update_asked"
    ATTENDANCE_ASKED = "attendance_asked"
    STILL_ON_IT = "still_on_it"
    UNATTENDED = "unattended"
    UPDATES_SET = "updates_set"
    IMPACT_SET = "impact_set"
    ROLE_GIVEN = "role_given"
    MESSAGE_ADDED = "message_added"
    NOTED = "noted"
    CORRECTED = "corrected"
    STRUCK = "struck"
    MESSAGE_CHANGED = "message_changed"
    MESSAGE_DELETED = "message_deleted"
    TIME_SET = "time_set"
    EXPORTED = "exported"
    REFUSED = "refused"
    PAGE_CONFIRMED = "page_confirmed"
    PAGE_UNCONFIRMED = "page_unconfirmed"
    PAGE_FAILING = "page_failing"
    PAGE_TAKEN = "page_taken"
    PAGER_CHANGED = "pager_changed"
    ROOM_MADE = "room_made"
    ROOM_FAILED = "room_failed"
    ROOM_LEFT = "room_left"
    ROOM_ARCHIVED = "room_archived"
    DELIVERY_DIED = "delivery_died"
    ALERTS_LINKED = "alerts_linked"
    ALERTS_UNLINKED = "alerts_unlinked"
    ALERTS_FIRING = "alerts_firing"
    ALERTS_RESOLVED = "alerts_resolved"
    ALERTS_ASKED = "alerts_asked"
    ALERTS_KEPT = "alerts_kept"
    ALERT_JOINED = "alert_joined"
    ALERT_LEFT = "alert_left"
    ITEM_ADDED = "item_added"
    ITEM_DONE = "item_done"
    ITEM_DROPPED = "item_dropped"
    ITEM_GIVEN = "item_given"
    ITEM_PUT_OFF = "item_put_off"
    ITEM_REMINDED = "item_reminded"
    POSTMORTEM_ASKED = "postmortem_asked"
    POSTMORTEM_DRAFTED = "postmortem_drafted"
    POSTMORTEM_REMINDED = "postmortem_reminded"
    POSTMORTEM_DONE = "postmortem_done"
    POSTMORTEM_WAIVED = "postmortem_waived"
    POSTMORTEM_GIVEN = "postmortem_given"
    ALERT_FIRED = "alert_fired"
    ALERT_FIRED_AGAIN = "alert_fired_again"
    ALERT_RAISED = "alert_raised"
    ALERT_RESOLVED = "alert_resolved"
    UNACKNOWLEDGED = "unacknowledged"
    SILENCED = "silenced"
    SILENCE_OVER = "silence_over"
    SILENCE_SET = "silence_set"
    SILENCE_FAILING = "silence_failing"
    SILENCE_TAKEN = "silence_taken"
    SILENCE_REFUSED = "silence_refused"
    SILENCE_STAYS = "silence_stays"
    SILENCE_ENDED = "silence_ended"
    SLO_NOTED = "slo_noted"
    RUNBOOK_OPENED = "runbook_opened"
    RUNBOOK_UNREAD = "runbook_unread"
    RUNBOOK_STEP = "runbook_step"
    RUNBOOK_STEP_REOPENED = "runbook_step_reopened"
    RUN_BEGUN = "run_begun"
    RUN_GIVEN = "run_given"
    RUN_NUDGED = "run_nudged"
    RUN_OVERDUE = "run_overdue"
    RUN_DONE = "run_done"
    RUN_CARRIED = "run_carried"
    RUN_MISSED = "run_missed"
    RUN_SKIPPED = "run_skipped"
    CHECKED = "checked"
    CHECK_REOPENED = "check_reopened"
    NOT_APPLICABLE = "not_applicable"
    CHECK_GIVEN = "check_given"
    CHECK_NOTED = "check_noted"
    PROBLEM_FOUND = "problem_found"
    PROBLEM_DECLARED = "problem_declared"
    PROBLEM_REMINDED = "problem_reminded"
    PROBLEM_CLOSED = "problem_closed"
    CHANGE_REQUESTED = "change_requested"
    CHANGE_EDITED = "change_edited"
    CHANGE_APPROVED = "change_approved"
    CHANGE_REJECTED = "change_rejected"
    APPROVALS_EXPIRED = "approvals_expired"
    CHANGE_DUE = "change_due"
    CHANGE_TESTED = "change_tested"
    CHANGE_STARTED = "change_started"
    CHANGE_OVERRIDDEN = "change_overridden"
    CHANGE_DEPLOYED = "change_deployed"
    CHANGE_OVERRUN = "change_overrun"
    CHANGE_HEALTH = "change_health"
    CHANGE_SUSPECTED = "change_suspected"
    CHANGE_NEAR = "change_near"
    CHANGE_NOTED = "change_noted"
    CHANGE_DONE = "change_done"
    CHANGE_ROLLBACK = "change_rollback"
    CHANGE_ROLLED_BACK = "change_rolled_back"
    CHANGE_CANCELLED = "change_cancelled"
    CHANGE_EXPIRED = "change_expired"
    CALLED = "called"
    CALLED_OFF = "called_off"
    HOOK_TAKEN = "hook_taken"
    HOOK_FAILED = "hook_failed"
    SPAN_ADDED = "span_added"
    SPAN_REMOVED = "span_removed"


AMENDING = frozenset(
    {EventKind.CORRECTED, EventKind.STRUCK, EventKind.MESSAGE_CHANGED, EventKind.MESSAGE_DELETED}
)
"""What is said about an earlier entry, whose sequence is its fact `of`: no entry of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a subject's history. `sequence` counts from 1 within the subject."""

    subject: str
    sequence: int
    at: datetime
    actor: Actor
    kind: EventKind
    data: EventData
