"""What may explain a turn of an error budget's line, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.changes.change import ChangeState
from bot.domain.slo.chart import ChartMark, MarkKind
from bot.ports.store import Transaction
from bot.services.slo_surroundings import marks_of
from storage.open import OpenStore
from tests.support.builders import a_change, a_plan
from tests.support.clock import MONDAY_NOON

HOUR = timedelta(hours=1)


async def test_changes_that_were_begun_are_marked_and_others_are_not(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        done: dict[str, Any] = {
            "state": ChangeState.DONE,
            "started": MONDAY_NOON,
            "closed": MONDAY_NOON + HOUR,
        }
        tx.changes.add(a_change(id="a", number=0, **done))
        tx.changes.add(a_change(a_plan(service="identity"), id="b", number=0, **done))
        tx.changes.add(a_change(a_plan(service=None), id="c", number=0, **done))
        tx.changes.add(a_change(a_plan(starts=MONDAY_NOON), id="d", number=0))
        window = (MONDAY_NOON - HOUR, MONDAY_NOON + 2 * HOUR)
        mark = ChartMark(at=MONDAY_NOON, until=MONDAY_NOON + HOUR, kind=MarkKind.CHANGE, label="CH1")
        assert marks_of(tx, "payment", *window)[0] == mark
        assert [one.label for one in marks_of(tx, "payment", *window)] == ["CH1", "CH3"]
        assert [one.label for one in marks_of(tx, None, *window)] == ["CH1", "CH2", "CH3"]

    await store.transaction("marks", body)
