from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.views.blocks import context, message, plain_section, section
from bot.views.markup import Markup, cut, inert, joined, length, link, moment, plain_moment, shortened
from tests.support.slack_limits import check_message

AT = datetime(2026, 3, 10, 7, 2, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!channel> & co", "&lt;!channel&gt; &amp; co"),
        ("*now*", "\u2217now\u2217"),
        ("`rm`", "\u02cbrm\u02cb"),
        ("~no~", "\u223cno\u223c"),
        ("_so_ db_host", "\u02cdso\u02cd db_host"),
        (":fire: at 10:30:45", "\u2236fire: at 10:30:45"),
        ("> said", "\u203a said"),
        ("a > b", "a &gt; b"),
        ("two\nlines", "two lines"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "–"),  # noqa: RUF001 - what is shown
    ],
)
def test_text_from_outside_reads_the_same_and_does_nothing(text: str, expected: str) -> None:
    assert inert(text) == expected


def test_an_instant_is_shown_in_the_readers_zone_and_else_by_name() -> None:
    shown = moment(AT, NEW_YORK)
    assert shown == f"<!date^{int(AT.timestamp())}^{{date_short_pretty}} at {{time}}|2026-03-10 03:02 EDT>"


def test_an_instant_of_the_same_day_is_only_a_time() -> None:
    assert plain_moment(AT, NEW_YORK, day=AT + timedelta(hours=1)) == "03:02 EDT"
    assert "{date" not in moment(AT, NEW_YORK, day=AT)


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
    assert plain_moment(late, NEW_YORK, day=AT) == "23:00 EDT"
    assert plain_moment(late, UTC, day=AT) == "2026-03-11 03:00 UTC"


@pytest.mark.parametrize("limit", range(1, 40))
def test_markup_is_never_cut_within_a_token_or_an_entity(limit: int) -> None:
    text = cut(Markup("a &amp; b <https://example.com|link> c &lt;"), limit)
    assert length(text) <= limit
    assert text.count("<") == text.count(">")
    assert text.count("&") == text.count(";")


@pytest.mark.parametrize("limit", range(12))
def test_emoji_count_double(limit: int) -> None:
    assert length(shortened("🔥a🔥b🔥", limit)) <= limit


def test_what_does_not_fit_in_a_list_is_counted() -> None:
    assert joined([Markup("x" * 10)] * 5, ", ", 40) == f"{'x' * 10}, {'x' * 10}, +3 more"


def test_a_link_holds_nothing_that_ends_it() -> None:
    assert link("https://a.example/x|y>z?a=1&b=2", "T|>") == (
        "<https://a.example/x%7Cy%3Ez?a=1&amp;b=2|T|&gt;>"
    )


def test_a_message_of_too_many_blocks_says_how_many_are_left_out() -> None:
    many = message(Markup("many"), [context(Markup("x"))] * 60)
    check_message(many.to_json())
    assert many.blocks[-1]["elements"][0]["text"] == "11 more not shown"


def test_a_message_of_too_much_text_says_how_much_is_left_out() -> None:
    long = message(Markup("long"), [plain_section("x" * 5000), section(Markup("y" * 5000))] * 4)
    check_message(long.to_json())
    assert long.blocks[-1]["elements"][0]["text"] == "5 more not shown"
