"""`/checklist`: what each line means, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence
from bot.domain.errors import DomainError, InvalidError, NotFoundError
from bot.guide.lint_checklists import CHECKLIST_WORDS
from bot.views.checklists.help import CHECKLIST_HELP_EXAMPLES
from handlers.checklist_grammar import WORDS, parse_checklist
from handlers.lines import Command, Unknown
from handlers.words.checklist_deeds import (
    BeginRun,
    CheckItems,
    DropItem,
    GiveItems,
    NoteOnRun,
    RefreshEvidence,
    ReopenItems,
    ReportProblem,
    SolveProblem,
    TakeItems,
)
from handlers.words.checklist_reports import CountReviews, ListHistory
from handlers.words.checklists import (
    ChecklistHelp,
    ListCadence,
    ListProblems,
    ListToday,
    ShowChecklist,
    ShowRun,
)

CHECKLISTS = {
    "health-check": "Health Check",
    "daily-performance-review": "Performance Review",
    "monthly-performance-review": "Performance Review",
    "security-review": "Security Review",
    "security-audit": "Security Audit",
    "dr-testing": "DR Testing",
}
BEN = Actor(id="U0BEN", name="ben")


def read(text: str) -> Command:
    return parse_checklist(text, CHECKLISTS)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListToday()),
        ("  ", ListToday()),
        ("today", ListToday()),
        ("daily", ListCadence(cadence=Cadence.DAILY)),
        ("Weekly", ListCadence(cadence=Cadence.WEEKLY)),
        ("monthly", ListCadence(cadence=Cadence.MONTHLY)),
        ("problems", ListProblems()),
        ("help", ChecklistHelp()),
        ("show", ShowRun()),
        ("show C12", ShowRun(number=12)),
        ("show 12", ShowRun(number=12)),
        ("c12", ShowRun(number=12)),
        ("12", ShowRun(number=12)),
        ("health-check", ShowChecklist(key="health-check")),
        ("Health Check", ShowChecklist(key="health-check")),
        ("health", ShowChecklist(key="health-check")),
        ("show dr", ShowChecklist(key="dr-testing")),
        ("monthly-performance-review", ShowChecklist(key="monthly-performance-review")),
        ("run dr testing", BeginRun(key="dr-testing")),
        ("run dr", BeginRun(key="dr-testing")),
        ("done 2", CheckItems(items=(2,))),
        ("done 2 3", CheckItems(items=(2, 3))),
        ("done 2, 3 and 5", CheckItems(items=(2, 3, 5))),
        ("done 2,3", CheckItems(items=(2, 3))),
        ("done C12 2-4", CheckItems(run=12, items=(2, 3, 4))),
        ("done item 2", CheckItems(items=(2,))),
        ("done all", CheckItems()),
        ("done c12: all", CheckItems(run=12)),
        ("check 2", CheckItems(items=(2,))),
        ("open C12 2", ReopenItems(run=12, items=(2,))),
        ("na 2 no deploys, 3 days", DropItem(item=2, reason="no deploys, 3 days")),
        ("na C12 2", DropItem(run=12, item=2, reason="")),
        ("take", TakeItems()),
        ("take C12", TakeItems(run=12)),
        ("take 2 3", TakeItems(items=(2, 3))),
        ("give 2 <@U0BEN|ben>", GiveItems(items=(2,), to=BEN)),
        ("give C12 2 to <@U0BEN|ben>", GiveItems(run=12, items=(2,), to=BEN)),
        ("give <@U0BEN|ben>", GiveItems(to=BEN)),
        ("note db-2 is full", NoteOnRun(text="db-2 is full")),
        ("note 2 db-2 is full", NoteOnRun(item=2, text="db-2 is full")),
        ("note C12 item 2 3 of 5", NoteOnRun(run=12, item=2, text="3 of 5")),
        ("problem 2 backup is 40 h old", ReportProblem(item=2, text="backup is 40 h old")),
        ("problem C12 2", ReportProblem(run=12, item=2, text="")),
        ("solved 2", SolveProblem(item=2)),
        ("solved C12 3 restarted", SolveProblem(run=12, item=3, text="restarted")),
        ("refresh C12", RefreshEvidence(run=12)),
        ("history", ListHistory()),
        ("history dr testing", ListHistory(key="dr-testing")),
        ("report", CountReviews()),
        ("report 7d", CountReviews(length=timedelta(days=7))),
        ("report 12w health check", CountReviews(length=timedelta(weeks=12), key="health-check")),
        ("report health-check 30d", CountReviews(key="health-check")),
    ],
)
def test_a_line_asks_for_this(text: str, command: Command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "error", "why"),
    [
        ("done", InvalidError, "Which items? `done 2`"),
        ("done soon", InvalidError, "`soon` names no item"),
        ("done #12", InvalidError, "`#12` is an incident. A run is `C12`"),
        ("done A12 2", InvalidError, "`A12` is an alert"),
        ("#42", InvalidError, "is an incident"),
        ("done 4-2", InvalidError, "`4-2` ends before it begins: `2-4`"),
        ("done 99999", NotFoundError, "There is no item 99999. A run is `C99999`."),
        ("show C99999999999", NotFoundError, "that number is too big"),
        ("open", InvalidError, "Which items? `open 2`"),
        ("na no deploys", InvalidError, "Which item? `na 2"),
        ("problem disk is full", InvalidError, "Which item? `problem 2"),
        ("solved", InvalidError, "Which item? `solved 2"),
        ("note 2-4 x", InvalidError, "One item at a time: `2`, not `2-4`"),
        ("give 2", InvalidError, "To whom? `give 2 @ben`"),
        (
            "give C2 3 @ben",
            InvalidError,
            "I know nobody called @ben: choose the name from Slack's list, as in `give C2 3 @lee`.",
        ),
        (
            "give @ben `x`",
            InvalidError,
            "nobody called @ben x: choose the name from Slack's list, as in `give @lee`.",
        ),
        ("give 2 ben", InvalidError, "To whom?"),
        ("give 2 soon <@U0BEN|ben>", InvalidError, "names no item"),
        ("give 2 <@U0BEN|ben> <@U0ANA|ana>", InvalidError, "To one person"),
        ("take soon", InvalidError, "`soon` names no item"),
        ("run", InvalidError, "Which checklist? `run dr-testing`"),
        ("run nothing", NotFoundError, "There is no checklist “nothing”"),
        ("weekly please", InvalidError, "`weekly` stands alone"),
        ("Performance Review", InvalidError, "which one? `daily-performance-review`, `monthly-performance-"),
        ("security", InvalidError, "which one? `security-review`, `security-audit`"),
        ("securty-audit", NotFoundError, "Did you mean `security-audit`?"),
        ("report yesterday", NotFoundError, "There is no checklist “yesterday”"),
        ("history helth-check", NotFoundError, "Did you mean `health-check`?"),
        ("refresh 2", InvalidError, "takes a run and nothing else"),
    ],
)
def test_a_line_that_means_nothing_is_refused_with_what_does(
    text: str, error: type[DomainError], why: str
) -> None:
    with pytest.raises(error) as refused:
        read(text)
    assert why in str(refused.value)


def test_a_word_that_is_near_to_one_is_suggested() -> None:
    assert read("dnoe 2") == Unknown(word="dnoe", nearest="done", typed="dnoe 2")


COMMANDS = st.one_of(
    st.builds(ListCadence, cadence=st.sampled_from(Cadence)),
    st.builds(ShowRun, number=st.integers(0, 2**31 - 1)),
    st.builds(ShowChecklist, key=st.sampled_from(sorted(CHECKLISTS))),
    st.builds(BeginRun, key=st.sampled_from(sorted(CHECKLISTS))),
    st.builds(ListHistory, key=st.sampled_from([None, *CHECKLISTS])),
    st.builds(
        CountReviews,
        length=st.integers(1, 999).map(lambda days: timedelta(days=days)),
        key=st.sampled_from([None, *CHECKLISTS]),
    ),
    *(
        st.builds(
            kind,
            run=st.one_of(st.none(), st.integers(0, 2**31 - 1)),
            items=st.lists(st.integers(0, 999), min_size=1, max_size=6, unique=True).map(tuple),
        )
        for kind in (CheckItems, ReopenItems, TakeItems)
    ),
    st.builds(
        SolveProblem,
        run=st.one_of(st.none(), st.integers(0, 999)),
        item=st.integers(0, 999),
        text=st.one_of(st.none(), st.just("3 <b> & “done”".replace("“", '"').replace("”", '"'))),
    ),
)


@given(command=COMMANDS)
def test_the_line_of_a_command_asks_for_it(command: Command) -> None:
    assert read(command.line) == command


@given(text=st.text(max_size=60), word=st.sampled_from(["", *WORDS]))
def test_any_text_is_read_or_refused_in_words(text: str, word: str) -> None:
    try:
        read(f"{word} {text}")
    except DomainError as error:
        assert str(error)  # noqa: PT017 - what is refused is not always, so nothing can be expected


def test_every_word_is_in_the_help() -> None:
    shown = {example.split()[0] for example, _ in CHECKLIST_HELP_EXAMPLES if example}
    said = " ".join(meaning for _, meaning in CHECKLIST_HELP_EXAMPLES)
    aliases = {"today", "list", "check", "reopen", "help"}
    assert {word for word in WORDS if word not in shown and f"`{word}" not in said} == aliases


@pytest.mark.parametrize("example", [example for example, _ in CHECKLIST_HELP_EXAMPLES])
def test_every_example_of_the_help_is_understood(example: str) -> None:
    text = example.replace("@ben", "<@U0BEN|ben>")
    assert not isinstance(read(text), Unknown)


def test_no_checklist_of_a_guide_can_be_called_as_a_word() -> None:
    assert set(WORDS) == CHECKLIST_WORDS
