"""`/slo`: what each line means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidError
from bot.domain.slo.objective import promises
from bot.views.slo.help import SLO_HELP_EXAMPLES
from handlers.lines import Command
from handlers.slo_grammar import WORDS, parse_slo
from handlers.words.slo import (
    MONTH,
    WEEK,
    AskGate,
    ListSlos,
    ShowQueries,
    ShowSlo,
    SloHelp,
    UnknownService,
)
from tests.support.builders import a_guide

PROMISES = promises(a_guide())


def read(text: str) -> Command:
    return parse_slo(text, PROMISES)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListSlos()),
        ("  ", ListSlos()),
        ("list", ListSlos()),
        ("ALL", ListSlos()),
        ("payment", ShowSlo(key="payment")),
        ("Payment Service", ShowSlo(key="payment")),
        ("pay", ShowSlo(key="payment")),
        ("api", ShowSlo(key="api-gateway")),
        ("service:payment", ShowSlo(key="payment")),
        ("payment 7d", ShowSlo(key="payment", window=WEEK)),
        ("payment 7 days", ShowSlo(key="payment", window=WEEK)),
        ("payment 1w", ShowSlo(key="payment", window=WEEK)),
        ("30d API Gateway", ShowSlo(key="api-gateway", window=MONTH)),
        ("list payment 720h", ShowSlo(key="payment", window=MONTH)),
        ("platform", ShowSlo(key="platform")),
        ("platform 7d", ShowSlo(key="platform", window=WEEK)),
        ("gate payment", AskGate(key="payment")),
        ("GATE Payment Service", AskGate(key="payment")),
        ("gate platform", AskGate(key="platform")),
        ("queries payment", ShowQueries(key="payment")),
        ("queries payment 7d", ShowQueries(key="payment", window=WEEK)),
        ("help", SloHelp()),
    ],
)
def test_what_a_line_means(text: str, command: Command) -> None:
    assert read(text) == command
    assert read(command.line) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("7d", "Of which service?"),
        ("gate", "May which service be changed?"),
        ("queries", "The queries of which service?"),
        ("payment 14d", "over one of these windows: `7d`, `30d`"),
        ("payment 5m", "over one of these windows"),
        ("payment 7d 30d", "One window at a time"),
        ("payment 7", "“7” is no window"),
        ("gate payment 7d", "by the guide's own window"),
    ],
)
def test_what_is_refused_says_what_is_right(text: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says.replace("?", r"\?")):
        read(text)


def test_the_guides_own_window_may_be_asked_for() -> None:
    fortnight, payment = timedelta(days=14), PROMISES["payment"]
    assert payment.slo is not None
    known = {**PROMISES, "payment": replace(payment, slo=replace(payment.slo, window=fortnight))}
    assert parse_slo("payment 14d", known) == ShowSlo(key="payment", window=fortnight)


def test_three_names_are_offered_for_one_that_is_unknown_the_nearest_first() -> None:
    command = read("paymnet")
    assert isinstance(command, UnknownService)
    assert (command.name, command.nearest[0], len(command.nearest)) == ("paymnet", "payment", 3)


def test_where_a_name_begins_several_those_are_offered() -> None:
    known = {**PROMISES, "payout": replace(PROMISES["payment"], key="payout", title="Payouts")}
    command = parse_slo("pay", known)
    assert isinstance(command, UnknownService)
    assert set(command.nearest) == {"payment", "payout"}


def test_the_help_shows_lines_that_mean_what_it_says() -> None:
    kinds = [type(read(example)) for example, _ in SLO_HELP_EXAMPLES]
    assert kinds == [ListSlos, ShowSlo, ShowSlo, ShowSlo, AskGate, ShowQueries]
    assert not any(word in PROMISES for word in WORDS), "a service is hidden by a word"


@given(st.text(max_size=200))
def test_any_line_means_something_or_is_refused_in_words(text: str) -> None:
    try:
        command = read(text)
    except InvalidError:
        return
    if isinstance(command, ShowSlo | AskGate | ShowQueries):
        assert command.key in PROMISES
    if isinstance(command, UnknownService):
        assert set(command.nearest) <= set(PROMISES)
        assert len(command.name) <= 60
