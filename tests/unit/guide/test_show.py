from __future__ import annotations

import io
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change_policy import Webhook, Window
from bot.guide.commands import show_command
from bot.guide.layout import WIDTH, section
from bot.guide.load import load_guide
from bot.guide.show import tables


def test_the_guide_fits_a_terminal_of_a_hundred_columns() -> None:
    assert max(map(len, tables(load_guide(None)).splitlines())) <= WIDTH


@pytest.mark.parametrize(
    "line",
    [
        "P3 Low       next business day  team backlog                no            No customer is hindered;",
        "Platform          99.9%         < 500 ms  < 0.1%      30 d",
        "Payment Service   99.99%        < 500 ms  -           30 d",
        "standard   Standard Change   Tuesday 14:00-16:00, Thursday 14:00-16:00  1",
        "emergency  Emergency Change  anytime, with approval                     1",
        "business hours   Mon, Tue, Wed, Thu, Fri 09:00-17:00",
    ],
)
def test_a_fact_stands_in_its_table(line: str) -> None:
    assert line in tables(load_guide(None)).splitlines()


def test_what_holds_for_changes_is_told() -> None:
    guide = load_guide(None)
    late = Window(weekday=4, opens=time(22), closes=time(2))
    standard = replace(guide.changes.types["standard"], windows=(late,))
    hook = Webhook(key="deployer", url="https://deploy.example.com/rollback")
    changes = replace(
        guide.changes, types={"standard": standard}, webhooks={"deployer": hook}, on_holidays=True
    )
    payment = replace(guide.services["payment"], rollback="deployer")
    told = tables(replace(guide, changes=changes, services={**guide.services, "payment": payment}))
    for line in (
        "standard  Standard Change  Friday 22:00-02:00 on the next day  1",
        "approvals count                 for 7 d",
        "what breaks points at a change  until 30 min after its end",
        "weekly windows on holidays      open",
        "deployer  https://deploy.example.com/rollback  payment",
    ):
        assert line in told.splitlines()


def test_every_key_can_be_copied_whole() -> None:
    guide, words = load_guide(None), set(tables(load_guide(None)).split())
    for keyed in (
        guide.tiers,
        guide.services,
        guide.checklists,
        guide.runbooks,
        guide.dashboards,
        guide.teams,
    ):
        assert keyed.keys() <= words


def test_the_show_command_writes_the_tables() -> None:
    out = io.StringIO()
    assert show_command(None, out) == 0
    assert out.getvalue() == tables(load_guide(None))


def test_a_table_without_rows_says_so() -> None:
    assert (
        section("Vendors", ("vendor", "title"), []) == "== Vendors\nvendor  title\n------  -----\n-       -\n"
    )


@given(st.lists(st.tuples(st.text(), st.text(), st.text(max_size=300)), max_size=5))
def test_any_table_keeps_within_the_width(rows: list[tuple[str, str, str]]) -> None:
    table = section("Any", ("a", "b", "c"), rows)
    assert max(len(line) for line in table.split("\n")) <= WIDTH


def test_the_deadlines_of_post_mortems_are_shown() -> None:
    assert "P0 in 3 business days, P1 in 5 business days" in tables(load_guide(None))
