from __future__ import annotations

from datetime import timedelta

from bot.ports.rows.checklists import Home
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.support.clock import MONDAY_NOON

HOUR = timedelta(hours=1)


async def test_a_home_is_shown_anew_when_it_is_opened_again(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        assert tx.homes.one("U1") is None
        tx.homes.opened("U1", MONDAY_NOON)
        assert tx.homes.one("U1") == Home(user="U1", opened_at=MONDAY_NOON)
        tx.homes.shown("U1", "digest")
        assert tx.homes.one("U1") == Home(user="U1", opened_at=MONDAY_NOON, shown="digest")
        tx.homes.opened("U1", MONDAY_NOON + HOUR)
        assert tx.homes.one("U1") == Home(user="U1", opened_at=MONDAY_NOON + HOUR)
        tx.homes.gone("U1")
        assert tx.homes.one("U1") is None

    await store.transaction("open", body)


async def test_what_is_shown_to_somebody_whose_home_is_forgotten_is_kept_nowhere(store: OpenStore) -> None:
    def body(tx: Transaction) -> Home | None:
        tx.homes.shown("U1", "digest")
        return tx.homes.one("U1")

    assert await store.transaction("show", body) is None


async def test_those_who_opened_theirs_lately_are_listed_and_the_others_forgotten(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[list[str]]:
        for user, hours in (("old", 0), ("edge", 1), ("new", 2)):
            tx.homes.opened(user, MONDAY_NOON + hours * HOUR)
        late = [home.user for home in tx.homes.opened_since(MONDAY_NOON + HOUR)]
        assert tx.homes.forget(MONDAY_NOON + HOUR) == 1
        return [late, [home.user for home in tx.homes.opened_since(MONDAY_NOON)]]

    assert await store.transaction("list", body) == [["new", "edge"], ["new", "edge"]]
