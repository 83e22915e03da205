"""How every kind of entry of a run is told."""

from __future__ import annotations

from bot.domain.event import Event, EventKind
from tests.support.cards import ANA, an_event

DISKS = {"items": "2", "title": "Disks"}
FULL = {**DISKS, "text": "full"}

RUN_SENTENCES: list[tuple[Event, str]] = [
    (an_event(EventKind.RUN_BEGUN, {"items": 3, "late": False}), "Begun, 3 items."),
    (
        an_event(EventKind.RUN_BEGUN, {"items": 4, "carried": 1, "late": True}),
        "Begun, 4 items, 1 of them from before. Late: opsbot was not running when it was time.",
    ),
    (an_event(EventKind.RUN_BEGUN, {"items": 1}, actor=ANA), "Asked for by Ana Ortiz, 1 item."),
    (an_event(EventKind.RUN_GIVEN, {"to": "Kim"}), "Kim does it."),
    (
        an_event(EventKind.RUN_GIVEN, {"to": "Kim", "open": 1, "due": "17:00 EST"}, actor=ANA),
        "Kim: Ana Ortiz hands this review over to you: 1 item open, due 17:00 EST.",
    ),
    (an_event(EventKind.RUN_GIVEN), "It is for whoever takes it."),
    (
        an_event(EventKind.RUN_NUDGED, {"open": 1, "due": "Mon 17:00 EST", "owners": "Ana, Kim"}),
        "Ana, Kim: half of the time is over, and 1 item is open, due Mon 17:00 EST.",
    ),
    (
        an_event(EventKind.RUN_NUDGED, {"open": 3, "due": "Mon 17:00 EST"}),
        "Half of the time is over, and 3 items are open, due Mon 17:00 EST.",
    ),
    (
        an_event(EventKind.RUN_OVERDUE, {"open": 2, "owners": "Ana"}),
        "⏰ It was to be done by now, and 2 items are open: Ana's.",
    ),
    (
        an_event(EventKind.RUN_OVERDUE, {"open": 1}),
        "⏰ It was to be done by now, and 1 item is open. Nobody has taken it on.",
    ),
    (an_event(EventKind.RUN_DONE, {"problems": 0, "late": False}, actor=ANA), "✅ Done."),
    (
        an_event(EventKind.RUN_DONE, {"problems": 2, "late": True}, actor=ANA),
        "✅ Done, late. 2 problems found.",
    ),
    (
        an_event(EventKind.RUN_CARRIED, {"open": 2, "to": "C13"}),
        "It is over: 2 open items went on to C13.",
    ),
    (an_event(EventKind.RUN_MISSED, {"open": 1}), "⛔ It is over, and 1 item was not done."),
    (
        an_event(EventKind.RUN_SKIPPED, {"at": "Mon 09:15 EST"}),
        "Skipped: opsbot was not running at Mon 09:15 EST.",
    ),
    (an_event(EventKind.CHECKED, DISKS, actor=ANA), "Ana Ortiz has done item 2 (Disks)."),
    (
        an_event(EventKind.CHECKED, {"items": "2, 3", "title": None}, actor=ANA),
        "Ana Ortiz has done items 2, 3.",
    ),
    (an_event(EventKind.CHECK_REOPENED, DISKS, actor=ANA), "Ana Ortiz opened item 2 (Disks) again."),
    (
        an_event(EventKind.NOT_APPLICABLE, {**DISKS, "reason": "there are none"}, actor=ANA),
        "Not applicable, says Ana Ortiz: item 2 (Disks): there are none",
    ),
    (
        an_event(EventKind.CHECK_GIVEN, {**DISKS, "to": "Kim"}, actor=ANA),
        "Kim: Ana Ortiz hands item 2 (Disks) over to you.",
    ),
    (
        an_event(EventKind.CHECK_GIVEN, {**DISKS, "to": "Ana Ortiz"}, actor=ANA),
        "Ana Ortiz does item 2 (Disks).",
    ),
    (
        an_event(EventKind.CHECK_GIVEN, {**DISKS, "to": None}, actor=ANA),
        "Nobody has item 2 (Disks) any more, says Ana Ortiz.",
    ),
    (
        an_event(EventKind.CHECK_NOTED, {"text": "quiet night"}, actor=ANA),
        "Note by Ana Ortiz: quiet night",
    ),
    (
        an_event(EventKind.CHECK_NOTED, {**DISKS, "text": "80 %"}, actor=ANA),
        "Note by Ana Ortiz on item 2 (Disks): 80 %",
    ),
    (
        an_event(EventKind.PROBLEM_FOUND, FULL, actor=ANA),
        "⚠️ Ana Ortiz found a problem with item 2 (Disks): full",
    ),
    (
        an_event(EventKind.PROBLEM_DECLARED, {**FULL, "incident": "P2 #42"}, actor=ANA),
        "Ana Ortiz declared P2 #42 for the problem with item 2 (Disks): full",
    ),
    (
        an_event(EventKind.PROBLEM_REMINDED, {**FULL, "owner": "Kim"}),
        "Kim: the problem with item 2 (Disks) is still open: full",
    ),
    (
        an_event(EventKind.PROBLEM_CLOSED, {**FULL, "how": "made larger"}, actor=ANA),
        "✅ The problem with item 2 (Disks) is solved, says Ana Ortiz: made larger. It was: full",
    ),
    (
        an_event(EventKind.PROBLEM_CLOSED, {"items": "2", "how": "P2 #42 was resolved"}),
        "✅ The problem with item 2 is solved: P2 #42 was resolved.",
    ),
]
