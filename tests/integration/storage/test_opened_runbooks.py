"""Runbooks that are worked through, as rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.runbooks.markdown import Step
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from storage.open import OpenStore
from tests.support.clock import MONDAY_NOON

ANA, KIM = Actor(id="U0ANA0001", name="Ana"), Actor(id="U0KIM0001", name="Kim")
BOOK = OpenedRunbook(
    id="i/payment",
    incident="i",
    runbook="payment",
    title="Payment",
    url=None,
    opened_by=ANA,
    opened_at=MONDAY_NOON,
    steps=(
        OpenStep(step=Step(position=1, text="Look\n• here", code="a\n  b", section="First")),
        OpenStep(step=Step(position=2, text="Mend")),
    ),
    left=3,
)


async def test_what_is_written_is_read_again(store: OpenStore) -> None:
    await store.transaction("add", lambda tx: tx.opened_runbooks.add(BOOK))
    assert await store.read(lambda tx: tx.opened_runbooks.one(BOOK.id)) == BOOK
    assert await store.read(lambda tx: tx.opened_runbooks.of("i")) == (BOOK,)
    assert await store.read(lambda tx: tx.opened_runbooks.of("other")) == ()
    assert await store.read(lambda tx: tx.opened_runbooks.one("other")) is None


async def test_steps_are_marked_and_its_message_moves(store: OpenStore) -> None:
    await store.transaction("add", lambda tx: tx.opened_runbooks.add(BOOK))
    changed, step = BOOK.check(2, KIM, MONDAY_NOON + timedelta(minutes=5), UTC)
    at = MessageRef(channel="C1", ts="1.2")
    await store.transaction("mark", lambda tx: tx.opened_runbooks.mark(BOOK.id, step))
    await store.transaction("stand", lambda tx: tx.opened_runbooks.stand(BOOK.id, at))
    assert await store.read(lambda tx: tx.opened_runbooks.one(BOOK.id)) == replace(changed, at=at)
    reopened, step = changed.reopen(2)
    await store.transaction("mark", lambda tx: tx.opened_runbooks.mark(BOOK.id, step))
    await store.transaction("stand", lambda tx: tx.opened_runbooks.stand(BOOK.id, None))
    assert await store.read(lambda tx: tx.opened_runbooks.one(BOOK.id)) == reopened == BOOK


async def test_a_runbook_is_opened_once_an_incident(store: OpenStore) -> None:
    await store.transaction("add", lambda tx: tx.opened_runbooks.add(BOOK))
    with pytest.raises(IntegrityError):
        await store.transaction("add", lambda tx: tx.opened_runbooks.add(replace(BOOK, id="other")))
    await store.transaction("add", lambda tx: tx.opened_runbooks.add(replace(BOOK, id="j", incident="j")))
