"""How every kind of entry of a runbook in an incident is told."""

from __future__ import annotations

from bot.domain.event import Event, EventData, EventKind
from tests.support.cards import ANA, an_event

_BOOK: EventData = {"runbook": "payment-operations", "title": "Payment Service Operations"}

RUNBOOK_SENTENCES: list[tuple[Event, str]] = [
    (
        an_event(EventKind.RUNBOOK_OPENED, {**_BOOK, "steps": 9}, actor=ANA),
        "Ana Ortiz opened the runbook Payment Service Operations: 9 steps.",
    ),
    (
        an_event(
            EventKind.RUNBOOK_UNREAD, {**_BOOK, "why": "it has no steps", "url": "https://a.example/b.md"}
        ),
        (
            "The runbook Payment Service Operations cannot be worked through here: it has no steps. It is at "
            "https://a.example/b.md"
        ),
    ),
    (
        an_event(EventKind.RUNBOOK_STEP, {**_BOOK, "position": 3, "text": "Roll back"}, actor=ANA),
        "Ana Ortiz did step 3 of Payment Service Operations: Roll back",
    ),
    (
        an_event(EventKind.RUNBOOK_STEP_REOPENED, {**_BOOK, "position": 3, "text": "Roll back"}, actor=ANA),
        "Ana Ortiz reopened step 3 of Payment Service Operations: Roll back",
    ),
]
