"""Runbooks as they are read and worked through, within Slack's limits whatever they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidError
from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import MOST_STEPS, Page, Step, read_page
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from bot.domain.runbooks.search import Found, Match
from bot.sandbox.slack.messages import Content
from bot.views.blocks import Message
from bot.views.runbooks.buttons import Pressed, decode, encode
from bot.views.runbooks.code import code_block
from bot.views.runbooks.help import runbook_help
from bot.views.runbooks.listing import not_found, runbook_list, search_result
from bot.views.runbooks.page import page_message
from bot.views.runbooks.worked import worked_runbook
from tests.support.builders import a_guide
from tests.support.cards import ANA, KIM, an_incident
from tests.support.clock import MONDAY_NOON
from tests.support.people import readable
from tests.support.slack_limits import check_message, tokens

BOOK = Runbook(key="pay", title="Payment", file="pay.md", section="Services", url="https://a.example/pay.md")
LONG = "x" * 2000


def words(shown: Message) -> str:
    check_message(shown.to_json())
    return readable(Content(text=shown.text, blocks=list(shown.blocks)))


def opened(page: Page, done: int = 0) -> OpenedRunbook:
    return OpenedRunbook(
        id=f"{'a' * 32}/pay",
        incident="a" * 32,
        runbook="pay",
        title=BOOK.title,
        url=BOOK.url,
        opened_by=ANA,
        opened_at=MONDAY_NOON,
        steps=tuple(
            OpenStep(step=step, done_by=KIM, done_at=MONDAY_NOON + timedelta(minutes=5))
            if step.position <= done
            else OpenStep(step=step)
            for step in page.steps
        ),
        left=page.left,
    )


def test_a_runbook_with_the_most_and_longest_steps_fits_whole_with_every_button() -> None:
    steps = tuple(
        Step(position=number, text=LONG[:800], code=LONG[:1500], section=f"Section {number}")
        for number in range(1, MOST_STEPS + 1)
    )
    page = Page(title="Payment", intro=LONG[:600], steps=steps, left=7)
    shown = worked_runbook(opened(page), an_incident(), zone=UTC)
    said = words(shown)
    assert sum("accessory" in block for block in shown.blocks) == MOST_STEPS
    assert "not shown" not in said
    assert "7 more steps in the document" in said
    assert "(its code is in the document)" in said
    assert f"{MOST_STEPS}. " in words(page_message(BOOK, page))


def test_what_is_done_says_by_whom_and_the_next_one_is_marked() -> None:
    page = read_page("## A\n1. one\n2. two\n   ```\n   b\n   ```\n## C\n3. three")
    shown = worked_runbook(opened(page, done=1), an_incident(), zone=UTC)
    said = words(shown)
    assert "✅ 1. one · Kim" in said
    assert "1 of 3 steps done" in shown.text
    buttons = [block["accessory"] for block in shown.blocks if "accessory" in block]
    assert [(one["text"]["text"], one.get("style")) for one in buttons] == [
        ("Reopen", None),
        ("Done", "primary"),
        ("Done", None),
    ]
    assert [decode(one["value"]).position for one in buttons] == [1, 2, 3]


def test_a_section_stays_above_its_first_step_once_that_is_done() -> None:
    page = read_page("## Before\n1. one\n2. two\n## After\n3. three")
    shown = worked_runbook(opened(page, done=1), an_incident(), zone=UTC)
    steps = [block["text"]["text"] for block in shown.blocks if "accessory" in block]
    assert steps[0].startswith("*Before*\n✅ 1. one")
    assert steps[1].startswith("2. two")
    assert steps[2].startswith("*After*\n3. three")


def test_outsiders_read_neither_title_nor_steps() -> None:
    shown = worked_runbook(opened(read_page("1. one")), an_incident(security=True), redacted=True, zone=UTC)
    assert "one" not in words(shown).replace("own", "")
    assert "Payment" not in words(shown)
    assert not [block for block in shown.blocks if "accessory" in block]


def test_why_it_cannot_be_read_and_how_old_it_is_are_said() -> None:
    assert "It cannot be read: gone." in words(page_message(BOOK, None, why="gone."))
    aged = words(page_message(BOOK, read_page("1. a"), age=timedelta(minutes=20)))
    assert "read 20 min ago: it cannot be read anew" in aged
    assert "It has no steps" in words(page_message(BOOK, read_page("Just words.")))


def test_lists_are_by_section_and_say_what_to_set() -> None:
    said = words(runbook_list(a_guide().runbooks.values(), is_there=False))
    assert said.index("*Service-Specific Operations*") < said.index("*Emergency Procedures*")
    assert "set `runbooks.base` or `runbooks.folder`" in said
    words(runbook_help())


def test_a_button_that_is_none_of_ours_is_refused() -> None:
    pressed = Pressed(opened="a|b/c", position=12)
    assert decode(encode(pressed)) == pressed
    for value in ("", "x|a", "1|", "12345|a", "²|a"):
        with pytest.raises(InvalidError):
            decode(value)


def test_code_keeps_its_lines_and_cannot_end_its_block() -> None:
    assert code_block("a\n  b `c` <d> & e", 100) == "```\na\n  b `c` &lt;d&gt; &amp; e\n```"
    assert "```" not in code_block("x ``` y", 100)[3:-3]
    assert code_block("abc", 2) == "```\nab\n…\n```"


TEXTS = st.text(max_size=3000)


@given(TEXTS, st.integers(0, 5))
def test_any_markdown_is_a_message_that_does_nothing(text: str, done: int) -> None:
    page = read_page(f"1. {text}\n```\n{text}\n```\n2. {text}")
    book = replace(BOOK, title=page.steps[0].title, url=None)
    for shown in (
        page_message(book, page, others=[BOOK, book]),
        worked_runbook(opened(page, done), an_incident(), zone=UTC),
    ):
        check_message(shown.to_json())
        assert all(token.startswith(("!date^", "https://a.example/")) for token in tokens(shown.to_json()))


@given(TEXTS)
def test_any_words_may_be_searched_for(text: str) -> None:
    book = replace(BOOK, title=text or "x", tags=(text,))
    found = [Found(runbook=book, match=match) for match in Match]
    check_message(search_result(text, found, [book], is_there=True).to_json())
    check_message(search_result(text, [], [], is_there=False).to_json())
    check_message(not_found(text, [book]).to_json())
    check_message(runbook_list([book] * 60, is_there=True).to_json())
