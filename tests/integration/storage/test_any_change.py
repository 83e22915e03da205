"""Whatever a change, a span or a budget may be, it comes back from both databases as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.change import (
    AHEAD,
    RUNNING,
    Approval,
    Change,
    ChangeState,
    Hook,
    HookState,
    Override,
    PhaseRun,
    Plan,
    Risk,
    newest_first,
)
from bot.domain.changes.gate import BudgetNews, Ground
from bot.domain.changes.health import HealthLine
from bot.domain.changes.span import Span, SpanKind
from bot.domain.slo.gate import Permission
from bot.ports.store import Transaction
from storage.open import OpenStore

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
_HOURS = st.integers(0, 40).map(lambda hours: datetime(2026, 3, 16, tzinfo=UTC) + timedelta(hours=hours))
"""Instants of which many are the same."""
_ACTORS = st.builds(Actor, id=_TEXTS, name=_TEXTS)
_NUMBERS = st.floats(allow_nan=False)  # which is like nothing, not even itself
_KINDS = ("standard", "emergency")
_SERVICES = st.none() | st.sampled_from(("payment", "search"))
_APPROVALS = st.builds(
    Approval,
    by=_ACTORS,
    at=_INSTANTS,
    revision=st.integers(1, 99),
    expires=_INSTANTS,
    note=st.none() | _TEXTS,
)
_PHASES = st.builds(
    PhaseRun,
    phase=st.sampled_from(Phase),
    began=_INSTANTS,
    by=_ACTORS,
    ended=st.none() | _INSTANTS,
    ended_by=st.none() | _ACTORS,
    note=st.none() | _TEXTS,
)
_LINES = st.builds(
    HealthLine,
    key=_TEXTS,
    title=_TEXTS,
    value=st.none() | _NUMBERS,
    said=_TEXTS,
    kept=st.none() | st.booleans(),
)
_MANY_LINES = st.lists(_LINES, max_size=2).map(tuple)
_CHANGES = st.builds(
    Change,
    id=st.just(""),
    plan=st.builds(
        Plan,
        kind=st.sampled_from(_KINDS) | _TEXTS,
        service=_SERVICES | _TEXTS,
        title=_TEXTS,
        steps=_TEXTS,
        validation=_TEXTS,
        rollback=_TEXTS,
        starts=_HOURS,
        length=st.integers(0, 14 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
        risk=st.sampled_from(Risk),
    ),
    revision=st.integers(1, 999),
    needs=st.integers(0, 9),
    approvals=st.lists(_APPROVALS, max_size=3).map(tuple),
    state=st.sampled_from(ChangeState),
    phases=st.lists(_PHASES, max_size=3).map(tuple),
    requested_by=_ACTORS,
    requested=_INSTANTS,
    editors=st.lists(_ACTORS, max_size=3).map(tuple),
    channel=_TEXTS,
    team=_TEXTS,
    lead=st.none() | _ACTORS,
    started=st.none() | _HOURS,
    window_closes=st.none() | _INSTANTS,
    override=st.none()
    | st.builds(
        Override,
        by=_ACTORS,
        at=_INSTANTS,
        reason=_TEXTS,
        against=st.lists(_TEXTS, max_size=2).map(tuple),
        grounds=st.lists(st.sampled_from(Ground), max_size=2).map(tuple),
    ),
    before=_MANY_LINES,
    after=_MANY_LINES,
    health_trouble=st.none() | _TEXTS,
    hook=st.none()
    | st.builds(Hook, key=_TEXTS, state=st.sampled_from(HookState), at=_INSTANTS, said=st.none() | _TEXTS),
    closed=st.none() | _HOURS,
    closed_by=st.none() | _ACTORS,
    reason=st.none() | _TEXTS,
)
_SPANS = st.builds(
    Span,
    id=st.just(""),
    kind=st.sampled_from(SpanKind),
    title=_TEXTS,
    starts=_HOURS,
    ends=_HOURS,
    channel=_TEXTS,
    by=_ACTORS,
    at=_INSTANTS,
    service=_SERVICES,
    change_kind=st.none() | _TEXTS,
    removed=st.none() | _INSTANTS,
    removed_by=st.none() | _ACTORS,
)
_AS_IT_IS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def _begins(change: Change) -> datetime:
    return change.started or change.plan.starts


def _over(change: Change) -> datetime:
    return max(change.closed or change.plan.ends, change.started or change.plan.starts)


def _is_between(change: Change, since: datetime, until: datetime) -> bool:
    """What `Changes.between` promises, in Python."""
    if change.state in {ChangeState.REJECTED, ChangeState.CANCELLED, ChangeState.EXPIRED}:
        return False
    begins = _begins(change)
    if begins >= until:
        return False
    return change.state in RUNNING or _over(change) > since or begins >= since


def _is_watched(change: Change, since: datetime) -> bool:
    if change.started is None or change.state in {
        ChangeState.REJECTED,
        ChangeState.CANCELLED,
        ChangeState.EXPIRED,
    }:
        return False
    return change.state in RUNNING or _over(change) >= since


async def test_every_change_comes_back_as_it_was_added_and_as_it_was_saved(store: OpenStore) -> None:
    saved: list[Change] = []

    @_AS_IT_IS
    @given(_CHANGES, _CHANGES)
    def write(tx: Transaction, first: Change, then: Change) -> None:
        identity = f"id-{len(saved)}"
        one = tx.changes.add(replace(first, id=identity))
        assert one == replace(first, id=identity, number=one.number)
        assert tx.changes.by_id(identity) == tx.changes.by_id(identity, lock=True) == one
        assert tx.changes.by_number(one.number) == tx.changes.by_number(one.number, lock=True) == one
        saved.append(replace(then, id=identity, number=one.number))
        tx.changes.save(saved[-1])

    await store.transaction("write", write)
    assert await store.read(lambda tx: [tx.changes.by_id(one.id) for one in saved]) == saved


async def test_changes_are_found_by_what_they_are_and_when_they_are(store: OpenStore) -> None:
    saved: list[Change] = []

    @_AS_IT_IS
    @given(_CHANGES)
    def write(tx: Transaction, change: Change) -> None:
        closed = None if change.closed is None else max(change.closed, _begins(change))
        saved.append(tx.changes.add(replace(change, id=f"id-{len(saved)}", closed=closed)))

    def in_order(changes: list[Change]) -> tuple[Change, ...]:
        return tuple(sorted(changes, key=lambda one: (_begins(one), one.number)))

    @_AS_IT_IS
    @given(_HOURS, _HOURS, _SERVICES)
    def look(tx: Transaction, since: datetime, until: datetime, service: str | None) -> None:
        found = tx.changes.between(since, until, service=service)
        concerned = [one for one in saved if one.concerns(service)]
        assert found == in_order([one for one in concerned if _is_between(one, since, until)])
        watched = in_order([one for one in saved if _is_watched(one, since)])
        assert {one.id for one in tx.changes.watched(since)} == {one.id for one in watched}
        assert (
            tx.changes.newest(9, service=service)
            == newest_first(one for one in saved if service in {None, one.service})[:9]
        )

    def lists(tx: Transaction) -> None:
        still_open = [one for one in saved if one.state in AHEAD | RUNNING]
        by_plan = sorted(still_open, key=lambda one: (one.plan.starts, one.number))
        assert tx.changes.open() == tuple(by_plan)
        for service, kind in product((None, "payment", "search", "no such"), _KINDS):
            assert tx.changes.running_or_of(service, kind) == tuple(
                one
                for one in by_plan
                if one.state in RUNNING or (one.service == service and one.plan.kind == kind)
            )
        assert tx.changes.running() == in_order([one for one in saved if one.state in RUNNING])

    await store.transaction("write", write)
    await store.read(look)
    await store.read(lists)


async def test_every_span_comes_back_and_stands_on_the_calendar_until_it_is_removed(store: OpenStore) -> None:
    saved: list[Span] = []

    @_AS_IT_IS
    @given(_SPANS, _SPANS)
    def write(tx: Transaction, first: Span, then: Span) -> None:
        identity = f"id-{len(saved)}"
        one = tx.spans.add(replace(first, id=identity))
        assert one == replace(first, id=identity, number=one.number)
        assert tx.spans.by_id(identity) == tx.spans.by_id(identity, lock=True) == one
        saved.append(replace(then, id=identity, number=one.number))
        tx.spans.save(saved[-1])
        assert tx.spans.by_number(one.number) == tx.spans.by_number(one.number, lock=True) == saved[-1]

    @_AS_IT_IS
    @given(_HOURS, _HOURS, st.none() | st.sampled_from(SpanKind))
    def look(tx: Transaction, since: datetime, until: datetime, kind: SpanKind | None) -> None:
        standing = [one for one in saved if one.removed is None and kind in {None, one.kind}]
        among = [one for one in standing if one.ends > since and one.starts < until]
        in_order = tuple(sorted(among, key=lambda one: (one.starts, one.number)))
        assert tx.spans.between(since, until, kind=kind) == in_order

    await store.transaction("write", write)
    assert await store.read(lambda tx: [tx.spans.by_id(one.id) for one in saved]) == saved
    await store.read(look)


async def test_the_newest_news_of_a_budget_is_what_is_known_of_it(store: OpenStore) -> None:
    known: dict[str, BudgetNews] = {}
    news = st.builds(
        BudgetNews,
        service=st.sampled_from(("", "payment", "search")),
        permission=st.sampled_from(Permission),
        said=_TEXTS,
        at=_HOURS,
    )

    @_AS_IT_IS
    @given(st.lists(news, max_size=4))
    def write(tx: Transaction, found: list[BudgetNews]) -> None:
        tx.budgets.put(found)
        for one in sorted(found, key=lambda one: one.service):
            if one.service not in known or known[one.service].at <= one.at:
                known[one.service] = one
        assert tx.budgets.all() == tuple(known[service] for service in sorted(known))
        assert [tx.budgets.of(service) for service in ("", "payment", "none")] == [
            known.get(""),
            known.get("payment"),
            None,
        ]

    await store.transaction("write", write)
