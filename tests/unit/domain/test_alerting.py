from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import alerting
from bot.domain.alert import AlertGroup, AlertState, AlertStatus
from bot.domain.alert_policy import FlappingPolicy
from bot.domain.alerting import AlertOutcome
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.outcome import PageOwed, PagesAcknowledged, PagesResolved, StepDue, TimersStopped
from bot.domain.path import Path
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, a_calendar, a_directory, a_path, an_alert_group
from tests.support.clock import MONDAY_NOON

BUSINESS = a_calendar()
NOON = MONDAY_NOON
FLAPPING = FlappingPolicy(within=timedelta(minutes=10), times=3)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def route(*, page: bool, escalate_after: int | None) -> Path:
    """A path as a route of the guide makes it, with minutes."""
    wait = timedelta(minutes=escalate_after) if escalate_after else None
    return replace(a_path(response=wait or timedelta(minutes=15)), at_once=page, escalates=wait is not None)


PAGES = route(page=True, escalate_after=15)


def fired(path: Path = PAGES, *, carried: bool = False) -> AlertOutcome:
    return alerting.begin(an_alert_group(path=path), NOON, BUSINESS, carried=carried)


SAID: Mapping[str, Callable[[AlertGroup], AlertOutcome | None]] = {
    "acknowledge": lambda group: alerting.acknowledge(group, ANA, after(1)),
    "silence": lambda group: alerting.silence(group, ANA, after(60), NOON),
    "resolve": lambda group: alerting.resolve(group, after(2)),
}


def done(outcome: AlertOutcome | None) -> AlertOutcome:
    assert outcome is not None, "nothing has changed"
    return outcome


def paged(outcome: AlertOutcome | None) -> list[int]:
    return [owed.step for owed in done(outcome).owed if isinstance(owed, PageOwed)]


def due(outcome: AlertOutcome | None) -> list[tuple[int, datetime]]:
    return [(owed.step, owed.due) for owed in done(outcome).owed if isinstance(owed, StepDue)]


@pytest.mark.parametrize(
    ("path", "pages", "timers"),
    [
        (PAGES, [0], [(1, after(15))]),
        (route(page=True, escalate_after=None), [0], []),
        (route(page=False, escalate_after=30), [], [(0, after(30))]),
        (route(page=False, escalate_after=None), [], []),
    ],
)
def test_a_route_says_who_is_paged_at_once_and_who_later(
    path: Path, pages: list[int], timers: list[tuple[int, datetime]]
) -> None:
    outcome = fired(path)
    assert paged(outcome) == pages
    assert due(outcome) == timers
    assert (outcome.group.paged_at is not None) == bool(pages)


def test_the_guides_path_goes_as_far_as_the_route_says() -> None:
    directory = a_directory()
    path = directory.alert_path(Severity.P0, page=False, escalate_after=timedelta(minutes=5))
    assert (path.rungs, path.response) == (directory.path(Severity.P0).rungs, timedelta(minutes=5))
    assert (path.at_once, path.escalates, path.reaches) == (False, True, True)
    silent = directory.alert_path(Severity.P0, page=False, escalate_after=None)
    assert not silent.reaches
    assert silent.response == directory.path(Severity.P0).response


def test_what_an_incident_or_a_storm_carries_reaches_nobody() -> None:
    outcome = fired(carried=True)
    assert outcome.owed == ()
    assert outcome.group.waits


def test_a_step_that_was_put_off_is_taken_and_the_next_comes_as_late() -> None:
    group = fired(route(page=False, escalate_after=30)).group
    outcome = alerting.step_due(group, 0, after(30), after(30), BUSINESS)
    assert paged(outcome) == [0]
    assert due(outcome) == [(1, after(60))]
    assert done(outcome).group.paged_at == after(30)


def test_a_route_that_pages_once_goes_on_to_nobody() -> None:
    group = fired(route(page=True, escalate_after=None)).group
    outcome = alerting.escalate_now(group, after(5), BUSINESS)
    assert paged(outcome) == [1]
    assert due(outcome) == []


def test_acknowledging_stops_what_comes_and_what_rings() -> None:
    outcome = alerting.acknowledge(fired().group, ANA, after(3))
    assert outcome.owed == (TimersStopped(), PagesAcknowledged())
    assert (outcome.group.state, outcome.group.acknowledged_by) == (AlertState.ACKNOWLEDGED, ANA)
    assert alerting.step_due(outcome.group, 1, after(15), after(15), BUSINESS) is None


def test_it_is_acknowledged_once_and_only_while_it_fires() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(3)).group
    with pytest.raises(AlreadyError, match=r"A12 was acknowledged by Ana 2 min ago"):
        alerting.acknowledge(taken, LEE, after(5))
    over = done(alerting.resolve(fired().group, after(3))).group
    with pytest.raises(AlreadyError, match=r"Cannot acknowledge it: A12 was resolved 2 min ago"):
        alerting.acknowledge(over, LEE, after(5))


def test_a_group_that_nobody_has_any_more_starts_anew() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(3)).group
    outcome = alerting.unacknowledge(taken, after(20), BUSINESS)
    assert (outcome.group.epoch, outcome.group.state) == (2, AlertState.FIRING)
    assert paged(outcome) == [0]
    assert due(outcome) == [(1, after(35))]
    assert not outcome.group.is_answered_by(1, None)
    with pytest.raises(AlreadyError, match="nobody has acknowledged A12"):
        alerting.unacknowledge(outcome.group, after(21), BUSINESS)


def test_escalating_reaches_the_next_tier_though_somebody_has_it_but_not_past_a_silence() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(3)).group
    outcome = alerting.escalate_now(taken, after(4), BUSINESS)
    (page,) = (owed for owed in outcome.owed if isinstance(owed, PageOwed))
    assert (page.step, page.past_acknowledgement, page.reason) == (1, True, "asked")
    assert (due(outcome), outcome.group.state) == ([], AlertState.ACKNOWLEDGED)
    over = done(alerting.resolve(taken, after(5))).group
    with pytest.raises(InvalidError, match="Nobody is paged for it: A12 was resolved"):
        alerting.escalate_now(over, after(6), BUSINESS)
    quiet = done(alerting.silence(fired().group, ANA, after(60), NOON)).group
    with pytest.raises(InvalidError, match="is silenced by Ana"):
        alerting.escalate_now(quiet, after(6), BUSINESS)


def test_escalating_pages_on_a_route_that_reaches_nobody() -> None:
    group = fired(route(page=False, escalate_after=None)).group
    outcome = alerting.escalate_now(group, after(1), BUSINESS)
    assert (paged(outcome), due(outcome)) == ([0], [])


def test_a_silence_stops_what_comes_and_what_rings() -> None:
    outcome = done(alerting.silence(fired().group, ANA, after(60), NOON))
    assert outcome.owed == (TimersStopped(), PagesAcknowledged())
    assert outcome.group.state is AlertState.SILENCED
    assert alerting.silence(outcome.group, ANA, after(60), NOON) is None
    assert done(alerting.silence(outcome.group, ANA, after(240), NOON)).group.silenced_until == after(240)


def test_what_fires_when_its_silence_has_run_out_starts_anew_whoever_had_it() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(3)).group
    silenced = done(alerting.silence(taken, ANA, after(60), NOON)).group
    outcome = alerting.end_silence(silenced, after(60), BUSINESS, expired=True)
    assert (done(outcome).group.state, done(outcome).group.epoch) == (AlertState.FIRING, 2)
    assert paged(outcome) == [0]
    assert alerting.end_silence(done(outcome).group, after(60), BUSINESS, expired=True) is None


def test_who_has_a_group_keeps_it_when_somebody_ends_its_silence() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(3)).group
    silenced = done(alerting.silence(taken, ANA, after(60), NOON)).group
    outcome = done(alerting.end_silence(silenced, after(9), BUSINESS, expired=False))
    assert (outcome.group.state, outcome.group.epoch, outcome.owed) == (AlertState.ACKNOWLEDGED, 1, ())


def test_a_silence_that_outlives_the_alert_ends_without_a_word() -> None:
    silenced = done(alerting.silence(fired().group, ANA, after(60), NOON)).group
    over = done(alerting.resolve(silenced, after(9))).group
    outcome = done(alerting.end_silence(over, after(60), BUSINESS, expired=True))
    assert (outcome.group.state, outcome.owed) == (AlertState.RESOLVED, ())
    assert [one.told for one in outcome.happened] == [False]


def test_resolving_ends_everything_that_was_sent() -> None:
    outcome = done(alerting.resolve(fired().group, after(12)))
    assert outcome.owed == (TimersStopped(), PagesResolved(before=2))
    assert outcome.group.resolved_at == after(12)
    assert outcome.happened[0].data == {"after_s": 720}
    assert outcome.happened[0].told
    assert alerting.resolve(outcome.group, after(13)) is None


def test_the_thread_hears_of_the_end_only_where_somebody_was_called() -> None:
    group = fired(route(page=False, escalate_after=None)).group
    assert not done(alerting.resolve(group, after(1))).happened[0].told


def flapped(group: AlertGroup, times: int, minutes: float) -> AlertGroup:
    """A group that was resolved and has fired again so often, by `minutes` after noon."""
    over = replace(group, status=AlertStatus.RESOLVED, resolved_at=after(minutes - 1), flaps=times - 1)
    return replace(over, paged_at=NOON)


def test_what_fires_again_is_the_same_episode_in_a_new_epoch() -> None:
    over = done(alerting.resolve(fired().group, after(2))).group
    outcome = done(alerting.fire_again(over, after(4), BUSINESS, FLAPPING))
    assert (outcome.group.epoch, outcome.group.flaps, outcome.group.started_at) == (2, 1, NOON)
    assert (outcome.group.fired_at, outcome.group.resolved_at) == (after(4), None)
    assert paged(outcome) == [0]
    assert alerting.fire_again(outcome.group, after(5), BUSINESS, FLAPPING) is None


def test_a_flapping_group_waits_until_it_has_paged_nobody_for_a_while() -> None:
    outcome = alerting.fire_again(flapped(fired().group, 3, 4), after(4), BUSINESS, FLAPPING)
    assert (paged(outcome), due(outcome)) == ([], [(0, after(10))])
    late = alerting.fire_again(flapped(fired().group, 3, 11), after(11), BUSINESS, FLAPPING)
    assert (paged(late), due(late)) == ([0], [(1, after(26))])


def test_a_flapping_group_that_reaches_nobody_by_itself_goes_on_like_that() -> None:
    group = flapped(fired(route(page=False, escalate_after=None)).group, 3, 4)
    assert done(alerting.fire_again(group, after(4), BUSINESS, FLAPPING)).owed == ()


def test_who_has_acknowledged_a_group_keeps_it_when_it_fires_again() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(1)).group
    over = done(alerting.resolve(taken, after(2))).group
    outcome = done(alerting.fire_again(over, after(4), BUSINESS, FLAPPING))
    assert (outcome.group.state, outcome.group.epoch, outcome.owed) == (AlertState.ACKNOWLEDGED, 1, ())


@pytest.mark.parametrize(("until", "state"), [(3, AlertState.FIRING), (30, AlertState.SILENCED)])
def test_only_a_silence_that_lasts_keeps_quiet_what_fires_again(until: int, state: AlertState) -> None:
    silenced = done(alerting.silence(fired().group, ANA, after(until), NOON)).group
    over = done(alerting.resolve(silenced, after(2))).group
    outcome = alerting.fire_again(over, after(4), BUSINESS, FLAPPING)
    assert done(outcome).group.state is state
    assert paged(outcome) == ([0] if state is AlertState.FIRING else [])


def test_what_gets_worse_is_nobodys_and_starts_anew() -> None:
    taken = alerting.acknowledge(fired().group, ANA, after(1)).group
    outcome = alerting.get_worse(taken, Severity.P0, PAGES, after(5), BUSINESS)
    group = done(outcome).group
    assert (group.severity, group.epoch, group.state) == (Severity.P0, 2, AlertState.FIRING)
    assert paged(outcome) == [0]
    assert not any(isinstance(owed, PagesResolved) for owed in done(outcome).owed)
    assert alerting.get_worse(group, Severity.P0, PAGES, after(6), BUSINESS) is None
    assert alerting.get_worse(group, Severity.P2, PAGES, after(6), BUSINESS) is None


def test_what_gets_worse_behind_an_incident_leaves_nothing_ringing() -> None:
    outcome = done(alerting.get_worse(fired().group, Severity.P0, PAGES, after(5), BUSINESS, carried=True))
    assert outcome.owed == (TimersStopped(), PagesResolved(before=2))


def test_a_storm_pages_once_a_member_does() -> None:
    silent = fired(route(page=False, escalate_after=None)).group
    outcome = alerting.get_worse(silent, silent.severity, PAGES, after(5), BUSINESS)
    assert paged(outcome) == [0]
    assert done(outcome).happened[0].told is False


def test_what_joins_an_incident_rings_no_more_and_starts_anew_when_it_leaves() -> None:
    outcome = alerting.carry(fired().group)
    assert outcome.owed == (TimersStopped(), PagesAcknowledged())
    left = alerting.release(outcome.group, after(9), BUSINESS)
    assert (left.group.epoch, paged(left)) == (2, [0])
    taken = alerting.acknowledge(outcome.group, ANA, after(3)).group
    assert alerting.release(taken, after(9), BUSINESS) == AlertOutcome(group=taken)


@given(orders=st.lists(st.sampled_from(["acknowledge", "silence", "resolve"]), min_size=1, max_size=8))
def test_in_any_order_and_twice_it_comes_to_one_state(orders: list[str]) -> None:
    group = fired().group
    for order in orders:
        with suppress(AlreadyError):
            group = (SAID[order](group) or AlertOutcome(group=group)).group
    expected = AlertState.ACKNOWLEDGED
    if "resolve" in orders:
        expected = AlertState.RESOLVED
    elif "silence" in orders:
        expected = AlertState.SILENCED
    assert group.state is expected
    assert group.epoch == 1


def test_acknowledged_and_silenced_is_the_same_the_other_way_round() -> None:
    one, other = fired().group, fired().group
    one = SAID["silence"](SAID["acknowledge"](one).group).group  # type: ignore[union-attr]
    other = SAID["acknowledge"](SAID["silence"](other).group).group  # type: ignore[union-attr]
    assert one == other
