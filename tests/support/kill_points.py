"""The points of the bot's way at which it can be killed on purpose."""

from __future__ import annotations

from itertools import product

START_TRANSACTIONS = ("release", "remember_workspace")
"""Use cases of the start; only SQLite releases leases then."""

COMMANDS = (
    "declare",
    "change_severity",
    "escalate",
    "acknowledge",
    "report",
    "mitigate",
    "resolve",
    "reopen",
    "cancel",
)
"""Use cases that a person asks for."""

OWN_TRANSACTIONS = ("fire_due", "hear", "claim_pager", "claim_chat", "settle_pager", "settle_chat")
"""Use cases that nobody in Slack waits for."""

TRANSACTIONS = (*START_TRANSACTIONS, *COMMANDS, *OWN_TRANSACTIONS)
RECIPIENTS = ("pager", "chat")

ALERT_POINTS = tuple(
    f"{name}.{when}" for name, when in product(("hear_alerts",), ("before_commit", "after_commit"))
)
"""Those that only an installation passes which is told of alerts."""

MERGE_POINTS = ("merge.before_commit", "merge.after_commit")
"""Those that only a story passes in which two incidents turn out to be one."""

CALL_POINTS = tuple(
    f"{name}.{when}"
    for name, when in product(("page", "acknowledge_call"), ("before_commit", "after_commit"))
)
"""Those that only a story passes in which somebody is called, and answers."""

CHECKLIST_POINTS = ("begin_runs.before_commit", "begin_runs.after_commit")
"""Those with which reviews begin: while none is due, once a minute."""

CHANGE_POINTS = tuple(
    f"{name}.{when}"
    for name, when in product(
        ("request_change", "approve_change", "start_change", "roll_back"), ("before_commit", "after_commit")
    )
)
"""Those that only a story passes in which production is changed."""

HOOK_POINTS = (
    "claim_hooks.before_commit",
    "claim_hooks.after_commit",
    "hooks.before_send",
    "hooks.after_send",
    "settle_hooks.before_commit",
    "settle_hooks.after_commit",
)
"""Those with which a webhook is asked to take a change back."""

REPORT_POINTS = (
    "begin_checklist_reports.after_commit",
    "owe_checklist_reports.before_commit",
    "owe_checklist_reports.after_commit",
)
"""Those with which a month's reviews come to be told: at the first look ever, and then once a month."""

READING_POINTS = (
    "claim_metrics.before_commit",
    "claim_metrics.after_commit",
    "metrics.before_send",
    "metrics.after_send",
    "settle_metrics.before_commit",
    "settle_metrics.after_commit",
)
"""Those that only an installation passes which can ask Prometheus."""

OWNER_POINTS = (
    "claim_on_call.before_commit",
    "claim_on_call.after_commit",
    "on_call.before_send",
    "on_call.after_send",
    "settle_on_call.before_commit",
    "settle_on_call.after_commit",
)
"""Those with which is asked whose a review is."""

POINTS = (
    *(f"{name}.{when}" for name, when in product(TRANSACTIONS, ("before_commit", "after_commit"))),
    *(f"{name}.{when}" for name, when in product(RECIPIENTS, ("before_send", "after_send"))),
)
"""Every point at which the bot can be killed on purpose.

Left out are two that need more than a minute of the machine's own time: `saw`, the poll of PagerDuty,
which does what `hear` does, and `clean`, which only removes old receipts.
"""

EVERY_POINT = (
    *POINTS,
    *ALERT_POINTS,
    *MERGE_POINTS,
    *CALL_POINTS,
    *READING_POINTS,
    *CHECKLIST_POINTS,
    *OWNER_POINTS,
    *REPORT_POINTS,
    *CHANGE_POINTS,
    *HOOK_POINTS,
)
"""Those, and what only some installations and stories pass."""
