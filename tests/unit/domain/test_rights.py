from __future__ import annotations

import pytest

from bot.domain.actor import Actor
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Mention, Roles
from bot.domain.rights import ENDING, Deed, Rights

ANA, LEE, SAM, GUS, NEW = (Actor(id=f"U{name}", name=name) for name in ("ana", "lee", "sam", "gus", "new"))
GROUPS = {"S1": {"Uana"}, "S2": {"Ulee"}, "S3": {"Usam"}}
ROLES = Roles(
    responders=Mention(groups=("S1",)), leads=Mention(groups=("S2",)), security=Mention(groups=("S3",))
)


def rights(roles: Roles = ROLES) -> Rights:
    return Rights(
        roles=roles,
        is_outsider=lambda user: user == GUS.id,
        members=GROUPS.get,
    )


@pytest.mark.parametrize("deed", Deed)
def test_a_guest_may_look_only(deed: Deed) -> None:
    with pytest.raises(ForbiddenError, match="Guests and people of other workspaces may look, but not"):
        rights(Roles()).check(deed, GUS)


@pytest.mark.parametrize("deed", Deed)
def test_where_the_guide_names_no_group_everybody_may(deed: Deed) -> None:
    rights(Roles(leads=ROLES.leads)).check(deed, NEW)


@pytest.mark.parametrize("deed", sorted(set(Deed) - ENDING))
def test_what_calls_people_is_everybodys_to_do(deed: Deed) -> None:
    rights().check(deed, NEW)


@pytest.mark.parametrize("deed", sorted(ENDING))
def test_what_stops_calling_people_is_the_responders_and_the_leads_to_do(deed: Deed) -> None:
    rights().check(deed, ANA)
    rights().check(deed, LEE)
    with pytest.raises(ForbiddenError, match="leaves that to the responders and the team leads") as refused:
        rights().check(deed, SAM)
    assert deed.phrase in str(refused.value)


@pytest.mark.parametrize("deed", sorted(ENDING))
def test_a_security_incident_is_the_security_teams_to_end(deed: Deed) -> None:
    rights().check(deed, SAM, security=True)
    rights().check(deed, LEE, security=True)
    with pytest.raises(ForbiddenError, match="leaves that to the security team"):
        rights().check(deed, ANA, security=True)


@pytest.mark.parametrize("deed", Deed)
def test_a_group_that_slack_has_not_told_keeps_nobody_out(deed: Deed) -> None:
    rights(Roles(responders=Mention(groups=("S9",)))).check(deed, NEW)


def test_a_person_of_the_guide_needs_no_group() -> None:
    rights(Roles(responders=Mention(people=(NEW.id,)))).check(Deed.RESOLVE, NEW)
