from __future__ import annotations

import pytest

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from handlers.grammar import parse
from handlers.lines import Command
from handlers.words.items import AddItem, ChangeItem, ItemVerb, ListItems

LEE = Actor(id="U0LEE0001", name="lee")
AT_LEE = "<@U0LEE0001|lee>"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("item 42 add rotate the keys", AddItem(number=42, text="rotate the keys")),
        ("item add rotate the keys", AddItem(text="rotate the keys")),
        (
            f"item 42 add rotate the keys {AT_LEE} by 2026-04-01",
            AddItem(number=42, text="rotate the keys", to=LEE, due="by 2026-04-01"),
        ),
        (
            f"item 42 add rotate the keys, by friday {AT_LEE}",
            AddItem(number=42, text="rotate the keys", to=LEE, due="by friday"),
        ),
        ("item 42 add ask @sales in 2w", AddItem(number=42, text="ask @sales", due="in 2w")),
        (
            f"item 42 add help {AT_LEE} with errors caused by today, too",
            AddItem(number=42, text="help @lee with errors caused by today, too"),
        ),
        ("item 3 done", ChangeItem(item=3, verb=ItemVerb.DONE)),
        ("item #3 DROP switched off", ChangeItem(item=3, verb=ItemVerb.DROP, text="switched off")),
        (f"item 3 to {AT_LEE}", ChangeItem(item=3, verb=ItemVerb.TO, to=LEE)),
        ("item 3 by friday", ChangeItem(item=3, verb=ItemVerb.DUE, text="by friday")),
        ("item 3 in 2 weeks", ChangeItem(item=3, verb=ItemVerb.DUE, text="in 2 weeks")),
        ("items", ListItems()),
        ("items 42", ListItems(number=42)),
    ],
)
def test_a_line_is_read_and_its_own_line_says_the_same(text: str, command: Command) -> None:
    assert parse(text, ()) == command
    assert parse(command.line, ()) == command


@pytest.mark.parametrize(
    "text", ["item", "item 3", "item done", "item 3 done now", "item 3 to", "item 3 by soon"]
)
def test_what_is_not_understood_is_answered_with_examples(text: str) -> None:
    with pytest.raises(InvalidError, match="item 3 done"):
        parse(text, ())
