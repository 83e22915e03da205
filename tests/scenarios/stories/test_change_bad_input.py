"""`/change` with what means nothing: what is wrong and what is right, to nobody but who typed it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.views.changes.help import CHANGE_HELP_EXAMPLES
from tests.support.change_stories import asks, form, started, wrong
from tests.support.harness import World


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("aprove CH1", "There is no command “aprove”. Did you mean `approve`?"),
        ("CH1 aprove", "Did you mean `approve`?"),
        ("rolback CH1", "Did you mean `rollback`?"),
        ("approve CH9", "There is no change CH9. Open: CH1 New checkout."),
        ("approve C1", "`C1` is a checklist's run. A change is `CH1`."),
        ("show A1", "`A1` is an alert. A change is `CH1`."),
        ("show CH99999999999", "that number is too big"),
        ("request standart", "Did you mean `standard`?"),
        ("request standard paymnt", "There is no service “paymnt”. Did you mean `payment`?"),
        ("list paymnt", "Did you mean `payment`?"),
        ("gate paymnt", "Did you mean `payment`?"),
        ("gate payment mayor", "There is no type of change “mayor”. Did you mean `major`?"),
        ("note CH1", "What is to be noted?"),
        ("reject CH1", "Why?"),
        ("start CH1 override", "`start CH1 override: why it must be now`"),
        ("done CH1", "CH1 lacks 1 approval"),
        ("next CH1", "CH1 lacks 1 approval"),
        ("edit soon", "`edit CH12`"),
        ("freze payment", "There is no"),
    ],
)
async def test_a_line_is_refused_with_what_is_right(world: World, line: str, why: str) -> None:
    await asks(world.ana)
    posted = len(world.slack.messages)
    reply = await world.lee.types(f"/change {line}")
    assert why in reply.text
    assert f"You typed: `/change {line}`" in reply.text, "nothing is lost"
    assert len(world.slack.messages) == posted, "nobody else is told"


async def test_without_a_number_it_is_the_only_one_or_all_are_named(world: World) -> None:
    reply = await world.lee.types("/change approve")
    assert "No change" in reply.text
    await asks(world.ana)
    await asks(world.ana, title="New search", service="platform")
    reply = await world.lee.types("/change approve")
    assert "CH1 New checkout" in reply.text
    assert "CH2 New search" in reply.text
    assert "`approve CH" in reply.text
    await world.lee.types("/change approve CH2")
    assert world.change_card(2).says("1 of 1")


async def test_a_word_alone_means_what_waits_for_it(world: World) -> None:
    await started(world)
    await asks(world.ana, title="New search", service="platform")
    reply = await world.lee.types("/change next")
    assert "2 changes are open; say which: `next CH" in reply.text
    reply = await world.lee.types("/change approve")
    assert "You have approved CH2" in reply.text
    reply = await world.lee.types("/change rollback errors at 5 %")
    assert "CH1 is being rolled back" in reply.text
    assert world.change_card(1).says("errors at 5 %")


async def test_numbers_are_read_however_they_are_typed(world: World) -> None:
    await asks(world.ana)
    for line in ("show CH1", "show 1", "show #1", "CH1", "1", "#1", "show"):
        reply = await world.lee.types(f"/change {line}")
        assert "New checkout" in reply.text, line


async def test_what_there_is_is_listed(world: World) -> None:
    reply = await world.lee.types("/change list")
    assert "No change" in reply.text
    await asks(world.ana)
    await asks(world.lee, title="New search", service="api-gateway")
    for line, listed in (
        ("list", {"CH1", "CH2"}),
        ("list open", {"CH1", "CH2"}),
        ("list all", {"CH1", "CH2"}),
        ("list payment", {"CH1"}),
        ("list API Gateway", {"CH2"}),
        ("mine", {"CH1", "CH2"}),  # one is Lee's, and the other waits for them
    ):
        reply = await world.lee.types(f"/change {line}")
        titles = {"CH1": "New checkout", "CH2": "New search"}
        found = {label for label, title in titles.items() if f"{label} {title}" in world.lee.sees[-1]}
        assert found == listed, (line, world.lee.sees[-1])


async def test_what_is_of_the_platform_is_listed_by_its_name(world: World) -> None:
    await asks(world.ana, service="platform")
    await world.lee.types("/change list platform")
    assert "Open changes of the platform: CH1 New checkout" in world.lee.sees[-1]


async def test_what_does_not_wait_for_somebody_is_not_theirs(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.lee.types("/change mine")
    assert "New checkout" not in world.lee.sees[-1]
    await world.ana.types("/change list mine")
    assert "CH1 New checkout" in world.ana.sees[-1]


async def test_the_gate_answers_for_a_service_a_type_and_a_change(world: World) -> None:
    await asks(world.ana)
    for line in ("gate payment", "gate payment standard", "gate CH1", "gate", "gate platform emergency"):
        reply = await world.lee.types(f"/change {line}")
        assert reply.text, line
    assert "approv" in world.lee.sees[-2]


async def test_the_help_has_every_type_of_the_guide(world: World) -> None:
    reply = await world.lee.types("/change help")
    seen = world.lee.sees[-1]
    for fact in ("Standard Change", "Major Change", "Emergency Change", "2 approvals", "/change request"):
        assert fact in seen, (fact, reply.text)


@pytest.mark.parametrize("example", [example for example, _ in CHANGE_HELP_EXAMPLES])
async def test_every_example_of_the_help_is_understood(world: World, example: str) -> None:
    reply = await world.lee.types(f"/change {example}")
    assert "There is no command" not in (reply.text if reply.message else "")


@pytest.mark.parametrize("value", ["nonsense", "approve|nonsense|x", "drop|x|1", "ask|major"])
async def test_a_button_that_no_card_of_ours_has_is_refused_in_words(world: World, value: str) -> None:
    await asks(world.ana)
    card = world.change_card()
    _, own = card.find("Approve")
    blocks = json.loads(json.dumps(card.content.blocks).replace(own, value))
    await world.lee.presses("Approve", card=replace(card, content=replace(card.content, blocks=blocks)))
    assert "That button cannot be read." in world.lee.sees[-1]
    assert world.change_card().says("0 of 1")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("calendar add yesterday 22:00", "“yesterday” is no time"),
        ("freeze Black Friday", "“Black” is no time, and no service. Begin with when"),
        ("request majr payment: x", "There is no type or service “majr”. Did you mean `major`?"),
        ("unfreeze F1", "There is no F1: W1 Upgrade is a window. No freeze is on the calendar."),
    ],
)
async def test_what_is_wrong_with_a_line_is_named(world: World, line: str, why: str) -> None:
    await world.lee.types("/change calendar add major sat 22:00 for 4h Upgrade")
    reply = await world.lee.types(f"/change {line}")
    assert why in reply.text


async def test_of_several_only_those_are_offered_that_can_go_on(world: World) -> None:
    for title in ("New checkout", "New search", "New cart"):
        await asks(world.ana, title=title)
    await world.lee.types("/change approve CH2")
    reply = await world.ana.types("/change next")
    assert "3 changes are open; say which: `next CH2`.\nIt may be: CH2 New search." in reply.text


async def test_a_form_that_wants_a_reason_shows_no_command(world: World) -> None:
    await asks(world.ana)
    await world.lee.presses("Reject", card=world.change_card())
    assert list(wrong(await world.lee.sends(words="  ")).values()) == ["Why?"]


async def test_who_edits_a_change_of_somebody_else_is_told_what_is_lost(world: World) -> None:
    await asks(world.ana, kind="major")
    await world.lee.types("/change approve CH1")
    await world.lee.types("/change edit CH1")
    told = str(form(world, "lee").blocks[-1])
    assert "This is ana's change. 1 approval will be lost." in told


async def test_the_form_says_who_takes_it_back(world: World) -> None:
    await started(world)
    await world.ana.presses("Roll back", card=world.change_card())
    assert "It is done by hand, by this plan." in str(form(world).blocks)
