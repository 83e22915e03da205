"""What people type, also when it is not quite right, and what they are told."""

from __future__ import annotations

import pytest

from tests.support.harness import World


async def test_the_number_is_not_needed_in_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 search is slow")
    await world.lee.mentions("ack", thread=world.card(2))
    assert world.card(2).says("*Acknowledged* by *lee*")
    assert world.card(1).says("Not acknowledged")


async def test_the_number_is_not_needed_where_only_one_is_open(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 search is slow")
    await world.kim.types("/incident resolve 1")
    reply = await world.lee.types("/incident ack")
    assert reply.text == "P1 #2 was acknowledged by lee."


async def test_where_several_are_open_the_bot_says_which(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.lee.types("/incident ack")
    shown = world.lee.sees[0]
    assert "2 incidents are open; say which: `ack 2`." in reply.text
    assert "Open: #2 checkout is down, #1 search is slow." in shown
    assert "/incident ack" in shown
    assert all(card.says("Not acknowledged") for card in world.cards())


async def test_where_none_is_open_the_bot_says_so(world: World) -> None:
    reply = await world.lee.types("/incident ack")
    assert "No incident is open. Say which: `ack 42`." in reply.text


async def test_a_number_that_is_none_is_answered_with_what_is_open(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.lee.types("/incident ack 7")
    assert "There is no incident #7. Open: #1 checkout is down." in reply.text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("akc 1", "There is no command “akc”. Did you mean `ack`?"),
        ("p0 service:paymnt cards are refused", "There is no service `paymnt`. Did you mean `payment`?"),
        ("p7 checkout is down", "Severities are P0 to P3; there is no P7."),
        ("update", "An update needs a text"),
    ],
)
async def test_what_is_wrong_is_told_to_its_author_alone_with_what_was_typed(
    world: World, line: str, answer: str
) -> None:
    reply = await world.kim.types(f"/incident {line}")
    (shown,) = world.kim.sees
    assert reply.body["response_type"] == "ephemeral"
    assert answer in shown
    assert line in shown
    assert not world.slack.messages
    assert not world.alerts()


async def test_a_command_that_is_not_served_is_told_what_is(world: World) -> None:
    reply = await world.kim.types("/deploy")
    assert reply.ok
    assert "/incident" in world.kim.sees[0]


async def test_help_names_the_services(world: World) -> None:
    await world.kim.types("/incident help")
    (shown,) = world.kim.sees
    assert "/incident p0 checkout is down" in shown
    assert "`payment` Payment Service" in shown


async def test_the_list_has_the_most_urgent_first(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.lee.types("/incident list")
    assert reply.text == "2 open incidents: P0 #2 checkout is down; P1 #1 search is slow"


async def test_showing_an_incident_tells_its_history(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    await world.lee.presses("Acknowledge")
    await world.ana.types("/incident show 1")
    (shown,) = world.ana.sees
    for sentence in ("Declared by kim", "Team Lead paged: On-call Engineer did not", "Acknowledged by lee"):
        assert sentence in shown


async def test_text_that_people_type_does_nothing_in_slack(world: World) -> None:
    await world.kim.types("/incident p0 <!channel> *checkout* is <http://evil.example|down>")
    text = world.card().text
    assert "<!channel>" not in text
    assert "<http://evil.example" not in text
    assert "checkout" in world.alerts()[0].title
