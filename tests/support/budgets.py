"""What was measured at moments of an incident, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.slo.counts import Span
from bot.domain.slo.incident_budget import Cost
from bot.domain.slo.note import MILLION, THOUSAND, BudgetNote, Noted, read_note
from bot.domain.slo.objective import Sli, Source
from tests.support.cards import after

COSTS = (
    Cost(source=Source.REQUESTS, bad=1234, share=0.12),
    Cost(source=Source.DURATION, bad=1, share=0.034),
)
NOTHING = (Cost(source=Source.REQUESTS, bad=0, share=0.0),)


def exactly(number: float) -> Span:
    """A number that is known."""
    return Span(least=number, most=number)


def a_note(**changes: Any) -> BudgetNote:
    """43 % left a moment before an entry of `tests.support.cards`, burning at 14.4."""
    note = BudgetNote(
        moment=Noted.DECLARED,
        at=after(14.5),
        title="Payment Service",
        window=timedelta(days=30),
        sli=Sli.AVAILABILITY,
        left=exactly(0.43),
        burn=exactly(14.4),
    )
    return replace(note, **changes)


def _numbers(scale: int) -> st.SearchStrategy[float]:
    return st.integers(-(10**9), 10**9).map(lambda count: count / scale)


def _spans(scale: int) -> st.SearchStrategy[Span]:
    pairs = st.tuples(_numbers(scale), _numbers(scale))
    return pairs.map(lambda pair: Span(least=min(pair), most=max(pair)))


_SHARES = st.integers(0, 10 * MILLION).map(lambda count: count / MILLION)


@st.composite
def budget_notes(draw: st.DrawFn) -> BudgetNote:
    """Any note."""
    sources = draw(st.lists(st.sampled_from(Source), unique=True))
    note = BudgetNote(
        moment=draw(st.sampled_from(Noted)),
        at=after(draw(st.integers(0, 10**6))),
        title=draw(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)),
        window=timedelta(days=draw(st.integers(1, 60))),
        sli=draw(st.none() | st.sampled_from(Sli)),
        left=draw(st.none() | _spans(MILLION)),
        burn=draw(st.none() | _spans(THOUSAND)),
        covered=draw(st.none() | _SHARES),
        costs=tuple(
            Cost(source=one, bad=draw(st.integers(0, 10**9)), share=draw(st.none() | _SHARES))
            for one in Source
            if one in sources
        ),
        why=draw(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)),
    )
    kept = read_note(note.data)
    assert kept is not None
    return kept
