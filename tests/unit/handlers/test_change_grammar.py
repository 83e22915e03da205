"""`/change`: what each line means, and what is said of one that means nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.board import Which
from bot.domain.errors import DomainError, InvalidError, NotFoundError
from bot.views.changes.help import CHANGE_HELP_EXAMPLES
from handlers.change_grammar import WORDS, parse_change
from handlers.lines import Command, Unknown
from handlers.words.change_deeds import (
    ApproveChange,
    BeginTest,
    CancelChange,
    FinishChange,
    MarkDeployed,
    NextPhase,
    NoteOnChange,
    RejectChange,
    RollBack,
    StartChange,
)
from handlers.words.changes import (
    AskChangeGate,
    ChangeHelp,
    EditChange,
    ListChanges,
    RequestChange,
    ShowChange,
)

TYPES = {"standard": "Standard Change", "major": "Major Change", "emergency": "Emergency Change"}
SERVICES = {"api-gateway": "API Gateway", "payment": "Payment Service", "payout": "Payouts"}


def read(text: str) -> Command:
    return parse_change(text, types=TYPES, services=SERVICES)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", RequestChange()),
        ("  ", RequestChange()),
        ("request", RequestChange()),
        ("new major", RequestChange(kind="major")),
        ("request payment", RequestChange(service="payment")),
        ("request standard payment", RequestChange(kind="standard", service="payment")),
        ("request payment standard", RequestChange(kind="standard", service="payment")),
        ("request Standard Change API Gateway", RequestChange(kind="standard", service="api-gateway")),
        ("request platform", RequestChange(service="platform")),
        ("request: New checkout", RequestChange(title="New checkout")),
        (
            "request standard payment: New checkout",
            RequestChange(kind="standard", service="payment", title="New checkout"),
        ),
        ("request payment : major: it", RequestChange(service="payment", title="major: it")),
        ("major", RequestChange(kind="major")),
        ("emergency api gateway", RequestChange(kind="emergency", service="api-gateway")),
        ("list", ListChanges()),
        ("list open", ListChanges()),
        ("list mine", ListChanges(which=Which.MINE)),
        ("mine", ListChanges(which=Which.MINE)),
        ("list all", ListChanges(which=Which.ALL)),
        ("list payment", ListChanges(service="payment")),
        ("list payment service", ListChanges(service="payment")),
        ("list all API Gateway", ListChanges(which=Which.ALL, service="api-gateway")),
        ("list platform all", ListChanges(which=Which.ALL, service="platform")),
        ("list api", ListChanges(service="api-gateway")),
        ("show", ShowChange()),
        ("show CH12", ShowChange(number=12)),
        ("show 12", ShowChange(number=12)),
        ("show #12", ShowChange(number=12)),
        ("ch12", ShowChange(number=12)),
        ("12", ShowChange(number=12)),
        ("#CH12", ShowChange(number=12)),
        ("edit CH12", EditChange(number=12)),
        ("edit", EditChange()),
        ("gate", AskChangeGate()),
        ("gate payment", AskChangeGate(service="payment")),
        ("gate payment major", AskChangeGate(service="payment", kind="major")),
        ("gate major payment", AskChangeGate(service="payment", kind="major")),
        ("gate platform", AskChangeGate(service="platform")),
        ("gate CH12", AskChangeGate(number=12)),
        ("CH12 gate", AskChangeGate(number=12)),
        ("help", ChangeHelp()),
        ("approve", ApproveChange()),
        ("approve CH12", ApproveChange(number=12)),
        ("approve 12 looks good", ApproveChange(number=12, note="looks good")),
        ("approve looks good", ApproveChange(note="looks good")),
        ("CH12 approve looks good", ApproveChange(number=12, note="looks good")),
        ("reject CH12: not on a Friday", RejectChange(number=12, reason="not on a Friday")),
        ("reject CH12", RejectChange(number=12)),
        ("next CH12 canary is up", NextPhase(number=12, note="canary is up")),
        ("test CH12", BeginTest(number=12)),
        ("CH12 test", BeginTest(number=12)),
        ("start CH12", StartChange(number=12)),
        ("start CH12 with the canary", StartChange(number=12, note="with the canary")),
        ("start CH12 override: we lose orders", StartChange(number=12, override="we lose orders")),
        ("start override we lose orders", StartChange(override="we lose orders")),
        ("override CH12: we lose orders", StartChange(number=12, override="we lose orders")),
        ("CH12 start override: we lose orders", StartChange(number=12, override="we lose orders")),
        ("done CH12 p95 is fine", FinishChange(number=12, note="p95 is fine")),
        ("done", FinishChange()),
        ("rollback CH12 errors at 5 %", RollBack(number=12, reason="errors at 5 %")),
        ("roll back CH12 errors", RollBack(number=12, reason="errors")),
        ("rollback CH12 CH13 needs it", RollBack(number=12, reason="CH13 needs it")),
        ("rollback A12 fires since", RollBack(reason="A12 fires since")),
        ("deployed CH12", MarkDeployed(number=12)),
        ("validate CH12", MarkDeployed(number=12)),
        ("testing CH12", BeginTest(number=12)),
        ("cancel CH12 not needed", CancelChange(number=12, reason="not needed")),
        ("note CH12 first pod is up", NoteOnChange(number=12, text="first pod is up")),
        ("note first pod is up", NoteOnChange(text="first pod is up")),
        ("note 3 of 8 are through", NoteOnChange(text="3 of 8 are through")),
        ("note #12 3 of 8 are through", NoteOnChange(number=12, text="3 of 8 are through")),
    ],
)
def test_a_line_asks_for_this(text: str, command: Command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "error", "why"),
    [
        ("show CH99999999999", NotFoundError, "that number is too big"),
        ("show C12", InvalidError, "`C12` is a checklist's run. A change is `CH12`."),
        ("rollback C12", InvalidError, "is a checklist's run"),
        ("approve A12", InvalidError, "`A12` is an alert. A change is `CH12`."),
        ("show W3", InvalidError, "a window of the calendar"),
        ("approve CH1 CH2", InvalidError, "One change at a time: `CH1` alone."),
        ("approve CH1, CH2 and CH3", InvalidError, "One change at a time"),
        ("show soon", InvalidError, "“soon” names no change. `show CH12`"),
        ("show CH12 please", InvalidError, "names no change"),
        ("edit it", InvalidError, "`edit CH12`"),
        ("standart", NotFoundError, "There is no type or service “standart”. Did you mean `standard`?"),
        ("payment mayor", NotFoundError, "There is no type “mayor”. Did you mean `major`?"),
        ("request standart", NotFoundError, "Did you mean `standard`?"),
        ("request standard paymnt", NotFoundError, "There is no service “paymnt”. Did you mean `payment`?"),
        ("request payment mayor", NotFoundError, "There is no type “mayor”. Did you mean `major`?"),
        ("list paymnt", NotFoundError, "Did you mean `payment`?"),
        ("list mi", NotFoundError, "Did you mean `mine`?"),
        ("list pay", InvalidError, "may be several; which one? `payment`, `payout`"),
        ("list payment yesterday", InvalidError, "`list all payment`"),
        ("gate paymnt", NotFoundError, "There is no service “paymnt”. Did you mean `payment`?"),
        ("gate payment mayor", NotFoundError, "There is no type of change “mayor”. Did you mean `major`?"),
        ("gate major", InvalidError, "May which service be changed? `gate payment major`."),
        ("gate CH12 payment", InvalidError, "`gate CH12`"),
        ("start CH12 override", InvalidError, "`start CH12 override: why it must be now`"),
        ("override", InvalidError, "`start override: why it must be now`"),
        ("note CH12", InvalidError, "`note CH12 first pod is up`"),
        ("roll it", InvalidError, "`rollback CH12 why`"),
        ("mine all", InvalidError, "`mine` stands alone"),
    ],
)
def test_a_line_that_means_nothing_is_refused_with_what_does(
    text: str, error: type[DomainError], why: str
) -> None:
    with pytest.raises(error) as refused:
        read(text)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "word", "near"),
    [
        ("aprove CH12", "aprove", "approve"),
        ("CH12 aprove", "aprove", "approve"),
        ("rolback CH12 errors", "rolback", "rollback"),
        ("CH12 frobnicate", "frobnicate", None),
        ("frobnicate", "frobnicate", None),
        ("frobnicate CH12", "frobnicate", None),
    ],
)
def test_a_word_that_is_near_to_one_is_suggested(text: str, word: str, near: str | None) -> None:
    assert read(text) == Unknown(word=word, nearest=near, typed=text)


NUMBERS = st.one_of(st.none(), st.integers(0, 2**31 - 1))
SAID = st.sampled_from(["", "why <b> & not", "p95 is at 80 ms: fine", "A12 fires"])
COMMANDS = st.one_of(
    st.builds(
        RequestChange,
        kind=st.sampled_from([None, *TYPES]),
        service=st.sampled_from([None, *SERVICES, "platform"]),
        title=st.sampled_from(["", "New checkout", "payment: now"]),
    ),
    st.builds(
        ListChanges, which=st.sampled_from(Which), service=st.sampled_from([None, *SERVICES, "platform"])
    ),
    st.builds(ShowChange, number=NUMBERS),
    st.builds(EditChange, number=NUMBERS),
    st.builds(AskChangeGate, number=NUMBERS),
    st.builds(AskChangeGate, service=st.sampled_from(sorted(SERVICES)), kind=st.sampled_from([None, *TYPES])),
    st.builds(ApproveChange, number=NUMBERS, note=SAID),
    st.builds(RejectChange, number=NUMBERS, reason=SAID),
    st.builds(StartChange, number=NUMBERS, note=SAID),
    st.builds(StartChange, number=NUMBERS, override=st.sampled_from([None, "we lose <orders> & more"])),
    st.builds(NextPhase, number=NUMBERS, note=SAID),
    st.builds(BeginTest, number=NUMBERS, note=SAID),
    st.builds(FinishChange, number=NUMBERS, note=SAID),
    st.builds(RollBack, number=NUMBERS, reason=SAID),
    st.builds(CancelChange, number=NUMBERS, reason=SAID),
    st.builds(NoteOnChange, number=NUMBERS, text=SAID.filter(bool)),
)


@given(command=COMMANDS)
def test_the_line_of_a_command_asks_for_it(command: Command) -> None:
    assert read(command.line) == command


@given(text=st.text(max_size=60), word=st.sampled_from(["", "CH1", *WORDS]))
def test_any_text_is_read_or_refused_in_words(text: str, word: str) -> None:
    try:
        read(f"{word} {text}")
    except DomainError as error:
        assert str(error)  # noqa: PT017 - what is refused is not always, so nothing can be expected


def test_every_word_is_in_the_help() -> None:
    shown = {example.split()[0] for example, _ in CHANGE_HELP_EXAMPLES if example}
    said = " ".join(meaning for _, meaning in CHANGE_HELP_EXAMPLES)
    aliases = {"new", "mine", "roll", "help", "deployed", "validate", "testing"}
    assert {word for word in WORDS if word not in shown and f"`{word}" not in said} == aliases


@pytest.mark.parametrize("example", [example for example, _ in CHANGE_HELP_EXAMPLES])
def test_every_example_of_the_help_is_understood(example: str) -> None:
    assert not isinstance(read(example), Unknown)
