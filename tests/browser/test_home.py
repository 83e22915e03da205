"""The app's Home tab, as the bot fills it and people use it in the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.access import faint, nameless
from tests.browser.screen import Screen, shows
from tests.support.browser import DARK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_incident_is_declared_and_acknowledged_from_the_home_tab(screen: Screen) -> None:
    await screen.open_home()
    await shows(screen.home, "Nothing waits for you.")
    await shows(screen.home, "No incident is open.")
    await screen.button("Declare incident", screen.home).click()
    await screen.dialog.get_by_text("P1", exact=False).first.click()
    await screen.dialog.get_by_role("textbox", name="What is wrong?").fill("mail is late")
    await screen.button("Declare", screen.dialog).click()
    await shows(screen.dialog, "is declared: mail is late")
    await screen.button("Close", screen.dialog).last.click()
    await shows(screen.home, "1 open incident")  # the bot looks every few seconds
    await screen.button("Acknowledge", screen.home).click()
    await shows(screen.home, "you: Incident commander")
    await expect(screen.button("Acknowledge", screen.home)).to_have_count(0)
    await shows(screen.paging, "Acknowledged through opsbot")


async def test_the_next_mornings_reviews_are_there_and_an_item_is_checked_off(screen: Screen) -> None:
    await screen.open_home()
    await screen.button("Checklists", screen.home).click()
    await shows(screen.dialog, "No review is open")
    await screen.button("Close", screen.dialog).last.click()
    await screen.forward("Next morning")
    await shows(screen.home, "Health Check")
    await shows(screen.home, "things wait for you")
    done = screen.button("Done", screen.home)
    await expect(done.first).to_be_visible()
    items = await done.count()
    await done.first.click()
    await expect(done).to_have_count(items - 1)
    await screen.button("Checklists", screen.home).click()
    await shows(screen.dialog, "1 of ")
    await screen.button("Close", screen.dialog).last.click()


async def test_lists_open_over_the_home_tab(screen: Screen) -> None:
    await screen.open_home()
    await screen.button("Alerts", screen.home).click()
    await shows(screen.dialog, "No alert is firing")
    await screen.button("Close", screen.dialog).last.click()
    await screen.button("SLOs", screen.home).click()
    await shows(screen.dialog, "Error budgets")


async def test_each_sees_their_own_and_a_guest_only_looks(screen: Screen) -> None:
    await screen.send("/incident p0 checkout is down")
    await screen.button("Acknowledge", screen.messages).click()
    await screen.open_home()
    await shows(screen.home, "1 thing waits for you")
    await screen.become("Lee Novak")
    await screen.open_home()
    await shows(screen.home, "Nothing waits for you.")
    await shows(screen.home, "checkout is down")
    await screen.become("Gus Guest")
    await screen.open_home()
    await shows(screen.home, "Guests look")
    await expect(screen.button("Declare incident", screen.home)).to_have_count(0)


@pytest.mark.parametrize("look", [DARK, PHONE], ids=["dark", "phone"])
async def test_everything_in_it_can_be_read_and_has_a_name(screen: Screen) -> None:
    await screen.send("/incident p0 checkout is down")
    await shows(screen.messages, "checkout is down")
    if await screen.page.get_by_role("button", name="Channels").is_visible():
        await screen.page.get_by_role("button", name="Channels").click()
    await screen.open_home()
    await shows(screen.home, "1 open incident")
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []
