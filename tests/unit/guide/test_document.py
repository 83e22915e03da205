from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guide.document import EVERY, MAX_CHARACTERS, Document, Place, Position, filled, parse
from bot.guide.finding import GuideError


def refusal(text: str) -> str:
    with pytest.raises(GuideError) as caught:
        parse(text, "guide.yaml")
    return str(caught.value)


def test_data_is_plain() -> None:
    document = parse("a: {b: [1, 2.5, true, ~, text, 99.9%, 14:00, 2026-11-24, no]}\n", "guide.yaml")
    assert document.data == {
        "a": {"b": [1, 2.5, True, None, "text", "99.9%", "14:00", "2026-11-24", "no"]},
    }


def test_a_scalar_stands_where_it_begins() -> None:
    document = parse("a:\n  b: text\n", "guide.yaml")
    assert document.position(("a", "b")) == Position(2, 6)
    assert document.position(("a", "b"), of_key=True) == Position(2, 3)


def test_an_item_of_a_list_stands_where_it_begins() -> None:
    assert parse("a:\n  - b\n  - c: 1\n", "guide.yaml").position(("a", 1)) == Position(3, 5)


def test_a_collection_is_pointed_at_by_its_key() -> None:
    assert parse("a: 1\nb:\n  c: 1\n", "guide.yaml").position(("b",)) == Position(2, 1)


def test_what_is_missing_stands_at_the_part_around_it() -> None:
    assert parse("a:\n  b: {}\n", "guide.yaml").position(("a", "b", "c", "d")) == Position(2, 3)


def test_duplicate_keys_are_all_found() -> None:
    document = parse("a: 1\nb: 2\na: 3\nb: 4\n", "guide.yaml")
    assert [str(finding) for finding in document.findings] == [
        'guide.yaml:3:1: error: "a" is already set on line 1',
        'guide.yaml:4:1: error: "b" is already set on line 2',
    ]


def test_a_list_as_key_is_found() -> None:
    [finding] = parse("a:\n  ? [x]\n  : 1\n", "guide.yaml").findings
    assert str(finding) == 'guide.yaml:2:5: error: a key of "a" must be a plain word'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "guide.yaml:1:1: error: a guide is a mapping of sections"),
        ("# only a comment\n", "guide.yaml:1:1: error: a guide is a mapping of sections"),
        ("- a\n", "guide.yaml:1:1: error: a guide is a mapping of sections"),
        ("just text\n", "guide.yaml:1:1: error: a guide is a mapping of sections"),
        ("a:\n\tb: 1\n", "guide.yaml:2:1: error: a tab cannot indent"),
        ("a: b: c\n", "guide.yaml:1:5: error: mapping values are not allowed here"),
        ("a: 'open\n", "guide.yaml:2:1: error: while scanning a quoted scalar"),
        ("a: 1\n---\nb: 2\n", "guide.yaml:2:1: error: expected a single document"),
        ("a: &x 1\n", "guide.yaml:1:4: error: anchors are not read here: leave &x out"),
        ("a: 1\nb: *x\n", "guide.yaml:2:4: error: aliases are not read here"),
        ("a: !!python/name:os.system x\n", "guide.yaml:1:4: error: tags such as"),
        ("a: !mine [1]\n", "guide.yaml:1:4: error: tags such as !mine"),
        ("%YAML 1.1\n---\na: no\n", "guide.yaml:2:1: error: leave the %YAML line out"),
        ("a: 1\nb: \x01\n", "guide.yaml:2:4: error: YAML forbids this character"),
        ("a: " + "[" * 30 + "]" * 30, "guide.yaml:1:23: error: nested more than 20 deep"),
    ],
)
def test_what_a_guide_cannot_be_is_refused_with_its_place(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


def test_an_anchor_bomb_is_refused_before_it_is_built() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert "anchors are not read here" in refusal(bomb)


def test_a_file_that_is_far_too_long_is_refused() -> None:
    assert "longer than" in refusal("a" * (MAX_CHARACTERS + 1))


yaml_like = st.text(alphabet="ab:-[]{},&*!|>'\"%#?@ \n\t0.9~\x00\ufeff", max_size=60)


@given(yaml_like)
def test_any_text_gives_a_document_or_a_refusal_with_a_place(text: str) -> None:
    try:
        assert isinstance(parse(text, "guide.yaml"), Document)
    except GuideError as error:
        assert all(finding.line >= 1 and finding.column >= 1 for finding in error.findings)  # noqa: PT017


def test_what_is_filled_in_leaves_comments_and_layout_alone() -> None:
    text = """\
# About books.
books:
  # base: https://example.com
  shelves: [a, b]  # by letter

maps:
  north:
    url: http://example.com/n
  south:
    url: "http://example.com/s"
mention: {groups: [], people: []}
"""
    values: dict[Place, str | list[str]] = {
        ("books", "base"): "http://127.0.0.1/books",
        ("maps", EVERY, "url"): "http://127.0.0.1/maps/*",
        ("mention", "groups"): ["S1", "S2"],
    }
    after = """\
# About books.
books:
  # base: https://example.com
  base: http://127.0.0.1/books
  shelves: [a, b]  # by letter

maps:
  north:
    url: http://127.0.0.1/maps/north
  south:
    url: "http://127.0.0.1/maps/south"
mention: {groups: [S1, S2], people: []}
"""
    assert filled(text, values) == after
