"""A change is asked for, and its plan edited: in a form, from which nothing is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.support.change_stories import FILLED, TUESDAY, asks, form, part, said_in, wrong
from tests.support.harness import World
from tests.support.slack_limits import text_objects


async def test_a_bare_command_opens_the_form(world: World) -> None:
    reply = await world.ana.types("/change")
    assert reply.message is None
    view = form(world)
    kinds = part(view, "kind")["element"]["options"]
    assert [option["value"] for option in kinds] == ["standard", "major", "emergency"]
    assert "1 approval" in kinds[0]["description"]["text"]
    services = [option["value"] for option in part(view, "service")["element"]["options"]]
    assert "payment" in services
    assert "platform" in services
    assert part(view, "starts")["element"]["type"] == "datetimepicker"


async def test_it_is_to_start_when_its_type_may_start_next(world: World) -> None:
    def starts(who: str) -> datetime:
        element = part(form(world, who), "starts")["element"]
        return datetime.fromtimestamp(element["initial_date_time"], UTC)

    await world.ana.types("/change standard payment")
    assert starts("ana") == TUESDAY
    await world.kim.types("/change emergency payment")
    assert starts("kim") == world.clock.now(), "which may start at any time"
    await world.lee.types("/change freeze payment until thu 09:00 quarter's end")
    await world.dia.types("/change standard payment")
    assert starts("dia") == TUESDAY + timedelta(days=2), "after the freeze"
    await world.sam.types("/change standard api-gateway")
    assert starts("sam") == TUESDAY, "which is of another service"


async def test_what_is_sent_is_asked_for_and_the_form_says_what_it_needs(world: World) -> None:
    await asks(world.ana)
    card = world.change_card()
    assert card.says("CH1")
    assert card.says("New checkout")
    assert card.says("Payment Service")
    assert "CH1" in str(form(world).given)
    assert "1 approval" in str(form(world).given)


async def test_what_the_line_said_already_is_filled_in(world: World) -> None:
    await world.ana.types("/change request major API Gateway: Rate limits by client")
    view = form(world)
    assert part(view, "kind")["element"]["initial_option"]["value"] == "major"
    assert part(view, "service")["element"]["initial_option"]["value"] == "api-gateway"
    assert part(view, "title")["element"]["initial_value"] == "Rate limits by client"
    await world.kim.types("/change emergency payment")
    assert part(form(world, "kim"), "kind")["element"]["initial_option"]["value"] == "emergency"


async def test_everything_that_is_wrong_is_said_where_it_is_and_nothing_is_lost(world: World) -> None:
    late = int((world.clock.now() - timedelta(hours=2)).timestamp())
    reply = await asks(world.ana, length="soon", rollback="  ", starts=late)
    assert wrong(reply).keys() == {"length", "rollback", "starts"}
    assert "30m" in wrong(reply)["length"]
    assert "has passed" in wrong(reply)["starts"]
    assert world.change_cards() == []
    await world.ana.sends(**FILLED)
    assert world.change_card().says("New checkout")


async def test_one_that_takes_longer_than_anything_should_is_refused(world: World) -> None:
    assert "length" in wrong(await asks(world.ana, length="15 days"))
    assert "length" in wrong(await world.ana.sends(**{**FILLED, "length": "0m"}))
    assert world.change_cards() == []


async def test_what_is_sent_twice_is_asked_for_once_and_answered_alike(either_world: World) -> None:
    world = either_world
    first = await asks(world.ana)
    again = await world.slack.redeliver(first)
    await world.settle()
    assert said_in(again) == said_in(first)
    assert "CH1 is asked for: it needs 1 approval." in said_in(first)
    assert len(world.change_cards()) == 1


async def test_a_start_that_has_come_while_the_form_was_filled_in_is_now(world: World) -> None:
    begun = int(world.clock.now().timestamp())
    await world.forward(minutes=10)
    await asks(world.ana, kind="emergency", starts=begun)
    assert world.change_card().says("12:10 EDT> for 30 min")


async def test_the_whole_platform_can_be_changed(world: World) -> None:
    await asks(world.ana, service="platform")
    assert world.change_card().says("Platform")


async def test_one_outside_the_windows_is_taken_with_a_warning(world: World) -> None:
    await asks(world.ana, starts=int((TUESDAY - timedelta(hours=4)).timestamp()))
    assert "window" in str(form(world).given)
    assert world.change_card().says("outside")


async def test_what_people_write_mentions_and_links_nobody(world: World) -> None:
    await asks(world.ana, title="<!channel> *now* & <https://evil.example|here>", steps="<@U0LEE0001> do")
    shown = [text["text"] for text in text_objects(world.change_card().content.blocks)]
    told = [world.change_card().content.text, *(text for text in shown if not text.startswith("🔧"))]
    assert not [text for text in told if re.search("<!channel|<https://evil|<@U0LEE0001", text)]
    heads = [one for one in world.change_card().content.blocks if one["type"] == "header"]
    assert heads[0]["text"]["type"] == "plain_text", "where it stands as it was written"


async def test_the_plan_is_edited_in_the_same_form(world: World) -> None:
    await asks(world.ana)
    await world.ana.types("/change edit CH1")
    view = form(world)
    assert part(view, "title")["element"]["initial_value"] == "New checkout"
    assert part(view, "steps")["element"]["initial_value"] == "1. Canary at 5 %\n2. All pods"
    assert part(view, "starts")["element"]["initial_date_time"] == int(TUESDAY.timestamp())
    await world.ana.sends(title="Newest checkout")
    assert world.change_card().says("Newest checkout")


async def test_an_edit_that_changes_nothing_is_said_to(world: World) -> None:
    await asks(world.ana)
    await world.ana.presses("Edit", card=world.change_card())
    reply = await world.ana.sends()
    assert "is CH1's plan already" in str(wrong(reply))


async def test_a_save_that_changes_nothing_makes_no_author_of_whom_the_plan_is_not(world: World) -> None:
    await asks(world.ana, starts=int(world.clock.now().timestamp()))
    await world.forward(minutes=10)
    await world.lee.types("/change edit CH1")
    reply = await world.lee.sends()
    assert "is CH1's plan already" in str(wrong(reply))
    await world.lee.types("/change approve CH1")
    assert world.change_card().says("1 of 1")


async def test_two_who_edit_at_once_do_not_undo_each_other(world: World) -> None:
    await asks(world.ana)
    await world.ana.types("/change edit CH1")
    await world.lee.types("/change edit CH1")
    await world.ana.sends(title="Ana's checkout")
    reply = await world.lee.sends(title="Lee's checkout")
    assert "has been edited since" in str(wrong(reply))
    assert world.change_card().says("Ana's checkout")


async def test_where_slack_opens_no_form_that_is_said(world: World) -> None:
    world.slack.faults.add("error", "views.open", error="internal_error")
    reply = await world.ana.types("/change standard payment: New checkout")
    assert "Slack does not open the form" in reply.text
    assert "You typed: `/change standard payment: New checkout`" in reply.text, "to be sent once more"


async def test_a_guest_is_told_before_anything_is_filled_in(world: World) -> None:
    reply = await world.gus.types("/change")
    assert "Guests and people of other workspaces may look" in reply.text
    assert world.slack.views("gus") == []


async def test_whoever_reads_it_all_reads_it_all(world: World) -> None:
    steps = "\n".join(f"{line}. Drain node {line} and wait until it is empty" for line in range(1, 40))
    await asks(world.ana, steps=steps)
    await world.lee.presses("Read all", card=world.change_card())
    assert "39. Drain node 39" in str(form(world, "lee").given)
