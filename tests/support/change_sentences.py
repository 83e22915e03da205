"""How every kind of entry of a change, of what broke meanwhile, and of the calendar is told."""

from __future__ import annotations

from bot.domain.event import Event, EventKind
from tests.support.cards import ANA, KIM, an_event

CHANGE_SENTENCES: list[tuple[Event, str]] = [
    (
        an_event(EventKind.CHANGE_REQUESTED, {"needs": 2, "starts": "Tue 14:00 EST"}, actor=ANA),
        "Asked for by Ana Ortiz, planned for Tue 14:00 EST. It needs 2 approvals.",
    ),
    (
        an_event(EventKind.CHANGE_REQUESTED, {"needs": 0}, actor=ANA),
        "Asked for by Ana Ortiz. It needs no approval.",
    ),
    (
        an_event(EventKind.CHANGE_EDITED, {"what": "plan, start", "needs": 1}, actor=ANA),
        "Ana Ortiz edited plan, start. It needs 1 approval.",
    ),
    (
        an_event(EventKind.CHANGE_EDITED, {"what": "title", "needs": 2, "lost": "Kim, Lee"}, actor=ANA),
        "Ana Ortiz edited title. It needs 2 approvals. What Kim, Lee approved was another plan.",
    ),
    (
        an_event(EventKind.CHANGE_APPROVED, {"count": 1, "needs": 2}, actor=KIM),
        "👍 Approved by Kim Larsen (1 of 2).",
    ),
    (
        an_event(EventKind.CHANGE_APPROVED, {"count": 2, "needs": 2, "note": "mind the cache"}, actor=KIM),
        "👍 Approved by Kim Larsen (2 of 2, that is enough): mind the cache",
    ),
    (
        an_event(EventKind.CHANGE_REJECTED, {"reason": "not before the sale"}, actor=KIM),
        "👎 Rejected by Kim Larsen: not before the sale",
    ),
    (
        an_event(EventKind.APPROVALS_EXPIRED, {"left": 1, "needs": 2, "who": "Ana"}),
        "Ana: approvals have expired: 1 of 2 still counts. It is to be approved again.",
    ),
    (
        an_event(EventKind.APPROVALS_EXPIRED, {"left": 0, "needs": 1}),
        "Approvals have expired: 0 of 1 still count. It is to be approved again.",
    ),
    (an_event(EventKind.CHANGE_DUE, {"approved": True, "who": "Ana"}), "Ana: it may start now."),
    (
        an_event(EventKind.CHANGE_DUE, {"approved": True, "text": "P0 #42 is open."}),
        "It is planned for now, but the gate is against it: P0 #42 is open.",
    ),
    (
        an_event(EventKind.CHANGE_DUE, {"approved": False, "needs": 2, "who": "Ana"}),
        "Ana: it was planned for now, but 2 approvals are missing.",
    ),
    (
        an_event(EventKind.CHANGE_DUE, {"approved": False, "needs": 1}),
        "It was planned for now, but 1 approval is missing.",
    ),
    (an_event(EventKind.CHANGE_TESTED, {"begun": True}, actor=ANA), "🧪 Ana Ortiz tests it now."),
    (
        an_event(EventKind.CHANGE_TESTED, {"begun": False, "note": "all green"}, actor=ANA),
        "🧪 Ana Ortiz has tested it: all green",
    ),
    (
        an_event(EventKind.CHANGE_STARTED, {"closes": "Tue 16:00 EST"}, actor=ANA),
        "🚀 Started by Ana Ortiz. The window closes Tue 16:00 EST.",
    ),
    (
        an_event(EventKind.CHANGE_STARTED, {"skipped_tests": True}, actor=ANA),
        "🚀 Started by Ana Ortiz. Without tests.",
    ),
    (
        an_event(
            EventKind.CHANGE_OVERRIDDEN,
            {"reason": "customers cannot pay", "against": "It is outside the window."},
            actor=ANA,
        ),
        (
            "⚠️ Started by Ana Ortiz although the gate is against it (It is outside the window): "
            "customers cannot pay"
        ),
    ),
    (
        an_event(EventKind.CHANGE_DEPLOYED, {"note": None}, actor=ANA),
        "🔎 Deployed by Ana Ortiz, it is validated now.",
    ),
    (
        an_event(EventKind.CHANGE_OVERRUN, {"due": "Tue 16:00 EST", "window": True, "who": "Ana"}),
        "⏰ Ana: it is running longer than planned: its window closed Tue 16:00 EST.",
    ),
    (
        an_event(EventKind.CHANGE_OVERRUN, {"due": "Tue 15:00 EST", "told": 1}),
        "⏰ It is still running: it was to be over Tue 15:00 EST.",
    ),
    (
        an_event(EventKind.CHANGE_HEALTH, {"worse": "p95 120 ms → 480 ms"}),
        "🟠 So far, this has become worse: p95 120 ms → 480 ms",
    ),
    (
        an_event(EventKind.CHANGE_HEALTH, {"worse": "p95 120 ms → 480 ms", "after": True}),
        "🟠 Since it was started, this has become worse: p95 120 ms → 480 ms",
    ),
    (an_event(EventKind.CHANGE_HEALTH, {"worse": None}), "The service's health was looked at."),
    (
        an_event(EventKind.CHANGE_SUSPECTED, {"label": "P1 #42", "title": "errors", "minutes": 4}),
        "🚨 P1 #42 (errors) began 4 min after it was started. Did this change cause it?",
    ),
    (
        an_event(
            EventKind.CHANGE_SUSPECTED,
            {"label": "A12", "title": "HighErrorRate", "minutes": 12, "ended": True, "who": "Ana"},
        ),
        "🚨 A12 (HighErrorRate) began 12 min after it was over. Ana: did this change cause it?",
    ),
    (
        an_event(
            EventKind.CHANGE_NEAR,
            {"change": "CH12", "title": "New checkout", "service": "Payment Service", "minutes": 4},
        ),
        "🔧 Change CH12 (New checkout) of Payment Service was started 4 min before this began.",
    ),
    (
        an_event(EventKind.CHANGE_NEAR, {"change": "CH12", "minutes": 0, "ended": True}),
        "🔧 Change CH12 was over less than a minute before this began.",
    ),
    (
        an_event(EventKind.CHANGE_NOTED, {"text": "half of the pods"}, actor=ANA),
        "Note by Ana Ortiz: half of the pods",
    ),
    (
        an_event(EventKind.CHANGE_DONE, {"took": "38 min"}, actor=ANA),
        "✅ Done, says Ana Ortiz, after 38 min.",
    ),
    (
        an_event(EventKind.CHANGE_ROLLBACK, {"reason": "errors", "webhook": "deployer"}, actor=ANA),
        "↩️ Ana Ortiz rolls it back, by webhook deployer: errors",
    ),
    (
        an_event(EventKind.CHANGE_ROLLBACK, {"reason": None}, actor=ANA),
        "↩️ Ana Ortiz rolls it back, by hand.",
    ),
    (
        an_event(EventKind.CHANGE_ROLLED_BACK, {"took": "6 min", "note": "as before"}, actor=ANA),
        "↩️ Rolled back, says Ana Ortiz, after 6 min: as before",
    ),
    (
        an_event(EventKind.CHANGE_CANCELLED, {"reason": "not needed"}, actor=ANA),
        "Called off by Ana Ortiz: not needed",
    ),
    (
        an_event(EventKind.CHANGE_EXPIRED),
        "⌛ Nobody started it within a week of its planned end: it is off. Ask for it anew.",
    ),
    (
        an_event(EventKind.HOOK_TAKEN, {"webhook": "deployer", "said": "job 77"}),
        "Webhook deployer rolls it back: job 77",
    ),
    (
        an_event(
            EventKind.HOOK_FAILED, {"webhook": "deployer", "why": "It said 503.", "plan": "helm rollback"}
        ),
        "⚠️ It is not rolled back: It said 503. Roll it back by hand: helm rollback",
    ),
    (
        an_event(
            EventKind.SPAN_ADDED,
            {
                "kind": "window",
                "title": "Database upgrade",
                "starts": "Sat 22:00 EST",
                "ends": "Sun 02:00 EST",
                "type": "Major",
                "service": None,
            },
            actor=ANA,
        ),
        (
            "Ana Ortiz put a window: Database upgrade on the calendar (Major), "
            "from Sat 22:00 EST until Sun 02:00 EST."
        ),
    ),
    (
        an_event(EventKind.SPAN_REMOVED, {"kind": "freeze", "title": "Black Friday"}, actor=ANA),
        "Ana Ortiz lifted a freeze: Black Friday.",
    ),
    (
        an_event(EventKind.SPAN_REMOVED, {"kind": "window", "title": "Upgrade"}, actor=ANA),
        "Ana Ortiz took a window: Upgrade off the calendar.",
    ),
]
