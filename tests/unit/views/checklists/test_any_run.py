"""Whatever the guide, people and Prometheus say, a run's card is a message that Slack takes, and inert."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert_card import LinkedIncident
from bot.domain.checklist import Whose
from bot.domain.checklists.card import EarlierProblem, RunCard
from bot.domain.checklists.run import ItemState, Problem, RunItem, RunState
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit, Value
from bot.sandbox.slack.limits import check_message as check_in_stand_in
from bot.views.checklists.card import run_card
from tests.support.run_cards import a_run, a_run_card, later
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.test_any_text import texts

MEANT = ("!date^", "https://docs.example.com/", "https://grafana.example.com/")
people = st.builds(Actor, id=texts, name=texts)
addresses = st.none() | texts.map("https://grafana.example.com/".__add__)
values = st.builds(
    Value,
    label=texts,
    now=st.none() | st.floats(),
    before=st.none() | st.floats(),
    fine=st.none() | st.booleans(),
)
BOUNDS = st.floats(-1e30, 1e30)
"""What a guide can write."""
specs = st.builds(
    EvidenceSpec,
    title=texts,
    source=st.sampled_from(Source),
    of=texts,
    fine=st.none() | st.builds(Threshold, sign=st.sampled_from(Sign), bound=BOUNDS),
)


@st.composite
def founds(draw: st.DrawFn, spec: EvidenceSpec) -> Found:
    return Found(
        title=spec.title,
        source=spec.source,
        judgement=draw(st.sampled_from(Judgement)),
        at=later(0),
        unit=draw(st.sampled_from(Unit)),
        values=tuple(draw(st.lists(values, max_size=4))) * draw(st.integers(1, 10)),
        more=draw(st.integers(0, 10**6)),
        lines=tuple(draw(st.lists(texts, max_size=2))) * draw(st.integers(1, 10)),
        url=draw(addresses),
        failed=draw(st.none() | texts),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    return Problem(
        text=draw(texts),
        found_by=draw(people),
        found_at=later(1),
        incident=draw(st.sampled_from([None, "i1", "i2"])),
        closed_by=draw(st.none() | people),
        closed_at=draw(st.sampled_from([None, later(2)])),
        how=draw(st.none() | texts),
    )


@st.composite
def items(draw: st.DrawFn) -> RunItem:
    listed = draw(st.lists(specs, max_size=2))
    found = [draw(founds(spec)) for spec in listed]
    many = draw(st.sampled_from([1, 5]))
    who = draw(st.none() | people)
    return RunItem(
        position=1,
        key="k",
        title=draw(texts),
        evidence=tuple(listed) * many,
        found=tuple(found) * many,
        state=draw(st.sampled_from(ItemState)),
        owner=who,
        by=who,
        at=draw(st.sampled_from([None, later(3)])),
        reason=draw(st.none() | texts),
        problem=draw(st.none() | problems()),
        since=draw(st.sampled_from([None, later(-9999)])),
    )


@st.composite
def cards(draw: st.DrawFn) -> RunCard:
    few, count = draw(st.lists(items(), min_size=1, max_size=3)), draw(st.sampled_from([1, 3, 40, 60]))
    listed = tuple(few[n % len(few)] for n in range(count))
    who, text = draw(people), draw(texts)
    run = a_run(
        title=text,
        purpose=draw(texts),
        items=tuple(
            RunItem(**{name: getattr(one, name) for name in RunItem.__slots__} | {"position": n})
            for n, one in enumerate(listed, 1)
        ),
        state=draw(st.sampled_from(RunState)),
        owner=draw(st.sampled_from([None, who])),
        asked_by=draw(st.sampled_from([None, who])),
        late=draw(st.booleans()),
        closed_at=draw(st.sampled_from([None, later(500)])),
        evidence_at=draw(st.sampled_from([None, later(0)])),
    )
    earlier = EarlierProblem(run="C9", position=3, item=text, problem=draw(problems()))
    usual = a_run_card(run)
    return a_run_card(
        run,
        team=draw(texts),
        earlier=(earlier,) * draw(st.sampled_from([0, 1, 30])),
        incidents={"i1": LinkedIncident(label="P2 #42", is_open=True, url=draw(addresses))},
        runbook=draw(st.sampled_from([None, usual.runbook])),
        whose=draw(st.sampled_from(Whose)),
    )


@given(cards(), st.none() | texts)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_text_and_no_number_breaks_slacks_limits_or_mentions_or_links(
    shown: RunCard, redacted: str | None
) -> None:
    message = run_card(shown, redacted=redacted, zone=ZoneInfo("America/New_York"))
    body = message.to_json()
    check_message(body)
    check_in_stand_in(body["blocks"])
    assert [token for token in tokens(body) if not token.startswith(MEANT)] == []
    if shown.run.is_open:
        assert any(block["type"] == "actions" for block in body["blocks"]), "whatever is cut, not the buttons"
