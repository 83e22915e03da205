from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from bot.domain.changes.change import Override
from bot.views.changes.buttons import DONE, Pressed, encode
from bot.views.changes.card import change_card
from tests.browser.access import faint, nameless, overflowing
from tests.browser.drawn import Drawn
from tests.browser.screen import Screen, shows
from tests.support.browser import DARK, DARK_PHONE, DESKTOP, PHONE
from tests.support.cards import ANA
from tests.support.changes import CHANGE, SUSPECT, VALIDATING, a_change_card, minutes

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_YORK = ZoneInfo("America/New_York")
FORCED = Override(
    by=ANA, at=minutes(2), reason="customers cannot pay", against=("P0 #41 is open",), grounds=()
)
CARD = a_change_card(replace(VALIDATING, override=FORCED), now=minutes(16), suspects=(SUSPECT,))
TEXTS = {
    "Plan": "Deploy 2.14.0:\n1. to 10 % of the pods\n2. to all",
    "Validation": "No payment fails",
    "Rollback plan": "helm rollback payment",
}


@pytest.mark.parametrize("look", [DESKTOP, DARK, PHONE, DARK_PHONE])
async def test_a_change_reads_on_every_device(drawn: Drawn) -> None:
    screen = drawn.screen
    if await screen.button("Close the story").is_visible():
        await screen.button("Close the story").click()
    await drawn.behind.post(*change_card(CARD, zone=NEW_YORK).blocks)

    await shows(screen.messages, "CH12 Standard Change · Payment Service: New checkout flow")
    await shows(screen.messages, "Being validated since 14:14")
    back = screen.button("Roll back: CH12", screen.messages)
    await back.scroll_into_view_if_needed()
    await expect(back).to_be_in_viewport(ratio=1)
    assert not await overflowing(screen.page)
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []


async def test_a_changes_button_says_of_which_change_and_plan_it_is(drawn: Drawn) -> None:
    await drawn.behind.post(*change_card(CARD, zone=NEW_YORK).blocks)

    await drawn.screen.button("Done: CH12", drawn.screen.messages).click()

    await drawn.screen.settled()
    told = drawn.behind.told()
    pressed = Pressed(action=DONE, change=CHANGE, revision=1)
    assert (told["action_id"], told["value"]) == (DONE, encode(pressed))


async def test_a_change_is_asked_for_in_a_form_that_loses_nothing_and_approved_by_somebody_else(
    screen: Screen,
) -> None:
    form = screen.dialog
    await screen.send("/change request emergency payment: Restart the payment pods")
    for part, text in TEXTS.items():
        await form.get_by_role("textbox", name=part, exact=True).fill(text)
    length = form.get_by_label("How long does it take")
    await length.fill("quite long")
    await screen.button("Ask for it", form).click()
    await shows(form, "quite long is no length of time")
    await expect(form.get_by_role("textbox", name="Plan", exact=True)).to_have_value(TEXTS["Plan"])
    assert await nameless(screen.page) == []
    await length.fill("20m")
    await screen.button("Ask for it", form).click()
    await shows(form, "CH1 is asked for: it needs 1 approval")
    await screen.button("Close", form).last.click()

    await shows(screen.messages, "Waits for approval · 0 of 1")
    await screen.button("Approve: CH1", screen.messages).click()
    await shows(screen.messages, "the guide leaves that to its approvers")
    await screen.become("Lee Novak")
    await screen.button("Approve: CH1", screen.messages).click()
    await shows(screen.messages, "Approved · approved 1 of 1: lee")
    await expect(screen.button("Start: CH1", screen.messages)).to_be_visible()


async def test_the_deployer_shows_what_it_was_asked_to_take_back(screen: Screen) -> None:
    form, card = screen.dialog, screen.messages
    await screen.send("/change request emergency payment: Restart the payment pods")
    for part, text in TEXTS.items():
        await form.get_by_role("textbox", name=part, exact=True).fill(text)
    await form.get_by_label("How long does it take").fill("20m")
    await screen.button("Ask for it", form).click()
    await shows(form, "CH1 is asked for")
    await screen.button("Close", form).last.click()
    await screen.become("Lee Novak")
    await screen.button("Approve: CH1", card).click()
    await screen.button("Start: CH1", card).click()
    await screen.button("Start", form).click()
    await screen.button("Roll back: CH1", card).click()
    await form.get_by_role("textbox").fill("orders fail")
    await screen.button("Roll back", form).click()

    deployer = screen.part("Deployer")
    await screen.unfold(deployer)
    await shows(deployer, "CH1 Restart the payment pods")
    await shows(deployer, "Rolling back payment for lee: orders fail")
    await shows(card, "Being rolled back")
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []
