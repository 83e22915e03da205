"""What once stood on the calendar, on both databases."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.changes.span import SpanKind
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.support.builders import LEE, a_span
from tests.support.clock import MONDAY_NOON

DAY = timedelta(days=1)


async def test_what_was_removed_is_found_where_it_is_asked_for(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        standing = tx.spans.add(a_span(id="a", number=0))
        removed = tx.spans.add(a_span(id="b", number=0, removed=MONDAY_NOON, removed_by=LEE))
        window = tx.spans.add(a_span(id="c", number=0, kind=SpanKind.WINDOW, removed=MONDAY_NOON))
        found = tx.spans.between
        assert found(MONDAY_NOON, MONDAY_NOON + DAY) == (standing,)
        assert found(MONDAY_NOON, MONDAY_NOON + DAY, removed=True) == (standing, removed, window)
        freezes = found(MONDAY_NOON, MONDAY_NOON + DAY, kind=SpanKind.FREEZE, removed=True)
        assert freezes == (standing, removed)
        assert found(MONDAY_NOON + DAY, MONDAY_NOON + 2 * DAY, removed=True) == ()

    await store.transaction("spans", body)
