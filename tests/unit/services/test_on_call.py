from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from typing_extensions import override

from bot.domain.actor import Actor, pagerduty_person
from bot.domain.directory import Directory
from bot.domain.guide import Guide, ReachKind
from bot.domain.on_call import Duty, Turn
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.on_call import Colleagues, OnCall, OnCallPerson
from bot.services.on_call import WhoIsOnCall
from tests.support.builders import ANA, a_directory, a_guide, with_mention

ANA_THERE = OnCallPerson(name="Ana Ortiz", email="ana@example.com")
CY_THERE = OnCallPerson(name="Cy", email="cy@example.com")
NAMELESS = OnCallPerson(name="Di")


class Rota(OnCall):
    """Says that these are on call, whoever is asked for, and keeps what it was asked."""

    def __init__(self, *people: OnCallPerson) -> None:
        self.people = people
        self.asked: list[tuple[str, int | None]] = []

    @override
    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        self.asked.append((tier, level))
        return self.people

    @override
    async def turns(
        self, tier: str, level: int | None = None, *, since: datetime, until: datetime
    ) -> tuple[Turn, ...]:
        self.asked.append((tier, level))
        return tuple(Turn(name=one.name, email=one.email) for one in self.people)


class Addresses(Colleagues):
    """Knows people by these addresses, or fails."""

    def __init__(self, known: Mapping[str, Actor], failure: DeliveryFailure | None = None) -> None:
        self._known, self._failure = known, failure

    @override
    async def by_email(self, email: str) -> Actor | None:
        if self._failure is not None:
            raise self._failure
        return self._known.get(email)


def asking(
    rota: Rota, *, directory: Directory | None = None, failure: DeliveryFailure | None = None
) -> WhoIsOnCall:
    return WhoIsOnCall(
        on_call=rota,
        colleagues=Addresses({"ana@example.com": ANA}, failure),
        directory=directory or a_directory(),
        name_of={ANA.id: "Ana"}.get,
        is_outsider="U0GUEST".__eq__,
        members={"S0ONE": (ANA.id, "U0GUEST"), "S0TWO": (ANA.id, "U0NEW"), "S0NONE": ()}.get,
    )


def with_level(guide: Guide, tier: str, level: int) -> Guide:
    """The guide with a tier that is a level of the first one's policy."""
    changed = replace(guide.tiers[tier], reach=ReachKind.LEVEL, level=level)
    return replace(guide, tiers={**guide.tiers, tier: changed})


async def test_who_is_on_call_is_who_the_workspace_knows_and_the_others_by_name() -> None:
    duty = await asking(Rota(ANA_THERE, CY_THERE, NAMELESS)).ask("on-call")
    people = (ANA, pagerduty_person("Cy"), pagerduty_person("Di"))
    assert duty == Duty(tier="on-call", people=people, asked=True)
    assert duty.known == (ANA,)


async def test_a_tier_that_is_a_level_is_asked_for_at_its_level() -> None:
    rota = Rota()
    service = asking(rota, directory=a_directory(with_level(a_guide(), "team-lead", 2)))
    for tier in ("on-call", "team-lead"):
        await service.ask(tier)
    assert rota.asked == [("on-call", None), ("on-call", 2)]


@pytest.mark.parametrize(
    ("directory", "tier", "reason"),
    [
        (a_directory(keys=()), "on-call", "On-call Engineer has no PagerDuty routing key"),
        (a_directory(), "nobody", "nobody is no longer in the guide"),
    ],
)
async def test_a_tier_that_nobody_can_be_asked_about_is_refused_with_why(
    directory: Directory, tier: str, reason: str
) -> None:
    rota = Rota()
    with pytest.raises(PermanentFailure, match=reason):
        await asking(rota, directory=directory).ask(tier)
    assert rota.asked == []


async def test_where_slack_may_not_be_asked_for_addresses_names_are_told() -> None:
    refused = PermanentFailure("The bot's token lacks the scope users:read.email.")
    duty = await asking(Rota(ANA_THERE), failure=refused).ask("on-call")
    assert duty.people == (pagerduty_person("Ana Ortiz"),)


async def test_where_slack_does_not_answer_nothing_is_known() -> None:
    with pytest.raises(TemporaryFailure):
        await asking(Rota(ANA_THERE), failure=TemporaryFailure("down")).ask("on-call")


@pytest.mark.parametrize(
    ("groups", "people", "expected"),
    [
        ((), (ANA.id,), (ANA,)),
        ((), ("U0NEW",), (Actor(id="U0NEW", name="U0NEW"),)),
        ((), (), ()),
        ((), (ANA.id, "U0NEW"), ()),
        ((), ("U0GUEST",), ()),
        ((), ("U0GUEST", ANA.id), (ANA,)),
        (("S0ONE",), (), (ANA,)),
        (("S0ONE", "S0NONE"), (ANA.id,), (ANA,)),
        (("S0TWO",), (), ()),
        (("S0ONE",), ("U0NEW",), ()),
        (("S0UNREAD",), (ANA.id,), ()),
    ],
)
def test_the_guide_says_who_it_is_only_where_it_names_one_person(
    groups: tuple[str, ...], people: tuple[str, ...], expected: tuple[Actor, ...]
) -> None:
    guide = with_mention(a_guide(), "on-call", groups=groups, people=people)
    duty = asking(Rota(), directory=a_directory(guide)).by_guide("on-call")
    assert duty == Duty(tier="on-call", people=expected, asked=False)


def test_a_tier_that_the_guide_has_no_more_has_nobody() -> None:
    assert asking(Rota()).by_guide("nobody").people == ()
