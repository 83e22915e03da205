"""What a runbook's Markdown says, step by step; and any text at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.runbooks.markdown import (
    INTRO_TEXT,
    MOST_STEPS,
    SIZE_LIMIT,
    STEP_CODE,
    STEP_TEXT,
    Page,
    inline,
    read_page,
)


def steps(text: str) -> list[tuple[str, str | None]]:
    return [(step.text, step.code) for step in read_page(text).steps]


def test_the_first_heading_is_the_title_and_others_are_sections() -> None:
    page = read_page("# Pay\n\nSay so.\nNow.\n\n## Look ##\n1. One\n### Deeper\n2. Two\n# Late\n3. Three")
    assert (page.title, page.intro) == ("Pay", "Say so. Now.")
    assert [step.section for step in page.steps] == ["Look", "Deeper", "Late"]
    assert [step.position for step in page.steps] == [1, 2, 3]


def test_items_of_numbered_and_of_task_lists_are_steps_and_bullets_are_not() -> None:
    text = "1. one\n2) two\n- [ ] three\n* [x] four\n- no step\n+ neither\n"
    assert steps(text) == [("one", None), ("two", None), ("three", None), ("four", None)]


def test_what_is_indented_belongs_to_its_step() -> None:
    text = "1. Look\n   closely\n   - a\n   2. b\n   - [ ] c\n\n   And so on.\n\nNo more.\n2. Mend\n"
    assert steps(text) == [("Look closely\n• a\n• b\n• c\nAnd so on.", None), ("Mend", None)]


def test_code_stays_with_its_step_and_keeps_its_lines() -> None:
    text = "1. Do\n   ```bash\n   a\n     b `c`\n   ```\n2. Then\n~~~\nd\n```\n~~~\n"
    assert steps(f"{text}\nProse.\n\n```\nnobody's\n```\n") == [("Do", "a\n  b `c`"), ("Then", "d\n```")]


def test_a_heading_or_a_rule_ends_a_step() -> None:
    assert steps("1. a\n# b\n```\nc\n```\n2. d\n---\n```\ne\n```") == [("a", None), ("d", None)]


def test_without_lists_numbered_headings_are_steps_with_all_that_is_below_them() -> None:
    text = "# Pay\n\n## Step 1: Look\n\nCarefully.\n\n- here\n```\na\n```\n## 2. Mend\n## Notes\nNothing.\n"
    assert steps(text) == [("Look\nCarefully.\n• here", "a"), ("Mend", None)]
    assert steps("## 1. Look\n1. one\n## 2. Mend\n2. two") == [("one", None), ("two", None)]


def test_front_matter_and_comments_say_nothing() -> None:
    page = read_page("---\ntitle: x\n---\n<!-- 1. no\n2. no -->\n# Here\n<!-- no -->\n1. yes")
    assert (page.title, page.intro, [step.text for step in page.steps]) == ("Here", "", ["yes"])


def test_what_formats_is_taken_away_and_links_say_where_they_lead() -> None:
    assert inline("**Bold** and *so* __on__, `*code*`") == "Bold and so on, `*code*`"
    assert (
        inline('[the board](https://x.y/z "t") ![a picture](p.png)') == "the board (https://x.y/z) a picture"
    )
    assert inline("[click](javascript:alert) [up](#top) <https://a.b>") == "click up https://a.b"
    assert inline("2 * 3 * 4, a_b_c, \\*kept\\*") == "2 * 3 * 4, a_b_c, *kept*"


def test_a_code_block_that_never_ends_and_a_list_that_never_stops_are_bounded() -> None:
    page = read_page("1. a\n```\n" + "x\n" * 10_000)
    assert len(page.steps[0].code or "") <= STEP_CODE
    page = read_page("".join(f"{number}. step\n" for number in range(1000)))
    assert (len(page.steps), page.left) == (MOST_STEPS, 1000 - MOST_STEPS)


def test_control_and_bidirectional_characters_are_gone() -> None:
    page = read_page("1. a\u202eb\x07\n   ```\n   c\u202ed\x1b[31m\te\n   ```")
    assert [(step.text, step.code) for step in page.steps] == [("ab", "cd[31m e")] or page.steps[0].code


PIECES = st.sampled_from(
    [
        *("# ", "## ", "1. ", "2) ", "- [ ] ", "* ", "   ", "```", "~~~\n", "\n", "\n\n", "`", "**", "["),
        *(
            "](",
            ")",
            "<!--",
            "-->",
            "---\n",
            "word ",
            "<!channel>",
            "&",
            "\t",
            "\u202e",
            "\\",
            "!",
            "🙂",
            "_",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=2000), st.lists(PIECES, max_size=200).map("".join))


def is_bounded(page: Page) -> bool:
    return (
        len(page.steps) <= MOST_STEPS
        and len(page.intro) <= INTRO_TEXT
        and all(0 < len(one.text) <= STEP_TEXT and len(one.code or "") <= STEP_CODE for one in page.steps)
        and [one.position for one in page.steps] == list(range(1, len(page.steps) + 1))
    )


@given(TEXTS)
def test_any_text_is_a_page_within_bounds(text: str) -> None:
    page = read_page(text)
    assert is_bounded(page)
    for step in page.steps:
        assert all(one.isprintable() or one == "\u200d" for one in step.text.replace("\n", ""))
        assert all(one.isprintable() for one in (step.code or "").replace("\n", ""))


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), max_size=30))
def test_steps_come_out_in_the_order_in_which_they_were_written(words: list[str]) -> None:
    text = "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1))
    assert [step.text for step in read_page(text).steps] == words


@given(st.sampled_from(["[", "](", "`", "*", "**a", "<!--", "1. ", "![", "> ", "- ", " ", "<http://"]))
def test_the_largest_hostile_text_is_read_in_time(piece: str) -> None:
    assert is_bounded(read_page(piece * (SIZE_LIMIT // len(piece))))
    lines = f"{piece * 20}\n"
    assert is_bounded(read_page(lines * (SIZE_LIMIT // len(lines))))
