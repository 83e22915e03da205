"""Which runbook is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.runbooks.search import Match, named, nearest_books, ranked
from tests.support.builders import a_guide

GUIDE = a_guide()


def found(words: str, texts: dict[str, str] | None = None) -> list[tuple[str, Match]]:
    return [(one.runbook.key, one.match) for one in ranked(GUIDE, words, texts)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("payment-operations", ("payment-operations", Match.NAME)),
        ("PAYMENT_operations.md", ("payment-operations", Match.NAME)),
        ("Security Incident Response", ("security-incidents", Match.NAME)),
        ("pay", ("payment-operations", Match.BEGINS)),
        ("incident response", ("incident-response", Match.NAME)),
        ("recovery", ("disaster-recovery", Match.TITLE)),
        ("response security", ("security-incidents", Match.TITLE)),
    ],
)
def test_the_best_reason_comes_first(words: str, first: tuple[str, Match]) -> None:
    assert found(words)[0] == first


def test_a_service_leads_to_its_runbook_by_key_and_title() -> None:
    guide = replace(
        GUIDE, services={"shop": replace(GUIDE.services["payment"], key="shop", title="Web Shop")}
    )
    assert [(one.runbook.key, one.match) for one in ranked(guide, "web")] == [
        ("payment-operations", Match.SERVICE)
    ]


def test_the_runbook_that_stands_in_is_nobodys() -> None:
    assert GUIDE.services["content"].runbook == GUIDE.defaults.runbook
    assert found("content") == []


def test_tags_go_before_titles_and_titles_before_texts() -> None:
    tagged = replace(GUIDE.runbooks["monitoring-operations"], tags=("Database alerts",))
    guide = replace(GUIDE, runbooks={**GUIDE.runbooks, tagged.key: tagged})
    texts = {"incident-response": "Is the database there?"}
    assert [(one.runbook.key, one.match) for one in ranked(guide, "database", texts)] == [
        ("database-operations", Match.BEGINS),
        ("monitoring-operations", Match.TAG),
        ("incident-response", Match.TEXT),
    ]


def test_equals_keep_the_guides_order_and_every_word_must_be_held() -> None:
    texts = dict.fromkeys(GUIDE.runbooks, "one two")
    assert [key for key, _ in found("two one", texts)] == list(GUIDE.runbooks)
    assert found("two three", texts) == []
    assert found("  ", texts) == []


def test_what_is_called_so_exactly_and_what_is_called_most_like_it() -> None:
    assert named(GUIDE, "disaster recovery") == GUIDE.runbooks["disaster-recovery"]
    assert named(GUIDE, "disaster") is None
    assert nearest_books(GUIDE, "kubernets ops")[0].key == "kubernetes-operations"
