"""Changes where people talk to the bot: in their card's thread, elsewhere, and alone with it."""

from __future__ import annotations

from tests.support.change_stories import TUESDAY, asks, form, part, says
from tests.support.harness import World
from tests.support.people import Card


async def test_in_a_changes_thread_no_number_is_needed(world: World) -> None:
    await asks(world.ana)
    await asks(world.ana, title="New search")
    await world.lee.mentions("approve looks good", thread=world.change_card(2))
    assert world.change_card(2).says("1 of 1")
    assert world.change_card(1).says("0 of 1")
    assert "CH2" in world.lee.sees[-1]


async def test_elsewhere_it_begins_with_its_word(world: World) -> None:
    await asks(world.ana)
    await world.lee.mentions("change approve CH1")
    assert world.change_card().says("1 of 1")
    for said in ("changes", "changes list", "changes payment"):
        await world.lee.mentions(said)
    assert "Open changes: CH1 New checkout" in world.lee.sees[-3]
    assert "Open changes: CH1 New checkout" in world.lee.sees[-2]
    assert "What do you want to change?" in world.lee.sees[-1]


async def test_its_whole_life_is_led_from_its_thread(world: World) -> None:
    await asks(world.ana)
    card = world.change_card()
    await world.lee.mentions("approve", thread=card)
    await world.ana.mentions("next", thread=card)
    await world.forward_to(TUESDAY)
    for said in ("start", "note half of it", "next", "done all is well"):
        await world.ana.mentions(said, thread=card)
    assert world.change_card().says("Done")


async def test_alone_with_the_bot_it_is_the_same(world: World) -> None:
    await asks(world.ana)
    assert "CH1" in await says(world, world.lee, "change approve CH1")
    assert world.change_card().says("1 of 1")
    assert "There is no command “aprove”" in await says(world, world.lee, "change aprove CH1")


async def test_where_no_form_opens_a_button_does(world: World) -> None:
    await world.ana.mentions("change payment: New checkout")
    assert "What do you want to change?" in world.ana.sees[-1]
    message = world.slack.ephemerals("ana")[-1]
    await world.ana.presses("Major Change", card=Card.of(world.slack, message))
    view = form(world)
    assert part(view, "kind")["element"]["initial_option"]["value"] == "major"
    assert part(view, "service")["element"]["initial_option"]["value"] == "payment"
    assert part(view, "title")["element"]["initial_value"] == "New checkout"


async def test_an_edit_is_offered_as_a_button_there(world: World) -> None:
    await asks(world.ana)
    await world.ana.mentions("edit", thread=world.change_card())
    message = world.slack.ephemerals("ana")[-1]
    await world.ana.presses("Edit", card=Card.of(world.slack, message))
    assert part(form(world), "title")["element"]["initial_value"] == "New checkout"


async def test_in_a_changes_thread_an_incident_is_still_declared(world: World) -> None:
    await asks(world.ana)
    await world.ana.mentions("p2 checkout is slow", thread=world.change_card())
    assert world.card().says("checkout is slow")


async def test_a_mention_that_comes_again_does_nothing_twice(world: World) -> None:
    await asks(world.ana, kind="major")
    said = await world.lee.mentions("approve", thread=world.change_card())
    await world.slack.redeliver(said)
    await world.settle()
    assert world.change_card().says("1 of 2")


async def test_a_guest_is_refused_there_too(world: World) -> None:
    await asks(world.ana)
    await world.gus.mentions("approve", thread=world.change_card())
    assert "Guests" in world.gus.sees[-1]
    await world.gus.mentions("change")
    assert "Guests" in world.gus.sees[-1]


async def test_what_names_a_change_or_asks_the_gate_needs_no_word_before_it(world: World) -> None:
    await asks(world.ana)
    await world.lee.mentions("approve CH1 looks good")
    assert world.change_card().says("1 of 1")
    await world.ana.mentions("CH1 next")
    assert world.change_card().says("Testing")
    await world.ana.mentions("gate payment")
    assert "Payment Service" in world.ana.sees[-1]
    assert "May Payment Service be changed now" in await says(world, world.ana, "gate payment")
    assert "New checkout" in await says(world, world.ana, "CH1")
    assert "New checkout" in await says(world, world.ana, "show CH1")


async def test_a_word_of_changes_is_no_slip_for_an_incidents(world: World) -> None:
    await asks(world.ana)
    for said in ("approve", "freeze payment until fri 18:00 sale", "start"):
        answer = await says(world, world.lee, said)
        assert f"Do you mean `/change {said}`" in answer
        assert f"`change {said}`?" in answer
    assert world.change_card().says("0 of 1")
    assert "`alerts silence A1 4h`" in await says(world, world.lee, "silence A1 4h")
    reply = await world.lee.types("/incident gate payment")
    assert "`/change gate payment`" in reply.text


async def test_a_note_of_an_incident_may_speak_of_a_change(world: World) -> None:
    await asks(world.ana)
    await world.ana.types("/incident p2 checkout is slow")
    await world.ana.mentions("note CH1 is at fault", thread=world.card())
    assert "CH1 is at fault" in "\n".join(world.card().thread)
    assert not any("at fault" in line for line in world.change_card().thread)
