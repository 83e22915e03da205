from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.domain.event import EventKind
from bot.domain.slo.counts import Span
from bot.domain.slo.note import BudgetNote, Noted
from bot.domain.slo.objective import Sli
from bot.views.incident import card
from bot.views.thread import line, sentence
from tests.support.budgets import COSTS, NOTHING, a_note, budget_notes, exactly
from tests.support.cards import NOBODY, a_card, an_event, an_incident
from tests.support.slack_limits import check_message

TIMES = "\N{MULTIPLICATION SIGN}"
BURNING = f"burning 14.4{TIMES} over the last hour"
FAILED = "about 1,234 failed requests, 12 % of the 30 d budget"
SLOW = "about 1 request that took too long, 3 % of theirs"
LEFT = "Payment Service: 43 % of its error budget left (30 d)"


def said(note: BudgetNote, *, late: timedelta = timedelta(seconds=30)) -> str:
    """What the timeline says of it, `late` after its moment."""
    return sentence(an_event(EventKind.SLO_NOTED, note.data, at=note.at + late), a_card())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, f"{LEFT}, {BURNING}."),
        ({"burn": None}, f"{LEFT}."),
        ({"burn": exactly(0)}, f"{LEFT}, not burning over the last hour."),
        ({"burn": exactly(0.04)}, f"{LEFT}, burning 0.04{TIMES} over the last hour."),
        ({"burn": exactly(0.97)}, f"{LEFT}, burning 0.97{TIMES} over the last hour."),
        (
            {"burn": Span(least=0.4, most=12)},
            f"{LEFT}, burning 0.40{TIMES} to 12{TIMES} over the last hour.",
        ),
        (
            {"left": exactly(-0.57)},
            f"Payment Service: its error budget is spent (30 d), overdrawn by 57 %, {BURNING}.",
        ),
        ({"left": exactly(0), "burn": None}, "Payment Service: its error budget is spent (30 d)."),
        (
            {"sli": Sli.LATENCY, "left": Span(least=0.4, most=0.6)},
            f"Payment Service: 40 % to 60 % of its budget for slow requests left (30 d), {BURNING}.",
        ),
        (
            {"covered": 0.5, "burn": None},
            "Payment Service: 43 % of its error budget left (30 d, of which 50 % are measured).",
        ),
        (
            {"covered": 0.1, "left": None, "burn": None},
            "Payment Service: nobody knows what is left of its error budget: only 10 % of 30 d are measured.",
        ),
        (
            {"why": "Prometheus cannot be reached."},
            "Payment Service: not measured: Prometheus cannot be reached.",
        ),
        ({"moment": Noted.ACKNOWLEDGED}, f"{LEFT}, {BURNING} (when it was acknowledged)."),
        (
            {"moment": Noted.RESOLVED, "costs": COSTS},
            f"It cost {FAILED}, and {SLOW}. {LEFT}, {BURNING}.",
        ),
        (
            {"moment": Noted.RESOLVED, "costs": NOTHING},
            f"It cost nothing of its error budget. {LEFT}, {BURNING}.",
        ),
        ({"moment": Noted.RESOLVED}, f"{LEFT}, {BURNING}."),
    ],
)
def test_it_is_told_in_a_line(changes: dict[str, Any], expected: str) -> None:
    assert said(a_note(**changes)) == f"📉 {expected}"


def test_what_comes_late_says_of_when_it_is() -> None:
    assert said(a_note(), late=timedelta(minutes=48)).endswith("(when it was declared, 48 min earlier).")


@given(budget_notes())
def test_any_note_fits_into_a_line_and_a_card(note: BudgetNote) -> None:
    shown = a_card(incident=an_incident(budget=note))
    check_message(card(shown).to_json())
    check_message(line(an_event(EventKind.SLO_NOTED, note.data), shown, NOBODY).to_json())


def test_outsiders_are_told_no_number() -> None:
    shown = a_card(incident=an_incident(security=True, budget=a_note()))
    redacted = line(an_event(EventKind.SLO_NOTED, a_note().data), shown, NOBODY, redacted=True)
    assert "43" not in str(redacted.to_json())
    assert "43" not in str(card(shown, redacted="It is secret.").to_json()).replace("#43", "")
