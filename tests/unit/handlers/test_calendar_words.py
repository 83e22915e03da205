"""`/change calendar`, `freeze`, `unfreeze`: what each line means, and what is said of what means nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.span import SpanKind
from bot.domain.errors import DomainError
from handlers.change_grammar import parse_change
from handlers.lines import Command
from handlers.words.change_calendar import WORDS, AddSpan, RemoveSpan, ShowCalendar

TYPES = {"standard": "Standard Change", "major": "Major Change", "emergency": "Emergency Change"}
SERVICES = {"api-gateway": "API Gateway", "payment": "Payment Service", "payout": "Payouts"}
FREEZE, WINDOW = SpanKind.FREEZE, SpanKind.WINDOW


def read(text: str) -> Command:
    return parse_change(text, types=TYPES, services=SERVICES)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("calendar", ShowCalendar()),
        ("calendar show", ShowCalendar()),
        ("calendar platform", ShowCalendar()),
        ("calendar 2026-12", ShowCalendar(month=(2026, 12))),
        ("calendar api gateway", ShowCalendar(service="api-gateway")),
        ("calendar paym", ShowCalendar(service="payment")),
        ("calendar payment 2026-1", ShowCalendar(service="payment", month=(2026, 1))),
        ("calendar 2026-01 payment", ShowCalendar(service="payment", month=(2026, 1))),
        ("calendar add", AddSpan(kind=WINDOW)),
        ("calendar add major", AddSpan(kind=WINDOW, change_kind="major")),
        ("calendar add sat 22:00 for 4h DB", AddSpan(kind=WINDOW, said="sat 22:00 for 4h DB")),
        (
            "calendar add payment major sat 22:00 for 4h DB",
            AddSpan(kind=WINDOW, said="sat 22:00 for 4h DB", change_kind="major", service="payment"),
        ),
        ("calendar add platform 22:00-23:00", AddSpan(kind=WINDOW, said="22:00-23:00")),
        ("calendar freeze for 2h x", AddSpan(kind=FREEZE, said="for 2h x")),
        ("freeze", AddSpan(kind=FREEZE)),
        ("freeze payment", AddSpan(kind=FREEZE, service="payment")),
        (
            "Freeze Payment Service until fri 18:00 sale",
            AddSpan(kind=FREEZE, said="until fri 18:00 sale", service="payment"),
        ),
        (
            "freeze from tomorrow 08:00 to mon 08:00 x",
            AddSpan(kind=FREEZE, said="from tomorrow 08:00 to mon 08:00 x"),
        ),
        ("unfreeze", RemoveSpan(kind=FREEZE)),
        ("unfreeze F4", RemoveSpan(kind=FREEZE, number=4, said=FREEZE)),
        ("unfreeze #4", RemoveSpan(kind=FREEZE, number=4)),
        ("calendar unfreeze f4", RemoveSpan(kind=FREEZE, number=4, said=FREEZE)),
        ("calendar remove", RemoveSpan(kind=WINDOW)),
        ("calendar remove w3", RemoveSpan(kind=WINDOW, number=3, said=WINDOW)),
        ("calendar remove F4", RemoveSpan(kind=WINDOW, number=4, said=FREEZE)),
    ],
)
def test_a_line_means(text: str, command: Command) -> None:
    assert read(text) == command
    assert read(command.line) == command, "its line asks for the same"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("calendar add majr 22:00 for 2h x", "There is no type of change “majr”. Did you mean `major`"),
        ("calendar add major paymnt 22:00 for 2h", "There is no service “paymnt”. Did you mean `payment`"),
        ("freeze paymnt until 18:00 x", "There is no service “paymnt”. Did you mean `payment`"),
        ("freeze the world", "Begin with when: `2026-12-05 22:00 for 4h`"),
        ("calendar ad 22:00", "Did you mean `calendar add`"),
        ("calendar 2026-13", "`2026-13` is no month that there is. `calendar 2026-12` shows one"),
        ("calendar payment 2026-0", "`2026-0` is no month"),
        ("calendar 2026-12-05", "`2026-12-05` is no month"),
        ("calendar pay", "which one"),
        ("unfreeze everything", "“everything” names nothing on the calendar. `unfreeze F4`"),
        ("calendar remove CH12", "“CH12” names nothing on the calendar. `calendar remove W3`"),
        ("unfreeze F99999999999", "too big"),
    ],
)
def test_a_line_that_means_nothing_is_told_what_is_right(text: str, why: str) -> None:
    with pytest.raises(DomainError, match=why.replace("?", "\\?")):
        read(text)


@given(word=st.sampled_from(sorted(WORDS)), rest=st.text(max_size=60))
def test_whatever_follows_a_word_is_read_or_refused(word: str, rest: str) -> None:
    with suppress(DomainError):
        command = read(f"{word} {rest}")
        assert read(command.line) == command
