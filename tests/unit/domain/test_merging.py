from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventKind
from bot.domain.incident import Status
from bot.domain.merging import merge
from bot.domain.outcome import PagesResolved, TimersStopped
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, an_incident, path_of
from tests.support.clock import MONDAY_NOON as NOW

INTO = an_incident(id="i41", number=41, declared_by=LEE)


def test_the_one_ends_with_all_that_it_owes_and_the_other_only_learns_of_it() -> None:
    merged = merge(an_incident(epoch=3), INTO, LEE, NOW)
    one = merged.ended.incident
    assert (one.status, one.merged_into, one.ended_by, one.ended_at) == (Status.MERGED, 41, LEE, NOW)
    assert merged.ended.owed == (TimersStopped(), PagesResolved(before=4))
    assert (merged.kept.incident, merged.kept.owed) == (INTO, ())
    assert [one.kind for one in merged.kept.happened] == [EventKind.TOOK_IN]


def test_whoever_declared_it_is_notified_unless_they_merge_it_themselves() -> None:
    for by, people in ((LEE, (ANA.id,)), (ANA, ())):
        (told,) = merge(an_incident(), INTO, by, NOW).ended.happened
        assert told.notify_people == people


def test_reopening_undoes_it() -> None:
    merged = merge(an_incident(), INTO, LEE, NOW).ended.incident
    again = merged.reopen(path_of(Severity.P0), NOW)
    assert (again.status, again.merged_into, again.epoch) == (Status.TRIGGERED, None, 2)


@pytest.mark.parametrize(
    ("changes", "into", "why"),
    [
        ({"id": "i41", "number": 41}, {}, "into itself"),
        ({}, {"status": Status.RESOLVED}, "reopen 41"),
        ({"security": True}, {}, "security incidents only"),
        ({}, {"security": True}, "security incidents only"),
        ({"drill": True}, {}, "drills only"),
        ({}, {"severity": Severity.P1}, "`sev 41 p0`"),
    ],
)
def test_what_would_hide_or_leak_something_is_refused(
    changes: dict[str, Any], into: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidError, match=why):
        merge(an_incident(**changes), replace(INTO, **into), LEE, NOW)


def test_what_is_over_is_merged_no_more() -> None:
    over = an_incident(status=Status.MERGED, merged_into=40, ended_by=Actor(id="U1", name="Kim"))
    with pytest.raises(AlreadyError, match="was merged into #40 by Kim"):
        merge(over, INTO, LEE, NOW)
