"""What `/runbook` reads out of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidError
from bot.views.runbooks.help import RUNBOOK_HELP_EXAMPLES
from handlers.lines import Command
from handlers.runbook_grammar import parse_runbook
from handlers.words.runbooks import ListRunbooks, OpenRunbook, RunbookHelp, SearchRunbooks, ShowRunbook


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", OpenRunbook()),
        ("payment", OpenRunbook(words="payment")),
        ("Disaster  Recovery", OpenRunbook(words="Disaster Recovery")),
        ("open payment", OpenRunbook(words="payment")),
        ("SHOW a &amp; b", ShowRunbook(words="a & b")),
        ("search failover replica", SearchRunbooks(words="failover replica")),
        ("find dns", SearchRunbooks(words="dns")),
        ("list", ListRunbooks()),
        ("all", ListRunbooks()),
        ("list of services", OpenRunbook(words="list of services")),
        ("help", RunbookHelp()),
    ],
)
def test_a_line_is_read(line: str, command: Command) -> None:
    assert parse_runbook(line) == command


@pytest.mark.parametrize("line", ["show", "search", "show  ", "find"])
def test_a_word_that_needs_more_says_what(line: str) -> None:
    with pytest.raises(InvalidError, match="`/runbook "):
        parse_runbook(line)


def test_every_example_of_the_help_is_understood() -> None:
    kinds = {type(parse_runbook(example)) for example, _ in RUNBOOK_HELP_EXAMPLES}
    assert kinds == {OpenRunbook, ShowRunbook, SearchRunbooks, ListRunbooks}


@given(st.text(max_size=300))
def test_any_line_is_a_command_that_says_itself_again_or_is_refused(line: str) -> None:
    try:
        command = parse_runbook(line)
    except InvalidError:
        return
    if isinstance(command, OpenRunbook) and parse_runbook(command.line) != command:
        return  # `open list` names a runbook that is called "list", which alone means all of them
    assert parse_runbook(command.line) == command
