"""The calendar of changes: windows that leads put on it, and what stands on the days ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.change_stories import a_guide_with_roles, asks, at, form, part, said_in, says, wrong
from tests.support.harness import World
from tests.support.spans import span_card, span_cards

WINDOW = "/change calendar add 2026-03-21 22:00 for 4h Database upgrade"

FRIDAY_EVENING, SATURDAY_NIGHT = at("2026-03-20T18:00:00-04:00"), at("2026-03-21T22:00:00-04:00")
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
async def led(world: World) -> World:
    """Lee leads."""
    await world.stop()
    await world.start(a_guide_with_roles())
    return world


async def test_a_window_is_put_on_the_calendar_and_told_in_the_ops_channel(led: World) -> None:
    reply = await led.lee.types(WINDOW)
    assert (
        "W1 Database upgrade is on the calendar: from Sat 22:00 EDT until Sun 02:00 EDT "
        "(Major Change, all services). #platform-alerts is told."
    ) in reply.text
    card = span_card(led, "W1")
    assert card.channel == "platform-alerts"
    assert card.says("🛠️ W1 Database upgrade")
    assert card.says("2026-03-21 22:00 EDT")
    assert card.says("*Major Change* of all services may start.")
    assert "<@" not in card.text, "nobody is mentioned"


async def test_the_days_ahead_show_it_beside_weekly_windows_and_changes(led: World) -> None:
    await led.lee.types(WINDOW)
    await asks(led.ana)
    await led.kim.types("/change calendar")
    seen = led.kim.sees[-1]
    assert "*Tue 17 Mar*\n🟢 14:00–16:00 Standard Change" in seen  # noqa: RUF001
    assert "CH1 New checkout> · Payment Service · waits for approval" in seen
    assert "*Sat 21 Mar*\n🛠️ 22:00–Sun 22 Mar 02:00 Major Change: W1 Database upgrade" in seen  # noqa: RUF001
    await led.kim.types("/change calendar identity")
    assert "CH1" not in led.kim.sees[-1]
    assert "W1 Database upgrade" in led.kim.sees[-1], "a window is for all services"
    await led.kim.types("/change calendar 2026-04")
    assert "Wed 1 Apr to Thu 30 Apr 2026" in led.kim.sees[-1]
    assert "W1" not in led.kim.sees[-1]


async def test_a_holiday_has_no_weekly_window(led: World) -> None:
    await led.kim.types("/change calendar 2026-11")
    seen = led.kim.sees[-1]
    assert "*Thu 26 Nov*\n🎌 Public holiday: weekly windows stay shut" in seen
    assert "*Tue 24 Nov*\n🟢 14:00–16:00 Standard Change" in seen  # noqa: RUF001


async def test_the_gate_opens_for_what_leads_have_planned(led: World) -> None:
    await led.ana.types("/change gate payment major")
    assert "major" in led.ana.sees[-1].lower()
    assert "Sat 22:00" not in led.ana.sees[-1]
    await led.lee.types(WINDOW)
    await led.ana.types("/change gate payment major")
    assert "Sat 22:00 EDT" in led.ana.sees[-1]


async def test_it_is_taken_off_by_its_button_and_by_a_line_once(led: World) -> None:
    await led.lee.types(WINDOW)
    await asks(led.ana, kind="major", starts=int((led.clock.now() + timedelta(days=5, hours=11)).timestamp()))
    card = span_card(led, "W1")
    await led.lee.presses("Take off", card=card)
    gone = span_card(led, "W1")
    assert gone.says("Taken off the calendar")
    assert gone.labels == []
    assert gone.thread[-1].startswith("lee took a window: Database upgrade off the calendar.")
    reply = await led.lee.types("/change calendar remove W1")
    assert "W1 Database upgrade is off the calendar already: lee took it off." in reply.text
    await led.lee.presses("Take off", card=card)
    assert "off the calendar already" in led.lee.sees[-1], "an old button does nothing twice"
    await led.lee.types(WINDOW)
    reply = await led.lee.types("/change calendar remove")
    assert "CH1 New checkout is planned for then, and has no window any more." in reply.text


async def test_the_same_window_twice_and_one_that_is_past_are_refused(led: World) -> None:
    await led.lee.types(WINDOW)
    reply = await led.lee.types(WINDOW)
    assert "W1 Database upgrade is just that; lee put it there." in reply.text
    reply = await led.lee.types("/change calendar add 2026-03-10 22:00 for 4h Too late")
    assert "That is past already" in reply.text
    assert "You typed: `/change calendar add 2026-03-10 22:00 for 4h Too late`" in reply.text
    assert len(span_cards(led)) == 1


async def test_what_is_delivered_twice_is_done_once_and_answered_alike(led: World) -> None:
    first = await led.lee.types(WINDOW)
    again = await led.slack.redeliver(first)
    await led.settle()
    assert again.text == first.text
    assert len(span_cards(led)) == 1
    pressed = await led.lee.presses("Take off", card=span_card(led, "W1"))
    again = await led.slack.redeliver(pressed)
    await led.settle()
    assert again.ok
    assert len(span_card(led, "W1").thread) == 1
    await led.lee.types("/change freeze")
    sent = await led.lee.sends(ends=FRIDAY_EVENING, title="Black Friday")
    again = await led.slack.redeliver(sent)
    await led.settle()
    assert said_in(again) == said_in(sent)
    assert len(span_cards(led)) == 2


async def test_only_leads_put_anything_on_it_and_guests_look(led: World) -> None:
    reply = await led.ana.types(WINDOW)
    assert "the guide leaves that to the team leads" in reply.text
    assert WINDOW in reply.text, "nothing typed is lost"
    await led.ana.types("/change calendar add")
    assert not led.slack.views("ana"), "no form opens for who may not send it"
    await led.gus.types("/change calendar")
    assert "🟢" in led.gus.sees[-1]
    reply = await led.gus.types("/change freeze for 2h x")
    assert "Guests and people of other workspaces may look" in reply.text
    assert span_cards(led) == []


async def test_a_window_is_asked_for_in_a_form_and_what_is_wrong_is_told_beside_it(led: World) -> None:
    await led.lee.types("/change calendar add payment")
    shown = form(led, "lee")
    assert part(shown, "kind")["element"]["initial_option"]["value"] == "major"
    assert part(shown, "service")["element"]["initial_option"]["value"] == "payment"
    assert part(shown, "starts")["element"]["type"] == "datetimepicker"
    assert part(shown, "starts")["element"]["initial_date_time"] == at("2026-03-16T13:00:00-04:00")
    assert part(shown, "ends")["element"] == {"type": "datetimepicker", "action_id": "ends"}
    for starts, ends, where, why in (
        (SATURDAY_NIGHT, FRIDAY_EVENING, "ends", "It ends before it begins."),
        (FRIDAY_EVENING - 30 * DAY, FRIDAY_EVENING - 29 * DAY, "ends", "That is past already."),
        (SATURDAY_NIGHT, SATURDAY_NIGHT + 15 * DAY, "ends", "A window of 15 d is too long: 14 d at most."),
        (SATURDAY_NIGHT + 800 * DAY, SATURDAY_NIGHT + 801 * DAY, "starts", "more than two years ahead"),
    ):
        reply = await led.lee.sends(starts=starts, ends=ends, title="DB")
        [told] = wrong(reply).items()
        assert told[0] == where
        assert why in told[1]
    assert span_cards(led) == []
    reply = await led.lee.sends(starts=SATURDAY_NIGHT, ends=SATURDAY_NIGHT + 4 * HOUR, title="DB")
    assert not wrong(reply)
    assert span_card(led, "W1").says("*Major Change* of Payment Service may start.")


async def test_the_button_under_the_calendar_opens_the_same_form(led: World) -> None:
    await led.lee.types("/change calendar")
    message = led.slack.ephemerals("lee")[-1]
    await led.slack.click("lee", message.channel, message.ts, "calendar.add", "calendar.add|")
    await led.settle()
    await led.lee.sends(starts=SATURDAY_NIGHT, ends=SATURDAY_NIGHT + 4 * HOUR, title="")
    assert span_card(led, "W1").says("W1 Major Change window")


async def test_it_is_talked_about_in_mentions_and_alone(led: World) -> None:
    await led.lee.mentions("change calendar add sat 22:00 for 4h Database upgrade")
    assert span_card(led, "W1").says("Database upgrade")
    assert "W1 Database upgrade" in await says(led, led.kim, "change calendar")
    await led.lee.mentions("change calendar add")
    assert "From when to when, and what for?" in led.lee.sees[-1], "a mention opens no form"


async def test_a_crash_after_the_commit_loses_no_message(led: World) -> None:
    led.slack.faults.add("down")
    reply = await led.lee.types(WINDOW)
    assert "W1" in reply.text
    assert span_cards(led) == []
    await led.stop()
    led.slack.faults.clear()
    await led.start(a_guide_with_roles())
    await led.forward(minutes=5)
    assert len(span_cards(led)) == 1


async def test_titles_do_nothing_in_slack(led: World) -> None:
    await led.lee.types("/change calendar add sat 22:00 for 4h &lt;!channel&gt; *bold* <@U0KIM0001|kim>")
    content = span_card(led, "W1").content
    assert "<!channel>" not in content.text
    assert "&lt;!channel&gt;" in content.text
    head, *_ = content.blocks
    assert head["text"]["type"] == "plain_text", "where it is shown as it is"
