from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.people import SlackGroups, SlackPeople
from bot.domain.actor import Actor
from bot.ports.failures import PermanentFailure, TemporaryFailure
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.people import User
from tests.support.slack import slack_stand_in

ADDRESS = "ana.ortiz@example.com"
ANA, SAM, GUS = "U0ANA0001", "U0SAM0001", "U0GUS0001"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn()) as served:
        yield served


@pytest.fixture
async def connection(slack: SlackStandIn) -> AsyncIterator[SlackConnection]:
    opened = SlackConnection(token=slack.tokens.bot, base_url=f"{slack.url}/api/")
    yield opened
    await opened.aclose()


async def test_names_and_guests_are_known_once_read(connection: SlackConnection) -> None:
    people = SlackPeople(connection)
    assert (people.name_of(ANA), people.is_outsider(GUS)) == (None, False)
    await people.load()
    assert people.name_of(ANA) == "ana"
    assert [user for user in (ANA, SAM, GUS) if people.is_outsider(user)] == [GUS]


async def test_people_of_other_workspaces_and_those_who_left_are_outsiders(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    users, home = slack.workspace.users, slack.workspace.identity.team_id
    users["U1"] = User(id="U1", name="one", real_name="One", team_id="T0OTHER01")
    users["U2"] = User(id="U2", name="two", real_name="Two", team_id=home, stranger=True)
    users["U3"] = User(id="U3", name="three", real_name="Three", team_id=home, deleted=True)
    people = SlackPeople(connection)
    await people.load()
    assert all(people.is_outsider(user) for user in ("U1", "U2", "U3"))


async def test_who_is_an_outsider_is_remembered_as_text(connection: SlackConnection) -> None:
    people, recalled = SlackPeople(connection), SlackPeople(connection)
    await people.load()
    recalled.from_json(people.to_json())
    assert recalled.is_outsider(GUS)
    assert not recalled.is_outsider(ANA)


async def test_somebody_is_known_by_their_address_and_asked_for_once(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    people = SlackPeople(connection)
    known = await people.by_email(ADDRESS)
    assert known == Actor(id=ANA, name="ana")
    slack.faults.add("status", "users.lookupByEmail", status=502)
    assert await people.by_email(ADDRESS.upper()) == known
    await people.load()
    with pytest.raises(TemporaryFailure):  # everybody has been read again: addresses may have changed
        await people.by_email(ADDRESS)


async def test_an_address_that_nobody_has_now_may_be_somebodys_later(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    people = SlackPeople(connection)
    assert await people.by_email("new@example.com") is None
    slack.workspace.users[ANA].email = "new@example.com"
    assert await people.by_email("new@example.com") == Actor(id=ANA, name="ana")


async def test_a_guest_is_nobody_by_their_address_and_nor_is_who_has_left(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    people = SlackPeople(connection)
    assert await people.by_email(slack.workspace.users[GUS].email) is None
    assert await people.by_email(ADDRESS) is not None
    slack.workspace.users[ANA].deleted = True
    await people.load()
    assert await people.by_email(ADDRESS) is None


async def test_without_the_scope_for_addresses_that_is_said(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    slack.faults.add("error", "users.lookupByEmail", error="missing_scope")
    with pytest.raises(PermanentFailure, match="lacks the scope"):
        await SlackPeople(connection).by_email(ADDRESS)


async def test_groups_are_read_and_remembered(connection: SlackConnection) -> None:
    groups = SlackGroups(connection, ["S0ONCALL1", "S0SECURE1"])
    recalled = SlackGroups(connection, ["S0ONCALL1"])
    await groups.load()
    recalled.from_json(groups.to_json())
    assert groups.members("S0SECURE1") == frozenset({SAM})
    assert groups.members("S0ONCALL1") == frozenset({ANA})
    assert recalled.members("S0ONCALL1") == frozenset({ANA})
    assert recalled.members("S0SECURE1") is None, "the guide no longer names that group"


async def test_a_group_that_slack_does_not_know_is_a_problem_and_the_others_are_read(
    connection: SlackConnection,
) -> None:
    groups = SlackGroups(connection, ["S0NOBODY1", "S0SECURE1"])
    await groups.load()
    assert groups.members("S0SECURE1") == frozenset({SAM})
    assert groups.members("S0NOBODY1") is None
    assert [problem for problem in groups.problems if "S0NOBODY1 cannot be read" in problem]


async def test_a_failing_slack_leaves_groups_and_people_as_they_were(
    slack: SlackStandIn, connection: SlackConnection
) -> None:
    groups, people = SlackGroups(connection, ["S0ONCALL1"]), SlackPeople(connection)
    await groups.load()
    await people.load()
    for method in ("usergroups.users.list", "users.list"):
        slack.faults.add("status", method, status=502)
    for one in (groups, people):
        with pytest.raises(TemporaryFailure):
            await one.load()
    assert groups.members("S0ONCALL1") == frozenset({ANA})
    assert people.is_outsider(GUS)


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"S0ONCALL1": 3}', '[["x"]]'])
async def test_what_cannot_be_remembered_is_forgotten(connection: SlackConnection, text: str) -> None:
    groups, people = SlackGroups(connection, ["S0ONCALL1"]), SlackPeople(connection)
    groups.from_json(text)
    people.from_json(text)
    assert groups.members("S0ONCALL1") is None
    assert not people.is_outsider(ANA)
