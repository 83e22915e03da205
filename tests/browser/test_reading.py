"""What stays in sight, and what counts as new."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.drawn import ALERTS, Drawn
from tests.browser.screen import Screen, shows
from tests.support.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA, LEE = "U0ANA0001", "U0LEE0001"
NEW = ".new-line"


async def filled(drawn: Drawn) -> None:
    """A channel of more messages than are in sight."""
    for number in range(40):
        await drawn.behind.call("chat.postMessage", channel=ALERTS, text=f"line {number}")
    await shows(drawn.screen.messages, "line 39")


async def scrolled_up(screen: Screen) -> Locator:
    """The person has gone up; what leads back to the end."""
    await screen.messages.evaluate("(list) => { list.scrollTop = 0; }")
    back = screen.page.locator("#jump")
    await expect(back).to_be_visible()
    return back


async def test_what_is_sent_comes_into_sight_from_wherever_one_was(drawn: Drawn) -> None:
    screen = drawn.screen
    await filled(drawn)
    for text in ("good morning", "@opsbot list"):
        await scrolled_up(screen)
        await screen.send(text)
        await expect(screen.messages.get_by_text(text)).to_be_in_viewport()
    back = await scrolled_up(screen)
    await screen.send("/incident list")
    await drawn.behind.call("chat.postEphemeral", channel=ALERTS, user=ANA, text="Nothing is open.")
    await expect(screen.messages.get_by_text("Nothing is open.")).to_be_in_viewport()
    await expect(back).to_be_hidden()


async def test_a_reply_comes_into_sight_in_its_thread(drawn: Drawn) -> None:
    screen = drawn.screen
    card = await drawn.behind.call("chat.postMessage", channel=ALERTS, text="card")
    for number in range(40):
        await drawn.behind.call(
            "chat.postMessage", channel=ALERTS, text=f"line {number}", thread_ts=card["ts"]
        )
    await screen.button("40 replies").click()
    thread = screen.page.get_by_role("log", name="Thread")
    await thread.evaluate("(list) => { list.scrollTop = 0; }")
    await screen.page.get_by_label("Reply in this thread").fill("it is the database")
    await screen.page.get_by_label("Reply in this thread").press("Enter")
    await expect(thread.get_by_text("it is the database")).to_be_in_viewport()


async def test_only_what_others_say_counts_as_new_further_down(drawn: Drawn) -> None:
    screen, behind = drawn.screen, drawn.behind
    await filled(drawn)
    back = await scrolled_up(screen)
    await behind.call("chat.postEphemeral", channel=ALERTS, user=ANA, text="for Ana alone")
    await behind.say(ANA, ALERTS, "from my phone")
    await expect(screen.messages.get_by_text("from my phone")).to_be_attached()
    await expect(back).to_have_text("Jump to latest ↓")
    await behind.say(LEE, ALERTS, "one")
    await behind.say(LEE, ALERTS, "two")
    await expect(back).to_have_text("2 new messages ↓")


async def test_somebody_elses_reading_leaves_mine_as_it_is(drawn: Drawn) -> None:
    screen = drawn.screen
    await filled(drawn)
    await screen.become("Gus")
    await expect(screen.messages.get_by_text("line 39")).to_be_in_viewport()
    await expect(screen.messages.locator(NEW)).to_have_count(0)  # to who never was here all is new
    await screen.send("hello")
    await screen.become("Ana Ortiz")
    await shows(screen.messages.locator(f"{NEW} + article"), "hello")
    await expect(screen.messages.get_by_text("hello")).to_be_in_viewport()
    await screen.become("Gus")
    await screen.become("Ana Ortiz")
    await expect(screen.messages.locator(NEW)).to_have_count(0)
    await expect(screen.messages.get_by_text("hello")).to_be_in_viewport()


async def test_each_empty_channel_introduces_itself_under_its_own_name(drawn: Drawn) -> None:
    for name in ("general", "platform-team", "general"):
        await drawn.screen.go_to(name)
        await shows(drawn.screen.messages, f"the very beginning of #{name}.")


@pytest.mark.parametrize("look", [DESKTOP, PHONE])
async def test_the_message_box_stays_where_it_is_and_nothing_covers_it(drawn: Drawn) -> None:
    screen = drawn.screen
    await filled(drawn)
    back = await scrolled_up(screen)
    before = await screen.message_box.bounding_box()
    for text in ("/incident p0 ", "/slo ", "hello"):
        await screen.message_box.fill(text)
        assert await screen.message_box.bounding_box() == before
    pill, chips = await back.bounding_box(), await screen.page.locator("#examples").bounding_box()
    assert pill is not None
    assert chips is not None
    assert pill["y"] + pill["height"] <= chips["y"]


@pytest.mark.parametrize("look", [PHONE])
async def test_on_a_phone_the_message_box_says_what_fits(drawn: Drawn) -> None:
    await expect(drawn.screen.message_box).to_have_attribute("placeholder", "Message")
