from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from typing_extensions import override

from bot.domain.on_call import Source, Turn
from bot.ports.failures import TemporaryFailure
from bot.ports.on_call import OnCall, OnCallPerson
from bot.services.on_call import WhoIsOnCall
from bot.services.on_call_reading import OnCallReader
from tests.support.builders import a_directory, a_guide
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.unit.services.test_on_call import Addresses

HOUR = timedelta(hours=1)
ANA = Turn(name="Ana", ends=MONDAY_NOON + HOUR)
LEE = Turn(name="Lee", starts=MONDAY_NOON + HOUR)


class Rota(OnCall):
    """Answers once it is let, or fails, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()
        self.failure: TemporaryFailure | None = None

    @override
    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        return ()

    @override
    async def turns(
        self, tier: str, level: int | None = None, *, since: datetime, until: datetime
    ) -> tuple[Turn, ...]:
        self.asked += 1
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        return (ANA, LEE)


def reading(rota: Rota, clock: FakeClock) -> OnCallReader:
    who = WhoIsOnCall(
        on_call=rota,
        colleagues=Addresses({}),
        directory=a_directory(),
        name_of=lambda _user: None,
        is_outsider=lambda _user: False,
        members=lambda _group: None,
    )
    return OnCallReader(who=who, guide=a_guide(), clock=clock, ask_seconds=0.05)


def names(shifts: object) -> list[str]:
    assert isinstance(shifts, tuple)
    return [shift.who.name for shift in shifts]


async def test_those_who_ask_at_the_same_time_ask_once() -> None:
    rota, clock = Rota(), FakeClock()
    reader = reading(rota, clock)
    answers = await asyncio.gather(*(reader.read(("on-call",)) for _ in range(5)))
    assert rota.asked == 1
    assert all(names(duty.now) == ["Ana"] and names(duty.next) == ["Lee"] for [duty] in answers)


async def test_an_answer_is_good_for_a_minute_and_not_beyond_a_handover() -> None:
    rota, clock = Rota(), FakeClock()
    reader = reading(rota, clock)
    clock.advance(HOUR - timedelta(seconds=30))
    await reader.read(("on-call",))
    clock.advance(timedelta(seconds=29))
    await reader.read(("on-call",))
    assert rota.asked == 1
    clock.advance(timedelta(seconds=1))
    [duty] = await reader.read(("on-call",))
    assert rota.asked == 2
    assert (names(duty.now), names(duty.next)) == (["Lee"], [])


async def test_who_does_not_answer_in_time_is_told_by_the_last_answer_with_its_age() -> None:
    rota, clock = Rota(), FakeClock()
    reader = reading(rota, clock)
    await reader.read(("on-call",))
    clock.advance(timedelta(minutes=5))
    rota.open.clear()
    [duty] = await reader.read(("on-call",))
    assert names(duty.now) == ["Ana"]
    assert duty.as_of == MONDAY_NOON
    assert duty.trouble == "PagerDuty did not say within 0.05 s who is on call."
    rota.open.set()
    [duty] = await reader.read(("on-call",))
    assert duty.as_of is None


async def test_one_tier_that_hangs_keeps_no_other_from_being_told() -> None:
    rota, clock = Rota(), FakeClock()
    reader = reading(rota, clock)
    await reader.read(("director",))
    rota.open.clear()
    first, second = await reader.read(("on-call", "director"))
    assert (first.source, names(first.now)) == (Source.NOBODY, [])
    assert (second.source, names(second.now)) == (Source.PAGERDUTY, ["Ana"])


async def test_a_failure_is_told_as_it_was_and_asked_again_at_once() -> None:
    rota, clock = Rota(), FakeClock()
    reader = reading(rota, clock)
    rota.failure = TemporaryFailure("PagerDuty is being mended.")
    [duty] = await reader.read(("on-call",))
    assert (duty.source, duty.trouble) == (Source.NOBODY, "PagerDuty is being mended.")
    rota.failure = None
    [duty] = await reader.read(("on-call",))
    assert (duty.source, duty.trouble, rota.asked) == (Source.PAGERDUTY, None, 2)
