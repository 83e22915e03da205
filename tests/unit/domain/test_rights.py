from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.actor import Actor
from bot.domain.deed import ENDING, FROM_ANYWHERE, Deed
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Mention, Roles
from bot.domain.incident import Incident, Room
from bot.domain.rights import Rights
from tests.support.builders import an_incident
from tests.support.runs import a_run

ANA, LEE, SAM, GUS, NEW = (Actor(id=f"U{name}", name=name) for name in ("ana", "lee", "sam", "gus", "new"))
HOME, ELSEWHERE = "C1", "C2"
USUAL = an_incident(declared_by=NEW)
SECRET = an_incident(security=True, declared_by=Actor(id="Uzoe", name="zoe"))
GROUPS = {"S1": {"Uana"}, "S2": {"Ulee"}, "S3": {"Usam"}}
ROLES = Roles(
    responders=Mention(groups=("S1",)), leads=Mention(groups=("S2",)), security=Mention(groups=("S3",))
)


def rights(roles: Roles = ROLES) -> Rights:
    return Rights(
        roles=roles,
        is_outsider=lambda user: user == GUS.id,
        members=GROUPS.get,
        is_home=lambda _incident, channel: channel == HOME,
    )


@pytest.mark.parametrize("deed", Deed)
def test_a_guest_may_look_only(deed: Deed) -> None:
    with pytest.raises(ForbiddenError, match="Guests and people of other workspaces may look, but not"):
        rights(Roles()).check(deed, GUS)
    with pytest.raises(ForbiddenError, match="Guests and people of other workspaces may look, but not"):
        rights(Roles()).check_on(deed, GUS, SECRET, HOME)


@pytest.mark.parametrize("deed", Deed)
def test_where_the_guide_names_no_group_everybody_may(deed: Deed) -> None:
    rights(Roles(leads=ROLES.leads)).check_on(deed, NEW, USUAL, ELSEWHERE)


@pytest.mark.parametrize("deed", sorted(set(Deed) - ENDING))
def test_what_calls_people_is_everybodys_to_do(deed: Deed) -> None:
    rights().check_on(deed, NEW, USUAL, ELSEWHERE)


@pytest.mark.parametrize("deed", sorted(ENDING))
def test_what_stops_calling_people_is_the_responders_and_the_leads_to_do(deed: Deed) -> None:
    rights().check_on(deed, ANA, USUAL, ELSEWHERE)
    rights().check_on(deed, LEE, USUAL, ELSEWHERE)
    with pytest.raises(ForbiddenError, match="leaves that to the responders and the team leads") as refused:
        rights().check_on(deed, SAM, USUAL, ELSEWHERE)
    assert deed.phrase in str(refused.value)


@pytest.mark.parametrize("deed", sorted(ENDING))
def test_a_security_incident_is_the_security_teams_to_end(deed: Deed) -> None:
    rights().check_on(deed, SAM, SECRET, ELSEWHERE)
    rights().check_on(deed, LEE, SECRET, ELSEWHERE)
    with pytest.raises(ForbiddenError, match="leaves that to the security team"):
        rights().check_on(deed, ANA, SECRET, HOME)


@pytest.mark.parametrize("deed", sorted(FROM_ANYWHERE))
def test_whoever_is_called_for_a_security_incident_takes_it_from_anywhere(deed: Deed) -> None:
    rights().check_on(deed, ANA, SECRET, ELSEWHERE)
    rights().check_on(deed, ANA, SECRET, None)


@pytest.mark.parametrize("roles", [ROLES, Roles()])
@pytest.mark.parametrize("deed", sorted(set(Deed) - FROM_ANYWHERE))
def test_nobody_changes_a_security_incident_by_its_number_alone(deed: Deed, roles: Roles) -> None:
    for channel in (ELSEWHERE, None):
        with pytest.raises(
            ForbiddenError, match="is a security incident: from here you may `ack`"
        ) as refused:
            rights(roles).check_on(deed, ANA, SECRET, channel)
        assert SECRET.title not in str(refused.value)


@pytest.mark.parametrize("deed", sorted(set(Deed) - ENDING))
@pytest.mark.parametrize(
    "incident",
    [
        replace(SECRET, declared_by=ANA),
        replace(SECRET, acknowledged_by=ANA),
        replace(SECRET, roles={"scribe": ANA}),
    ],
)
def test_who_has_to_do_with_a_security_incident_changes_it_from_anywhere(
    deed: Deed, incident: Incident
) -> None:
    rights().check_on(deed, ANA, incident, ELSEWHERE)


@pytest.mark.parametrize("deed", sorted(set(Deed) - ENDING))
def test_who_is_where_a_security_incident_is_told_changes_it(deed: Deed) -> None:
    rights().check_on(deed, ANA, SECRET, HOME)
    rights().check_on(deed, SAM, SECRET, ELSEWHERE)


@pytest.mark.parametrize("deed", Deed)
def test_a_group_that_slack_has_not_told_keeps_nobody_out(deed: Deed) -> None:
    unknown = Mention(groups=("S9",))
    rights(Roles(responders=unknown)).check_on(deed, NEW, USUAL, ELSEWHERE)
    rights(Roles(security=unknown)).check_on(deed, NEW, SECRET, ELSEWHERE)


@pytest.mark.parametrize("deed", [Deed.APPROVE_CHANGE, Deed.OVERRIDE_GATE])
def test_a_group_that_slack_has_not_told_lets_nobody_change_production(deed: Deed) -> None:
    unknown = Mention(people=(LEE.id,), groups=("S9", "S1"))
    asked = rights(Roles(approvers=unknown, leads=unknown))
    with pytest.raises(ForbiddenError, match="has not told"):
        asked.check_changes(deed, NEW)
    asked.check_changes(deed, LEE)
    asked.check_changes(deed, ANA)
    for careful in (Deed.REJECT_CHANGE, Deed.FREEZE):
        asked.check_changes(careful, NEW)


def test_a_person_of_the_guide_needs_no_group() -> None:
    people = Mention(people=(NEW.id,))
    rights(Roles(responders=people)).check_on(Deed.RESOLVE, NEW, USUAL, ELSEWHERE)


RUNS = sorted({Deed.CHECK, Deed.REPORT_PROBLEM, Deed.SOLVE_PROBLEM, Deed.RUN_CHECKLIST})


@pytest.mark.parametrize("deed", RUNS)
def test_a_guest_only_looks_at_a_checklist(deed: Deed) -> None:
    with pytest.raises(ForbiddenError, match=f"may look, but not {deed.phrase} a checklist"):
        rights(Roles()).check_run(deed, GUS, a_run(), HOME)


@pytest.mark.parametrize("deed", RUNS)
def test_a_run_is_everybodys_and_the_security_teams_is_theirs_who_have_to_do_with_it(deed: Deed) -> None:
    rights().check_run(deed, NEW, a_run(), ELSEWHERE)
    secret = a_run(security=True)
    rights().check_run(deed, NEW, secret, HOME)
    rights().check_run(deed, SAM, secret, None)
    rights().check_run(deed, NEW, a_run(security=True, owner=NEW), None)
    with pytest.raises(ForbiddenError, match="C12 is the security team's"):
        rights().check_run(deed, NEW, secret, ELSEWHERE)


def in_a_room(*invited: str, private: bool = True) -> Incident:
    return replace(SECRET, room=Room(id="C9", name="inc-1-security", private=private, invited=invited))


def test_anybody_may_know_of_what_is_no_secret() -> None:
    assert rights().may_know(GUS.id, USUAL)


@pytest.mark.parametrize(
    ("user", "incident"),
    [
        ("Uzoe", SECRET),  # who has declared it
        ("Usam", SECRET),  # the security team
        ("Unew", in_a_room("Unew")),
        ("Uana", in_a_room("S1")),  # a group that was invited
    ],
)
def test_who_is_in_it_may_know_of_a_security_incident(user: str, incident: Incident) -> None:
    assert rights().may_know(user, incident)


@pytest.mark.parametrize(
    ("user", "incident"),
    [
        ("Unew", SECRET),
        ("Ulee", SECRET),  # leads act on it, and read of it where it is told
        ("Uana", replace(SECRET, acknowledged_by=ANA)),  # anybody may take it by its number
        ("Unew", in_a_room("Unew", private=False)),
        ("Unew", in_a_room("S1")),
        (GUS.id, replace(SECRET, declared_by=GUS)),
        (GUS.id, in_a_room(GUS.id)),
    ],
)
def test_others_may_not(user: str, incident: Incident) -> None:
    assert not rights().may_know(user, incident)


def test_what_is_not_known_keeps_out_who_wants_to_know() -> None:
    untold = Roles(security=Mention(groups=("S9",)))
    assert not rights(untold).may_know(SAM.id, SECRET), "nobody has told yet who is in that group"
    assert not rights(Roles()).may_know(SAM.id, SECRET), "the guide names no security team"
