from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from bot.views.checklists.buttons import DONE, encode
from bot.views.checklists.buttons import Pressed as Press
from bot.views.checklists.card import run_card
from tests.browser.access import faint, nameless, overflowing
from tests.browser.drawn import Drawn
from tests.browser.screen import Screen, shows
from tests.support.browser import DARK, DARK_PHONE, DESKTOP, PHONE
from tests.support.run_cards import (
    ANSWERS,
    BOARD,
    HEALTH,
    RUN_ID,
    a_run,
    a_run_card,
    done,
    earlier,
    with_problem,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_YORK = ZoneInfo("America/New_York")
SOON_MS = 40_000  # what is due is looked for every 15 s
WORKED_ON = a_run_card(
    a_run(items=(with_problem(BOARD), ANSWERS, done(HEALTH))), earlier=(earlier(),), incidents={}
)


@pytest.mark.parametrize("look", [DESKTOP, DARK, PHONE, DARK_PHONE])
async def test_a_review_reads_on_every_device(drawn: Drawn) -> None:
    screen = drawn.screen
    if await screen.button("Close the story").is_visible():
        await screen.button("Close the story").click()
    await drawn.behind.post(*run_card(WORKED_ON, zone=NEW_YORK).blocks)

    await shows(screen.messages, "Health Check · Mon 30 Nov")
    await shows(screen.messages, "Not fine · Failed requests by service: payment 0.31 %")
    beside = screen.button("Done: Every service answers", screen.messages)
    await expect(beside).to_be_in_viewport(ratio=1)
    assert not await overflowing(screen.page)
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []


async def test_a_button_beside_an_item_says_which_it_is_of(drawn: Drawn) -> None:
    await drawn.behind.post(*run_card(a_run_card(), zone=NEW_YORK).blocks)

    await drawn.screen.button("Done: Every service answers", drawn.screen.messages).click()

    await drawn.screen.settled()
    told = drawn.behind.told()
    assert (told["action_id"], told["value"]) == (DONE, encode(Press(action=DONE, run=RUN_ID, position=2)))


async def test_in_the_morning_reviews_are_posted_with_evidence_and_checked_off(screen: Screen) -> None:
    await screen.forward("Next morning")
    await shows(screen.messages, "Health Check", within_ms=SOON_MS)
    await shows(screen.messages, "Alert Review")
    await shows(screen.messages, "a week ago", within_ms=SOON_MS)
    await expect(screen.messages.get_by_text("0 of 3 done")).to_have_count(2)

    await screen.button("Done: Every service answers", screen.messages).click()

    await shows(screen.messages, "1 of 3 done")
