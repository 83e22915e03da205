from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.domain.incident import Incident, Status
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, a_path, an_incident, path_of
from tests.support.clock import MONDAY_NOON

NOW = MONDAY_NOON + timedelta(minutes=10)
LATER = NOW + timedelta(minutes=3)

Verb = Callable[[Incident], Incident]
VERBS: dict[str, Verb] = {
    "acknowledge": lambda one: one.acknowledge(LEE, LATER),
    "mitigate": lambda one: one.mitigate(LEE, LATER),
    "resolve": lambda one: one.resolve(LEE, LATER),
    "cancel": lambda one: one.cancel(LEE, LATER),
    "reopen": lambda one: one.reopen(a_path(), LATER),
    "change severity": lambda one: one.change_severity(Severity.P1, path_of(Severity.P1), LATER),
}
ON_OPEN_ONES = [verb for verb in VERBS if verb != "reopen"]


def acknowledged() -> Incident:
    return an_incident().acknowledge(ANA, NOW)


def mitigated() -> Incident:
    return acknowledged().mitigate(ANA, NOW)


def resolved() -> Incident:
    return an_incident().resolve(ANA, NOW)


def cancelled() -> Incident:
    return an_incident().cancel(ANA, NOW)


def test_who_acknowledges_and_when_is_kept() -> None:
    taken = acknowledged()
    assert (taken.status, taken.acknowledged_by, taken.acknowledged_at) == (Status.ACKNOWLEDGED, ANA, NOW)


def test_acknowledging_twice_says_who_was_first_and_how_long_ago() -> None:
    with pytest.raises(AlreadyError, match=r"Nothing to do: P0 #42 was acknowledged by Ana 3 min ago\."):
        acknowledged().acknowledge(LEE, LATER)


def test_a_mitigated_incident_needs_no_acknowledgement() -> None:
    with pytest.raises(AlreadyError, match=r"Nothing to do: P0 #42 is mitigated 3 min ago\."):
        mitigated().acknowledge(LEE, LATER)


def test_mitigating_keeps_who_acknowledged() -> None:
    done = acknowledged().mitigate(LEE, LATER)
    assert (done.status, done.mitigated_at) == (Status.MITIGATED, LATER)
    assert (done.acknowledged_by, done.acknowledged_at) == (ANA, NOW)


def test_whoever_mitigates_first_thing_has_acknowledged() -> None:
    done = an_incident().mitigate(LEE, LATER)
    assert (done.status, done.acknowledged_by, done.acknowledged_at) == (Status.MITIGATED, LEE, LATER)


def test_mitigating_twice_is_refused() -> None:
    with pytest.raises(AlreadyError, match="Nothing to do"):
        mitigated().mitigate(LEE, LATER)


@pytest.mark.parametrize("make", [an_incident, acknowledged, mitigated])
def test_an_open_incident_can_be_resolved(make: Callable[[], Incident]) -> None:
    done = make().resolve(LEE, LATER)
    assert (done.status, done.ended_by, done.ended_at) == (Status.RESOLVED, LEE, LATER)


@pytest.mark.parametrize("make", [an_incident, acknowledged, mitigated])
def test_an_open_incident_can_be_cancelled(make: Callable[[], Incident]) -> None:
    done = make().cancel(LEE, LATER)
    assert (done.status, done.ended_by, done.ended_at) == (Status.CANCELLED, LEE, LATER)


@pytest.mark.parametrize("verb", ON_OPEN_ONES)
@pytest.mark.parametrize(("make", "status"), [(resolved, "resolved"), (cancelled, "cancelled")])
def test_an_ended_incident_refuses_and_says_who_ended_it_when_and_how_to_go_on(
    make: Callable[[], Incident], status: str, verb: str
) -> None:
    with pytest.raises(AlreadyError) as refusal:
        VERBS[verb](make())
    told = str(refusal.value)
    assert f"P0 #42 was {status} by Ana 3 min ago." in told
    assert told.endswith("`reopen 42` starts it again.")


@pytest.mark.parametrize("make", [resolved, cancelled])
def test_reopening_begins_a_new_epoch_that_nobody_has_acknowledged(make: Callable[[], Incident]) -> None:
    path = path_of(Severity.P1)
    again = replace(make(), next_step=3, acknowledged_by=ANA, acknowledged_at=NOW).reopen(path, LATER)
    assert (again.status, again.epoch, again.epoch_at, again.next_step) == (Status.TRIGGERED, 2, LATER, 0)
    assert (again.acknowledged_by, again.acknowledged_at, again.mitigated_at) == (None, None, None)
    assert (again.ended_by, again.ended_at) == (None, None)
    assert again.path == path


@pytest.mark.parametrize("make", [an_incident, acknowledged, mitigated])
def test_an_open_incident_cannot_be_reopened(make: Callable[[], Incident]) -> None:
    with pytest.raises(AlreadyError, match=r"Nothing to do: P0 #42 "):
        make().reopen(a_path(), LATER)


@pytest.mark.parametrize("make", [an_incident, acknowledged, mitigated])
def test_raising_the_severity_un_acknowledges_in_a_new_epoch(make: Callable[[], Incident]) -> None:
    low = replace(make(), severity=Severity.P2, path=path_of(Severity.P2), next_step=2)
    high = low.change_severity(Severity.P0, path_of(Severity.P0), LATER)
    assert (high.severity, high.status, high.epoch, high.next_step) == (Severity.P0, Status.TRIGGERED, 2, 0)
    assert (high.epoch_at, high.path) == (LATER, path_of(Severity.P0))
    assert (high.acknowledged_by, high.acknowledged_at, high.mitigated_at) == (None, None, None)


@pytest.mark.parametrize("make", [an_incident, acknowledged, mitigated])
def test_lowering_the_severity_keeps_what_was_done_in_a_new_epoch(make: Callable[[], Incident]) -> None:
    before = replace(make(), next_step=2)
    after = before.change_severity(Severity.P1, path_of(Severity.P1), LATER)
    assert (after.severity, after.epoch, after.epoch_at, after.next_step) == (Severity.P1, 2, LATER, 0)
    assert after.path == path_of(Severity.P1)
    assert (after.status, after.acknowledged_by, after.mitigated_at) == (
        before.status,
        before.acknowledged_by,
        before.mitigated_at,
    )


def test_the_severity_that_it_has_already_is_refused() -> None:
    with pytest.raises(AlreadyError, match=r"Nothing to do: #42 is P0 already\."):
        an_incident().change_severity(Severity.P0, a_path(), NOW)


def test_a_button_of_this_epoch_is_taken() -> None:
    an_incident(epoch=2).check_epoch(2)


@pytest.mark.parametrize("epoch", [1, 3])
def test_a_button_of_another_epoch_is_answered_with_what_is_true_now(epoch: int) -> None:
    incident = replace(acknowledged(), epoch=2)
    with pytest.raises(StaleError, match=r"Now: P0 #42 was acknowledged by Ana\."):
        incident.check_epoch(epoch)


def test_the_newest_update_replaces_the_one_before() -> None:
    assert an_incident().report("rolling back", NOW).report("rolled back", NOW).update == "rolled back"


def test_an_update_may_come_after_the_end() -> None:
    assert resolved().report("the cause was the new index", NOW).update == "the cause was the new index"


def test_an_update_without_text_is_refused_with_an_example() -> None:
    with pytest.raises(InvalidError, match="`update #42 "):
        an_incident().report("", NOW)


def test_people_name_it_by_severity_and_number() -> None:
    assert an_incident().label == "P0 #42"


def test_outsiders_read_the_title_of_an_ordinary_incident() -> None:
    assert an_incident().public_title == "checkout is down"


def test_outsiders_never_read_the_title_of_a_security_incident() -> None:
    assert an_incident(security=True).public_title == "Security incident 42"


@pytest.mark.parametrize(
    ("incident", "said"),
    [
        (an_incident(), "P0 #42 is not acknowledged yet"),
        (acknowledged(), "P0 #42 was acknowledged by Ana 3 min ago"),
        (mitigated(), "P0 #42 is mitigated 3 min ago"),
        (resolved(), "P0 #42 was resolved by Ana 3 min ago"),
        (cancelled(), "P0 #42 was cancelled by Ana 3 min ago"),
    ],
)
def test_every_state_is_said_as_a_clause(incident: Incident, said: str) -> None:
    assert incident.describe(LATER) == said


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        (Status.TRIGGERED, True),
        (Status.ACKNOWLEDGED, True),
        (Status.MITIGATED, True),
        (Status.RESOLVED, False),
        (Status.CANCELLED, False),
        (Status.MERGED, False),
    ],
)
def test_an_incident_is_open_until_it_is_resolved_or_cancelled(status: Status, *, is_open: bool) -> None:
    assert status.is_open == is_open
