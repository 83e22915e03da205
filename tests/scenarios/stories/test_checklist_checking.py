"""People check items off: by button, by command, in the run's thread, alone with the bot."""

from __future__ import annotations

import asyncio

from bot.views.checklists.buttons import DONE, Pressed, encode
from tests.support.harness import World
from tests.support.people import Card, Person

LEE, GUS = "<@U0LEE0001|lee>", "<@U0GUS0001|gus>"


async def begun(world: World) -> Card:
    """A health check of three items stands, as C1."""
    await world.kim.types("/checklist run health-check")
    return world.run_card("Health Check")


def now(world: World) -> Card:
    """Its card as it is now."""
    return world.run_card("Health Check")


async def says(world: World, person: Person, text: str) -> str:
    """Somebody writes to the bot alone, and what it answers."""
    workspace = world.slack.workspace
    direct = workspace.direct(workspace.find_user(person.name).id)
    world.slack.say(person.name, direct.id, text)
    await world.settle()
    return [one.text for one in direct.messages.values()][-1]


async def test_an_item_is_done_by_its_button_and_the_card_shows_by_whom(world: World) -> None:
    card = await begun(world)
    await world.ana.presses("Done", card=card)
    assert now(world).says("1 of 3 done")
    assert now(world).says("ana")
    assert now(world).thread == [], "the card says it"
    assert world.ana.sees == [], "and so nobody has to be answered"


async def test_several_items_are_done_with_one_line(world: World) -> None:
    await begun(world)
    reply = await world.ana.types("/checklist done 1 2")
    assert "Items 1, 2 are done. C1 Health Check: 2 of 3 done, open: 3." in reply.text
    reply = await world.ana.types("/checklist done 2 3")
    assert (
        "Item 3 is done. You have done item 2 of C1 already, 12:00 EDT. C1 Health Check is done."
        in reply.text
    )
    assert now(world).says("Done")
    assert "Done" not in now(world).labels


async def test_in_the_threads_of_runs_no_number_is_needed(world: World) -> None:
    await begun(world)
    await world.kim.types("/checklist run alert-review")
    reply = await world.ana.types("/checklist done 1")
    assert "2 runs are open; say which: `done C1 2`." in reply.text
    await world.ana.mentions("done 1", thread=now(world))
    assert "Item 1 is done. C1 Health Check: 1 of 3 done" in world.ana.sees[-1]
    await world.ana.mentions("checklist done 2", thread=now(world))
    await world.ana.mentions("checklist done C1 3")
    assert now(world).says("3 of 3 done")


async def test_in_a_runs_thread_other_commands_are_found_by_their_word(world: World) -> None:
    card = await begun(world)
    await world.ana.mentions("alerts list", thread=card)
    assert "No alert is firing." in world.ana.sees[-1]
    await world.ana.mentions("p2 checkout is slow", thread=card)
    assert world.card().says("checkout is slow"), "whoever finds something declares it where they are"
    await world.ana.mentions("ack", thread=card)
    assert (
        "This thread is no incident's; say which one: `ack 1`. Open: #1 checkout is slow."
        in (world.ana.sees[-1])
    )
    await world.ana.mentions("ack 1", thread=card)
    assert world.card().says("Acknowledged* by *ana*")


async def test_outside_a_runs_thread_words_of_reviews_are_led_to_their_command(world: World) -> None:
    await begun(world)
    for line, word in (("done C1 2", "done"), ("take 1", "take"), ("C1", "C1")):
        await world.ana.mentions(line)
        said = f"“{word}” is said of reviews: `/checklist {line}`"
        assert f"{said}, or where you talk to the bot `checklist {line}`." in world.ana.sees[-1]
    reply = await world.ana.types("/incident problem 1 disk is full")
    assert "“problem” is said of reviews" in reply.text
    assert "You typed: `/incident problem 1 disk is full`" in reply.text
    assert now(world).says("0 of 3 done")


async def test_alone_with_the_bot_it_begins_with_the_word(world: World) -> None:
    await begun(world)
    answer = await says(world, world.ana, "checklist done C1 2")
    assert "Item 2 is done." in answer
    assert now(world).says("1 of 3 done")


async def test_of_two_who_check_the_same_item_one_wins_and_the_other_is_told(either_world: World) -> None:
    world = either_world
    card = await begun(world)
    run = Pressed(action=DONE, run=_run_of(card), position=2)
    where = (card.message.channel, card.message.ts)
    await asyncio.gather(
        *(world.slack.click(name, *where, DONE, encode(run)) for name in ("ana", "lee", "dia"))
    )
    await world.settle()
    told = [seen for one in (world.ana, world.lee, world.dia) for seen in one.sees]
    assert len(told) == 2
    assert all(" has done item 2 of C1 already, 12:00 EDT." in seen for seen in told)
    assert now(world).says("1 of 3 done")


async def test_the_same_press_again_does_nothing_twice(world: World) -> None:
    card = await begun(world)
    await world.ana.presses("Done", card=card)
    await world.slack.redeliver()
    await world.settle()
    assert world.ana.sees == [], "it is no second press"
    assert now(world).says("1 of 3 done")


async def test_what_was_checked_is_there_after_a_crash_and_its_card_shows_it(world: World) -> None:
    card = await begun(world)
    world.slack.faults.add("error", "chat.update", error="fatal_error", count=50)
    await world.ana.presses("Done", card=card)
    await world.stop()
    world.slack.faults.clear()
    await world.start()
    await world.forward(minutes=2)
    assert now(world).says("1 of 3 done")
    assert len(world.run_cards()) == 1


async def test_an_item_is_taken_and_handed_over_and_whoever_gets_it_is_mentioned(world: World) -> None:
    await world.kim.types("/checklist run cost-review")
    await world.ana.presses("Take it", card=world.run_card("Cost Review"))
    assert world.run_card("Cost Review").says("ana has it")
    assert world.run_card("Cost Review").thread == []
    reply = await world.ana.types(f"/checklist give 2 {LEE}")
    assert "Item 2 is lee's now." in reply.text
    [line] = world.run_card("Cost Review").thread
    assert "<@U0LEE0001>" in line
    reply = await world.dia.types("/checklist take 2")
    assert "lee has item 2 of C1 already; `give C1 2 @…` hands it over." in reply.text


async def test_whose_the_run_is_learns_that_somebody_else_takes_it(world: World) -> None:
    card = await begun(world)
    await world.ana.presses("Take it", card=card)
    assert "Nothing to take: you have items 1, 2, 3." in world.ana.sees[-1], "whoever is on call has it"
    await world.lee.presses("Take it", card=card)
    assert now(world).says("lee has it")
    [line] = now(world).thread
    assert "<@U0ANA0001>" in line


async def test_a_mention_in_a_thread_hands_over_by_name(world: World) -> None:
    card = await begun(world)
    await world.ana.mentions("give 2 <@U0LEE0001>", thread=card)
    assert now(world).says("lee has it")


async def test_what_does_not_apply_is_settled_with_a_reason(world: World) -> None:
    await begun(world)
    reply = await world.ana.types("/checklist na 2")
    assert "Why does it not apply?" in reply.text
    assert "You typed: `/checklist na 2`" in reply.text
    reply = await world.ana.types("/checklist na 2 no deploys this week")
    assert "Item 2 does not apply this time." in reply.text
    assert now(world).says("no deploys this week")


async def test_a_note_stands_in_the_thread(world: World) -> None:
    await begun(world)
    await world.ana.types("/checklist note 2 db-2 is at 78 %")
    [line] = now(world).thread
    assert "db-2 is at 78 %" in line
    assert "ana" in line


async def test_a_run_that_was_done_is_open_again_with_its_item(world: World) -> None:
    await begun(world)
    await world.ana.types("/checklist done all")
    reply = await world.ana.types("/checklist done C1 2")
    assert "You have done item 2 of C1 already, 12:00 EDT." in reply.text
    reply = await world.lee.types("/checklist open C1 2")
    assert "Item 2 is open again. C1 Health Check: 2 of 3 done, open: 2." in reply.text
    assert "Done" in now(world).labels


async def test_a_run_after_which_another_came_stays_done(world: World) -> None:
    await begun(world)
    await world.ana.types("/checklist done all")
    await world.ana.types("/checklist run health-check")
    reply = await world.ana.types("/checklist open C1 2")
    assert "C1 Health Check is done, and C2 has come since" in reply.text


async def test_a_button_of_an_old_card_says_what_is_so_now(world: World) -> None:
    card = await begun(world)
    await world.ana.types("/checklist done all")
    await world.lee.presses("Done", card=card)
    assert "ana has done item 1 of C1 already, 12:00 EDT." in world.lee.sees[-1]
    await world.lee.presses("Take it", card=card)
    assert "C1 Health Check is done." in world.lee.sees[-1]


async def test_a_guest_looks_only(world: World) -> None:
    card = await begun(world)
    await world.gus.presses("Done", card=card)
    assert (
        "Guests and people of other workspaces may look, but not see to the items of a checklist."
        in (world.gus.sees[-1])
    )
    await world.gus.types("/checklist run dr-testing", channel="general")
    assert "may look, but not run a checklist" in world.gus.sees[-1]
    await world.gus.types("/checklist", channel="general")
    assert "C1" in world.gus.sees[-1]
    reply = await world.ana.types(f"/checklist give 2 {GUS}")
    assert "gus is a guest, or of another workspace, and can check nothing off." in reply.text
    assert now(world).says("0 of 3 done")


async def test_an_item_that_is_not_there_is_refused_with_those_that_are(world: World) -> None:
    await begun(world)
    reply = await world.ana.types("/checklist done 9")
    assert "C1 Health Check has items 1 to 3; there is no item 9." in reply.text
    reply = await world.ana.types("/checklist done C1")
    assert "Which items? `done 2`" in reply.text


async def test_evidence_is_read_again_when_asked(world: World) -> None:
    await begun(world)
    reply = await world.ana.types("/checklist refresh")
    assert "The evidence of C1 is being read" in reply.text
    await world.ana.types("/checklist done all")
    reply = await world.ana.types("/checklist refresh C1")
    assert "Evidence stays as it was then." in reply.text


def _run_of(card: Card) -> str:
    _, value = card.find("Done")
    return value.split("|")[1]
