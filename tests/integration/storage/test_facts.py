"""Facts of the installation, on both databases."""

from __future__ import annotations

from bot.ports.store import Transaction
from storage.open import OpenStore


async def test_a_fact_is_swapped_only_where_it_still_is_what_it_was(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        assert not tx.facts.swap("name", "never written", "a")
        assert tx.facts.swap("name", None, "a")
        assert not tx.facts.swap("name", None, "b")
        assert not tx.facts.swap("name", "b", "c")
        assert tx.facts.swap("name", "a", "b")
        assert tx.facts.get("name") == "b"

    await store.transaction("facts", body)
