from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.on_call import Rota, Turn, rota
from tests.support.clock import MONDAY_NOON

DAY = timedelta(days=1)
UNTIL = MONDAY_NOON + 28 * DAY
NAMES = ("Ana", "Lee", "Dia")


def turn(name: str, starts: float | None = None, ends: float | None = None) -> Turn:
    """A turn, in days from now."""
    return Turn(name=name, starts=_at(starts), ends=_at(ends))


def _at(days: float | None) -> datetime | None:
    return None if days is None else MONDAY_NOON + days * DAY


def now_and_next(*turns: Turn) -> Rota:
    return rota(turns, MONDAY_NOON, UNTIL)


def test_who_is_there_now_and_who_takes_over() -> None:
    ana, lee = turn("Ana", -3, 4), turn("Lee", 4, 11)
    assert now_and_next(lee, ana) == Rota(now=(ana,), next=(lee,))


def test_at_the_end_of_a_turn_it_is_the_next_ones() -> None:
    lee = turn("Lee", 0, 7)
    assert now_and_next(turn("Ana", -7, 0), lee) == Rota(now=(lee,), next=())


def test_somebody_who_is_there_for_good_has_no_successor() -> None:
    assert now_and_next(turn("Ana")) == Rota(now=(turn("Ana"),), next=())


def test_somebodys_own_next_turn_is_no_handing_over() -> None:
    found = now_and_next(turn("Ana", -1, 1), turn("Ana", 1, 2), turn("Lee", 2, 3))
    assert found == Rota(now=(turn("Ana", -1, 2),), next=(turn("Lee", 2, 3),))


def test_an_end_beyond_what_was_asked_for_is_not_known() -> None:
    assert now_and_next(turn("Ana", -1, 28)).now == (turn("Ana", -1),)


def test_nobody_now_and_somebody_later() -> None:
    lee = turn("Lee", 1, 3)
    assert now_and_next(turn("Ana", 2, 3), lee) == Rota(now=(), next=(lee,))


def test_two_who_take_over_at_once_are_both_next() -> None:
    ana, lee, dia = turn("Ana", -1, 1), turn("Lee", 1, 2), turn("Dia", 1, 3)
    assert now_and_next(ana, lee, dia).next == (lee, dia)


_DAYS = st.none() | st.floats(-30, 30, allow_nan=False)
_TURNS = st.lists(
    st.builds(turn, st.sampled_from(NAMES), _DAYS, _DAYS).filter(
        lambda one: one.starts is None or one.ends is None or one.starts < one.ends
    )
)


@given(_TURNS)
def test_those_who_are_there_are_those_whose_turn_it_is_each_once(turns: list[Turn]) -> None:
    found = now_and_next(*turns)
    there = {one.name for one in turns if one.covers(MONDAY_NOON)}
    assert sorted(one.name for one in found.now) == sorted(there)
    assert not there & {one.name for one in found.next}
    assert all(one.starts is not None and one.starts > MONDAY_NOON for one in found.next)
    others = [
        one.starts for one in turns if one.name not in there and one.starts and one.starts > MONDAY_NOON
    ]
    if found.next:
        assert found.next[0].starts == min(others)
