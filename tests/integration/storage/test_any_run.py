"""Whatever a run may be, it comes back from both databases as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit, Value
from bot.ports.store import Transaction
from storage.open import OpenStore

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
_LENGTHS = st.integers(1, 10**10).map(lambda count: timedelta(milliseconds=count))
_ACTORS = st.builds(Actor, id=_TEXTS, name=_TEXTS)
_NUMBERS = st.floats(allow_nan=False)  # which is like nothing, not even itself
_SPECS = st.builds(
    EvidenceSpec,
    title=_TEXTS,
    source=st.sampled_from(Source),
    of=_TEXTS,
    unit=st.sampled_from(Unit),
    fine=st.none() | st.builds(Threshold, sign=st.sampled_from(Sign), bound=_NUMBERS),
    compare=st.none() | _LENGTHS,
    chart=st.none() | _LENGTHS,
)
_VALUES = st.builds(
    Value,
    label=_TEXTS,
    now=st.none() | _NUMBERS,
    before=st.none() | _NUMBERS,
    fine=st.none() | st.booleans(),
)
_FOUND = st.builds(
    Found,
    title=_TEXTS,
    source=st.sampled_from(Source),
    judgement=st.sampled_from(Judgement),
    at=_INSTANTS,
    unit=st.sampled_from(Unit),
    values=st.lists(_VALUES, max_size=2).map(tuple),
    more=st.integers(0, 10**6),
    lines=st.lists(_TEXTS, max_size=2).map(tuple),
    url=st.none() | _TEXTS,
    failed=st.none() | _TEXTS,
)
_PROBLEMS = st.builds(
    Problem,
    text=_TEXTS,
    found_by=_ACTORS,
    found_at=_INSTANTS,
    incident=st.none() | _TEXTS,
    closed_by=st.none() | _ACTORS,
    closed_at=st.none() | _INSTANTS,
    how=st.none() | _TEXTS,
)
_ITEMS = st.builds(
    RunItem,
    position=st.just(0),
    key=_TEXTS,
    title=_TEXTS,
    evidence=st.lists(_SPECS, max_size=2).map(tuple),
    found=st.lists(_FOUND, max_size=2).map(tuple),
    state=st.sampled_from(ItemState),
    owner=st.none() | _ACTORS,
    by=st.none() | _ACTORS,
    at=st.none() | _INSTANTS,
    reason=st.none() | _TEXTS,
    problem=st.none() | _PROBLEMS,
    since=st.none() | _INSTANTS,
)


def _in_order(items: Sequence[RunItem]) -> tuple[RunItem, ...]:
    return tuple(replace(item, position=position) for position, item in enumerate(items, 1))


def _listed(run: Run) -> Run:
    """Without what its items look at."""
    return run.with_items(replace(item, evidence=(), found=()) for item in run.items)


_RUNS = st.builds(
    Run,
    id=st.just(""),
    checklist=_TEXTS,
    occurrence=_TEXTS,
    title=_TEXTS,
    purpose=_TEXTS,
    cadence=st.sampled_from(Cadence),
    channel=_TEXTS,
    team=_TEXTS,
    runbook=st.none() | _TEXTS,
    security=st.booleans(),
    planned_at=_INSTANTS,
    begun_at=_INSTANTS,
    due_at=_INSTANTS,
    ends_at=_INSTANTS,
    unfinished=st.sampled_from(Unfinished),
    items=st.lists(_ITEMS, min_size=2, max_size=2).map(_in_order),
    state=st.sampled_from(RunState),
    owner=st.none() | _ACTORS,
    asked_by=st.none() | _ACTORS,
    late=st.booleans(),
    evidence_at=st.none() | _INSTANTS,
    closed_at=st.none() | _INSTANTS,
)


async def test_every_run_comes_back_as_it_was_added_and_as_it_was_saved(store: OpenStore) -> None:
    added: list[Run] = []
    saved: list[Run] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_RUNS, _RUNS)
    def write(tx: Transaction, first: Run, then: Run) -> None:
        identity = f"id-{len(added)}"
        one = tx.runs.add(replace(first, id=identity, checklist=identity))
        assert one is not None
        added.append(one)
        assert tx.runs.by_id(identity) == one
        saved.append(replace(then, id=identity, checklist=identity, number=one.number))
        tx.runs.save(saved[-1])

    await store.transaction("write", write)
    assert await store.read(lambda tx: [tx.runs.by_id(one.id) for one in saved]) == saved
    assert await store.read(lambda tx: tx.runs.with_problems()) == tuple(
        _listed(run) for run in saved if run.open_problems
    )
    still_open = await store.read(lambda tx: tx.runs.open())
    assert {run.id for run in still_open} == {run.id for run in saved if run.is_open}
