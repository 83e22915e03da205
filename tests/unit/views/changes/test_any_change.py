"""Whatever people, the guide and the gate say, a change's card is a message that Slack takes, and inert."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.card import ChangeCard, Suspect
from bot.domain.changes.change import (
    Approval,
    Change,
    ChangeState,
    Hook,
    HookState,
    Override,
    PhaseRun,
    Plan,
    Risk,
)
from bot.domain.changes.gate import GateAnswer, Ground, News, Reason, Verdict, Weight
from bot.domain.changes.health import HealthLine
from bot.sandbox.slack.limits import check_message as check_in_stand_in
from bot.views.changes.card import change_card
from bot.views.changes.gate import gate_message
from tests.support.changes import ASKED, EMERGENCY, STANDARD, STARTS, a_change_card, minutes
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.test_any_text import texts

NEW_YORK = ZoneInfo("America/New_York")
MEANT = ("!date^", "https://acme.slack.com/")

people = st.builds(Actor, id=texts, name=texts)
times = st.sampled_from([ASKED, STARTS, minutes(10), minutes(60 * 24)])
long_texts = st.builds(lambda text, times: (text * times)[:2000], texts, st.integers(1, 50))
plans = st.builds(
    Plan,
    kind=texts,
    service=st.none() | texts,
    title=texts,
    steps=long_texts,
    validation=long_texts,
    rollback=long_texts,
    starts=times,
    length=st.sampled_from([timedelta(minutes=1), timedelta(days=14)]),
    risk=st.sampled_from(Risk),
)
health = st.lists(
    st.builds(
        HealthLine,
        key=texts,
        title=texts,
        value=st.none() | st.floats(),
        said=texts,
        kept=st.none() | st.booleans(),
    ),
    max_size=12,
).map(tuple)


def runs(phase: Phase) -> st.SearchStrategy[PhaseRun]:
    return st.builds(
        PhaseRun,
        phase=st.just(phase),
        began=times,
        by=people,
        ended=st.none() | times,
        ended_by=st.none() | people,
        note=st.none() | texts,
    )


changes = st.builds(
    Change,
    id=st.just("0b6a1c1e-3d52-4f0e-9a63-5d2f6c1b7e10"),
    number=st.integers(1, 10**6),
    plan=plans,
    revision=st.integers(1, 999),
    needs=st.integers(0, 5),
    approvals=st.lists(
        st.builds(
            Approval,
            by=people,
            at=times,
            revision=st.just(1),
            expires=times,
            note=st.none() | texts,
        ),
        max_size=3,
    ).map(lambda some: tuple(some * 5)),
    state=st.sampled_from(ChangeState),
    phases=st.tuples(*(runs(phase) for phase in Phase)),
    requested_by=people,
    requested=times,
    channel=texts,
    team=texts,
    lead=st.none() | people,
    started=st.none() | times,
    window_closes=st.none() | times,
    override=st.none()
    | st.builds(Override, by=people, at=times, reason=texts, against=st.tuples(texts, texts)),
    before=health,
    after=health,
    health_trouble=st.none() | texts,
    hook=st.none()
    | st.builds(Hook, key=texts, state=st.sampled_from(HookState), at=times, said=st.none() | texts),
    closed=st.none() | times,
    closed_by=st.none() | people,
    reason=st.none() | texts,
)
reasons = st.builds(
    Reason,
    ground=st.sampled_from(Ground),
    weight=st.sampled_from(Weight),
    text=texts,
    until=st.none() | times,
)
answers = st.builds(
    GateAnswer,
    service=st.none() | texts,
    kind=texts,
    at=times,
    verdict=st.sampled_from(Verdict),
    reasons=st.lists(reasons, max_size=4).map(lambda some: tuple(some * 4)),
    opens=st.none() | times,
    change=st.none() | texts,
    news=st.lists(st.builds(News, of=texts, at=st.none() | times), max_size=4).map(tuple),
)


@st.composite
def cards(draw: st.DrawFn) -> ChangeCard:
    suspect = st.builds(
        Suspect,
        label=texts,
        title=texts,
        began=times,
        is_open=st.booleans(),
        url=st.none() | texts.map("https://acme.slack.com/".__add__),
    )
    return a_change_card(
        draw(changes),
        kind=draw(st.sampled_from([None, STANDARD, EMERGENCY])),
        service=draw(texts),
        team=draw(texts),
        now=draw(times),
        gate=draw(st.none() | answers),
        in_window=draw(st.none() | st.booleans()),
        overlaps=tuple(draw(st.lists(texts, max_size=3))) * 5,
        suspects=tuple(draw(st.lists(suspect, max_size=2))) * 5,
        webhook=draw(st.none() | texts),
        may_undo_until=draw(st.none() | times),
    )


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(cards())
def test_any_change_is_a_card_that_slack_takes_and_nothing_in_it_does_anything(card: ChangeCard) -> None:
    said = change_card(card, zone=NEW_YORK).to_json()
    check_message(said)
    check_in_stand_in(said["blocks"])
    assert all(token.startswith(MEANT) for token in tokens(said))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(answers, texts, texts)
def test_any_answer_of_the_gate_is_a_message(answer: GateAnswer, service: str, kind: str) -> None:
    said = gate_message(answer, service=service, kind=kind, zone=NEW_YORK).to_json()
    check_message(said)
    check_in_stand_in(said["blocks"])
    assert all(token.startswith(MEANT) for token in tokens(said))
