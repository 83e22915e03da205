from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.postmortem import Duty
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW

DUTY = Duty(incident="one", epoch=2, owner=ANA, asked_at=NOW, due=NOW + timedelta(days=3))


async def test_what_is_saved_is_read_again_as_it_was(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[Duty | None]:
        read: list[Duty | None] = [tx.duties.of("one")]
        for duty in (DUTY, replace(DUTY, owner=None), DUTY.finish("https://a.example/1"), DUTY.waive("why")):
            tx.duties.save(duty)
            read.append(tx.duties.of("one"))
        return read

    assert await store.transaction("save", body) == [
        None,
        DUTY,
        replace(DUTY, owner=None),
        DUTY.finish("https://a.example/1"),
        DUTY.waive("why"),
    ]


async def test_only_what_is_owed_is_listed_the_earliest_deadline_first(store: OpenStore) -> None:
    later = replace(DUTY, incident="two", due=DUTY.due + timedelta(days=1))

    def body(tx: Transaction) -> tuple[Duty, ...]:
        for duty in (later, DUTY, replace(DUTY, incident="three").lapse()):
            tx.duties.save(duty)
        return tx.duties.open()

    assert await store.transaction("list", body) == (DUTY, later)
