from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor, pagerduty_person
from bot.domain.directory import Directory
from bot.domain.guide import Mention
from bot.domain.incident import Incident, Room, Status
from bot.domain.incident_policy import RoomPolicy
from bot.domain.room import (
    NAME_LIMIT,
    belongs_in_room,
    is_private_room,
    not_invited_yet,
    room_name,
    room_topic,
    wants_room,
)
from bot.domain.severity import Severity
from tests.support.builders import a_directory
from tests.support.cards import ANA, KIM, an_incident
from tests.support.harness import ON_CALL, TEAM_LEAD, a_staffed_guide

ROOM = Room(id="C0ROOM001", name="inc-42-checkout-is-down")
SLACK_NAME = re.compile(r"[a-z0-9][a-z0-9-]*[a-z0-9]")


def a_roomy_directory(**room: Any) -> Directory:
    guide = a_staffed_guide()
    severities = {key: replace(one, room=key is Severity.P0) for key, one in guide.severities.items()}
    guide = replace(
        guide,
        severities=MappingProxyType(severities),
        incidents=replace(guide.incidents, room=RoomPolicy(**room)),
        roles=replace(guide.roles, security=Mention(groups=("S0SECURE1",))),
    )
    return replace(a_directory(), guide=guide)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("checkout is down", "inc-42-checkout-is-down"),
        ("Checkout: 50% <!channel> #500s", "inc-42-checkout-50-channel-500s"),
        ("Überlastung der Größe", "inc-42-uberlastung-der-groe"),
        ("チェックアウト", "inc-42"),
    ],
)
def test_a_room_is_called_by_number_and_title(title: str, name: str) -> None:
    assert room_name(an_incident(title=title)) == name


@given(title=st.text(max_size=300), drill=st.booleans())
def test_any_title_gives_a_name_that_slack_takes_even_with_a_number_after_it(title: str, drill: bool) -> None:
    name = room_name(an_incident(title=title, drill=drill)) + "-9"
    assert len(name) <= NAME_LIMIT
    assert SLACK_NAME.fullmatch(name)
    assert "--" not in name


def test_a_security_incidents_room_is_not_called_by_its_title() -> None:
    assert room_name(an_incident(security=True, title="token leaked")) == "inc-42-security"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"severity": Severity.P1}, False),
        ({"room": ROOM}, False),
        ({"status": Status.RESOLVED}, False),
    ],
)
def test_a_room_is_wanted_where_the_guide_says_so_and_there_is_none(
    changes: dict[str, Any], wanted: bool
) -> None:
    assert wants_room(an_incident(**changes), a_roomy_directory()) is wanted


def test_a_room_is_private_where_the_guide_says_so_and_always_of_a_security_incident() -> None:
    secret = an_incident(security=True)
    assert not is_private_room(an_incident(), a_roomy_directory())
    assert is_private_room(secret, a_roomy_directory())
    assert is_private_room(an_incident(), a_roomy_directory(private=True))


def topic(**changes: Any) -> str:
    return room_topic(an_incident(**changes), a_roomy_directory())


def test_the_topic_says_how_urgent_it_is_how_it_stands_and_who_leads() -> None:
    taken = {"status": Status.ACKNOWLEDGED, "acknowledged_by": ANA}
    assert topic() == "P0 | not acknowledged | nobody leads yet"
    assert topic(**taken, roles={"commander": KIM}) == "P0 | acknowledged | Kim Larsen leads"
    assert topic(drill=True).startswith("TEST P0 | ")


def invited(incident: Incident, *called: str) -> Mention:
    return belongs_in_room(incident, called, a_roomy_directory())


def test_who_declares_acknowledges_and_has_a_role_belongs_in_it_and_the_tiers_that_are_called() -> None:
    lee = Actor(id="U0LEE0001", name="lee")
    one = an_incident(acknowledged_by=ANA, roles={"scribe": lee, "commander": ANA})
    who = invited(one, "on-call", "team-lead")
    assert who.people == (KIM.id, ANA.id, lee.id)
    assert who.groups == (ON_CALL, TEAM_LEAD)


def test_who_acknowledged_in_pagerduty_cannot_be_invited() -> None:
    assert invited(an_incident(acknowledged_by=pagerduty_person("Ana"))).people == (KIM.id,)


def test_of_a_security_incident_only_who_declared_it_its_team_and_who_is_called() -> None:
    who = invited(an_incident(security=True, acknowledged_by=ANA, roles={"scribe": ANA}), "on-call")
    assert who.people == (KIM.id,)
    assert "S0SECURE1" in who.groups
    assert ON_CALL in who.groups


def test_nobody_is_invited_twice() -> None:
    wanted = Mention(people=(KIM.id, ANA.id), groups=(ON_CALL,))
    left = not_invited_yet(replace(ROOM, invited=(KIM.id, ON_CALL)), wanted)
    assert left == Mention(people=(ANA.id,))
