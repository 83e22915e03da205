from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.actor import Actor
from bot.domain.item import Item
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW

ITEM = Item(number=0, incident="one", text="rotate the keys", added_by=ANA, added_at=NOW)


async def test_what_is_saved_is_read_again_as_it_was(store: OpenStore) -> None:
    def body(tx: Transaction) -> tuple[Item, Item | None, Item | None]:
        added = tx.items.add(replace(ITEM, owner=ANA, due=date(2026, 4, 1)))
        first = tx.items.one(added.number)
        tx.items.save(added.drop("switched off"))
        return added, first, tx.items.one(added.number)

    added, first, dropped = await store.transaction("save", body)
    assert first == added
    assert dropped == added.drop("switched off")


async def test_what_is_open_is_listed_by_its_day_and_those_without_come_last(store: OpenStore) -> None:
    def body(tx: Transaction) -> tuple[list[str], list[str]]:
        for text, due in (("none", None), ("later", date(2026, 5, 1)), ("soon", date(2026, 4, 1))):
            tx.items.add(replace(ITEM, text=text, due=due))
        tx.items.save(tx.items.add(replace(ITEM, text="done", incident="two")).finish())
        return [one.text for one in tx.items.open()], [one.text for one in tx.items.of("one")]

    open_ones, of_one = await store.transaction("list", body)
    assert open_ones == ["soon", "later", "none"]
    assert of_one == ["none", "later", "soon"]


async def test_somebodys_open_items_are_theirs_alone(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for text, owner, due in (
            ("none", ANA, None),
            ("soon", ANA, date(2026, 4, 1)),
            ("another's", Actor(id="U2", name="Ben"), None),
            ("nobody's", None, None),
        ):
            tx.items.add(replace(ITEM, text=text, owner=owner, due=due))
        tx.items.save(tx.items.add(replace(ITEM, text="done", owner=ANA)).finish())
        return [one.text for one in tx.items.open_of(ANA.id)]

    assert await store.transaction("list", body) == ["soon", "none"]


async def test_a_number_that_no_item_has_is_nothing(store: OpenStore) -> None:
    numbers = (0, 7, 2**31, 10**12)
    found = await store.read(lambda tx: [tx.items.one(number) for number in numbers])
    assert found == [None] * len(numbers)
