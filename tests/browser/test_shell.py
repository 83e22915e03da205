from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.drawn import ALERTS, Drawn
from tests.browser.screen import Screen, shows
from tests.support.browser import PHONE, Look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TABLET = Look(width=1000, height=760)


async def reload(page: Page) -> None:
    await page.reload()
    await page.locator("body[data-ready=true]").wait_for()


async def ground(page: Page) -> str:
    colour: str = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


async def test_the_colours_that_a_person_chose_are_kept(drawn: Drawn) -> None:
    page = drawn.screen.page
    switch = page.get_by_role("button", name="Colours")
    as_the_machine = await ground(page)
    await switch.click()
    assert await ground(page) == as_the_machine  # light, as the machine is
    await switch.click()
    dark = await ground(page)
    assert dark != as_the_machine
    await reload(page)
    assert await ground(page) == dark


async def test_a_part_that_was_folded_stays_folded(drawn: Drawn) -> None:
    screen = drawn.screen
    kill = screen.button("kill -9", screen.faults)
    await screen.faults.get_by_role("heading").click()
    await expect(kill).to_be_hidden()
    await reload(screen.page)
    await expect(kill).to_be_hidden()
    await shows(screen.faults, "running")


async def test_a_slash_goes_to_the_message_box_and_begins_a_command_there(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.page.keyboard.press("/")
    await expect(screen.message_box).to_be_focused()
    await expect(screen.message_box).to_have_value("/")


async def test_keys_lead_to_the_panels_but_not_while_somebody_writes(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.page.keyboard.press("g")
    await screen.page.keyboard.press("t")
    await expect(screen.button("+1 min", screen.clock)).to_be_focused()
    await screen.message_box.fill("")
    await screen.message_box.press_sequentially("gt?")
    await expect(screen.message_box).to_have_value("gt?")
    await expect(screen.dialog).to_have_count(0)


async def test_whom_one_chose_goes_on_to_write_and_keys_do_not_choose_somebody_else(drawn: Drawn) -> None:
    screen, keyboard = drawn.screen, drawn.screen.page.keyboard
    await screen.become("Lee Novak")
    await expect(screen.message_box).to_be_focused()
    await screen.messages.focus()
    for key in "gu":
        await keyboard.press(key)
    await expect(screen.act_as).to_be_focused()
    for key in "gt":
        await keyboard.press(key)
    await expect(screen.button("+1 min", screen.clock)).to_be_focused()
    await expect(screen.act_as).to_have_value("U0LEE0001")


async def test_single_keys_can_be_switched_off(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.page.keyboard.press("?")
    await screen.dialog.get_by_role("checkbox", name="Single keys").uncheck()
    await screen.page.keyboard.press("Escape")
    await screen.page.keyboard.press("?")
    await expect(screen.dialog).to_have_count(0)
    await screen.button("Keyboard shortcuts").click()
    await expect(screen.dialog).to_be_visible()


async def test_a_control_that_was_used_keeps_the_focus(drawn: Drawn) -> None:
    screen = drawn.screen
    later = screen.button("+1 min", screen.clock)
    await later.press("Enter")
    await shows(screen.clock, "1 min ahead of this machine")
    await expect(later).to_be_focused()


async def test_faults_are_said_at_the_top_and_cleared_there(drawn: Drawn) -> None:
    screen = drawn.screen
    down = screen.faults.get_by_role("switch", name="Slack is down")
    await down.check()
    banner = screen.page.locator("#banner")
    await shows(banner, "Slack is down")
    await screen.button("Clear faults", banner).click()
    await expect(banner).to_be_empty()
    await expect(down).not_to_be_checked()


@pytest.mark.parametrize("look", [TABLET])
async def test_on_a_tablet_the_side_is_a_drawer(drawn: Drawn) -> None:
    screen = drawn.screen
    await expect(screen.paging).to_be_hidden()
    await screen.page.get_by_role("button", name="Paging").click()
    await expect(screen.paging).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(screen.paging).to_be_hidden()
    await expect(screen.page.get_by_role("button", name="Paging")).to_be_focused()


@pytest.mark.parametrize("look", [PHONE, TABLET, Look()])
async def test_nothing_makes_the_page_itself_scroll(drawn: Drawn) -> None:
    page = drawn.screen.page
    await page.evaluate("document.querySelector('#faults').lastElementChild.scrollIntoView()")
    assert await page.evaluate("scrollX + scrollY + document.body.scrollTop") == 0
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_story_is_closed_kept_so_and_begun_again(drawn: Drawn) -> None:
    screen = drawn.screen
    await shows(screen.story, "Declare an incident")
    await screen.button("Close the story", screen.story).click()
    await expect(screen.story).to_be_hidden()
    await reload(screen.page)
    await expect(screen.story).to_be_hidden()
    await screen.button("Guided story").click()
    await shows(screen.story, "Declare an incident")


async def test_the_story_shows_the_channel_and_not_a_thread_over_it(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.say("U0LEE0001", ALERTS, "checkout is slow")
    await screen.messages.get_by_role("article").focus()
    await screen.page.keyboard.press("t")
    thread = screen.page.get_by_role("region", name="Thread")
    await expect(thread).to_be_visible()
    await screen.button("Send it for me", screen.story).click()
    await expect(thread).to_be_hidden()


async def test_what_else_there_is_to_try_begins_where_it_is_done(drawn: Drawn) -> None:
    screen, story = drawn.screen, drawn.screen.story
    await drawn.behind.say("U0LEE0001", ALERTS, "checkout is slow")
    for _ in range(15):
        await screen.button("Skip", story).click()
    await screen.button("opens a form", story).click()
    await expect(screen.message_box).to_be_focused()
    await expect(screen.message_box).to_have_value("/incident")
    await screen.button("Declare from a message", story).click()
    await expect(screen.button("Message menu", screen.messages)).to_be_focused()
    await screen.button("Be Gus", story).click()
    await expect(screen.act_as).to_be_focused()
    await screen.button("Take Slack down", story).click()
    await expect(screen.faults.locator("summary")).to_be_focused()


async def test_the_story_goes_on_by_itself_as_its_deeds_are_done(screen: Screen) -> None:
    story, kept = screen.story, screen.page
    await screen.send("/incident p0 checkout is down")
    await shows(story, "Ana is being paged")
    await expect(kept).to_have_title(re.compile("🔔1"))
    await reload(kept)
    await shows(story, "Ana is being paged")
    await screen.forward("+15 min")
    await shows(story, "Acknowledge")
    await screen.button("Acknowledge as Lee Novak", screen.paging).click()
    await shows(story, "Now kill the bot")
    await screen.button("Declare", story).click()
    await screen.button("kill -9", story).click()
    await shows(story, "Nothing is lost")
    await screen.button("+15 min", story).click()
    await screen.button("Start opsbot", story).click()
    await shows(story, "Resolve")
    await screen.button("Skip", story).click()
    await shows(story, "Monitoring speaks up")
    await screen.button("Send the alert", story).click()
    await shows(screen.messages, "requests fail")
    await screen.button("Skip", story).click()
    await shows(story, "Is there budget to ship?")
    await screen.button("Ask for me", story).click()
    await shows(story, "Now break it")
    await screen.button("Break payment", story).click()
    await shows(story, "May we ship now?")
    await screen.button("+1 min", story).click()
    await screen.button("Ask the gate", story).click()
    await shows(screen.messages, "HOLD")
    await shows(story, "The next morning")
    await screen.button("Skip", story).click()
    await shows(story, "Check it off")
    await screen.button("Skip", story).click()
    await screen.button("Open it", story).click()
    await shows(story, "What else to try")
