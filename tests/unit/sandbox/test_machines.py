"""What the generated services run on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.prometheus.machines import (
    MACHINES,
    Machine,
    backed_up_at,
    certificate_ends_at,
)
from bot.sandbox.prometheus.traffic import DAY_MS, ORIGIN

YEARS_MS = 20 * 365 * DAY_MS
instants = st.integers(ORIGIN, ORIGIN + YEARS_MS)
machines = st.sampled_from(MACHINES)


@given(machines, instants, st.integers(1, 30 * DAY_MS))
def test_a_processors_seconds_never_fall_and_are_those_that_pass(
    machine: Machine, at: int, later: int
) -> None:
    idle, user = (shows(at + later) - shows(at) for shows in (machine.idle_seconds, machine.user_seconds))
    assert min(idle, user) >= 0
    assert idle + user == pytest.approx(later / 1000, abs=0.02)


@given(machines, instants)
def test_nothing_is_fuller_than_full(machine: Machine, at: int) -> None:
    assert 0 < machine.available_memory(at) < machine.memory
    assert all(0.2 * disk.size < disk.available(at) < disk.size for disk in machine.disks)


@given(instants.filter(lambda at: at > ORIGIN + DAY_MS))
def test_the_last_backup_is_of_the_night_and_the_certificate_good_for_weeks(at: int) -> None:
    assert 0 <= at / 1000 - backed_up_at(at) < DAY_MS / 1000
    assert 45 * 86_400 <= certificate_ends_at(at) - at / 1000 <= 90 * 86_400
