from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.access import faint, nameless
from tests.browser.screen import Screen, shows
from tests.support.browser import DARK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SLOW_MS = 60_000  # the start of a process
CHECKOUT = "/incident p0 checkout is down"


async def test_an_incident_is_declared_escalated_acknowledged_and_resolved(screen: Screen) -> None:
    await screen.send(CHECKOUT)
    await shows(screen.messages, "checkout is down")
    await shows(screen.paging, "Ana Ortiz")

    await screen.forward("+15 min")
    await shows(screen.paging, "Team lead")

    await screen.button("Acknowledge", screen.messages).click()
    await expect(screen.paging.get_by_text("Acknowledged through opsbot")).to_have_count(2)
    await shows(screen.messages, "Acknowledged by")

    await screen.button("Resolve", screen.messages).click()
    await screen.button("Resolve", screen.dialog).click()
    await expect(screen.paging.get_by_text("Resolved through opsbot")).to_have_count(2)


async def test_a_person_acknowledges_in_pagerduty_and_slack_shows_it(screen: Screen) -> None:
    await screen.send(CHECKOUT)
    await screen.button("Acknowledge as Ana Ortiz", screen.paging).click()
    await shows(screen.messages, "Acknowledged by")
    await shows(screen.paging, "Acknowledged by Ana Ortiz")


async def test_several_pages_leave_the_bot_and_its_faults_in_sight(screen: Screen) -> None:
    await screen.send(CHECKOUT)
    await screen.send("/incident p0 search is down")
    pages = screen.paging.get_by_role("article")
    await expect(pages).to_have_count(2)
    await expect(screen.button("kill -9", screen.faults)).to_be_in_viewport(ratio=1)
    await expect(pages.get_by_role("link", name="Open in Slack")).to_have_count(1)  # only the first tells all
    await expect(screen.button("Acknowledge as Ana Ortiz", pages)).to_have_count(2)


async def test_what_is_declared_while_pagerduty_is_down_pages_once_it_is_back(screen: Screen) -> None:
    down = screen.faults.get_by_role("switch", name="PagerDuty is down")
    await down.check()
    await screen.send(CHECKOUT)
    await shows(screen.messages, "checkout is down")
    await shows(screen.paging, "Nobody is being paged")
    await screen.button("Clear", screen.faults).click()
    await screen.forward("+1 min")
    await shows(screen.paging, "Ana Ortiz")


async def test_a_killed_bot_is_said_to_be_down_and_sends_what_was_due_once_it_runs(screen: Screen) -> None:
    await screen.send(CHECKOUT)
    await shows(screen.paging, "Ana Ortiz")
    await screen.button("kill -9", screen.faults).click()
    await shows(screen.faults, "killed")
    await screen.send("/incident p1 login is slow")
    await shows(screen.messages, '/incident failed with the error "dispatch_failed"')
    await screen.forward("+15 min")
    await screen.button("Start", screen.faults).click()
    await shows(screen.faults, "opsbot running", within_ms=SLOW_MS)
    await shows(screen.paging, "Team lead")
    await expect(screen.paging.get_by_role("article")).to_have_count(2)


async def test_who_acts_is_who_the_page_acts_as(screen: Screen) -> None:
    await screen.send(CHECKOUT)
    await shows(screen.messages, "Not acknowledged")
    await screen.become("Lee Novak")
    await screen.button("Acknowledge", screen.messages).click()
    await shows(screen.messages, "Acknowledged by lee")


async def test_a_service_is_broken_and_mended(screen: Screen) -> None:
    await screen.unfold(screen.services)
    payment = screen.services.get_by_role("heading", level=3).filter(has_text="payment")
    await screen.button("Break: payment", screen.services).click()
    await expect(payment).to_contain_text("in trouble")
    await screen.button("Mend: payment", screen.services).click()
    await expect(payment).to_contain_text("well")  # what the others do by themselves depends on the hour


@pytest.mark.parametrize("look", [DARK])
async def test_the_guided_story_is_played_from_beginning_to_end(screen: Screen) -> None:
    story = screen.story
    await screen.button("Send it for me", story).click()
    await screen.button("Seen", story).click()
    await screen.button("+15 min", story).click()
    await shows(screen.paging, "Lee Novak is being paged")
    await shows(story, "Either stops the clock everywhere")
    await screen.button("Acknowledge", screen.messages).click()

    await screen.button("Declare “search is down”", story).click()
    await screen.button("kill -9", story).click()
    await screen.button("+15 min", story).click()
    await screen.button("Start opsbot", story).click()
    await shows(story, "resolve both incidents", within_ms=SLOW_MS)
    await expect(screen.paging.get_by_role("article")).to_have_count(4)

    resolves = screen.button("Resolve", screen.messages)
    for left in (1, 0):
        await resolves.first.click()
        await screen.button("Resolve", screen.dialog).click()
        await expect(resolves).to_have_count(left)
    await screen.button("Send the alert", story).click()
    await shows(story, "Take the alert")
    await screen.button("Acknowledge", screen.messages).click()

    await screen.button("Ask for me", story).click()
    await shows(screen.messages, "of the error budget left")
    await screen.button("Break payment", story).click()
    await screen.button("+1 min", story).click()
    await screen.button("Ask the gate", story).click()
    await shows(screen.messages, "HOLD")

    await screen.button("Go there", story).click()
    await shows(story, "Press Done beside it", within_ms=SLOW_MS)
    await shows(screen.messages, "0 of 3 done")
    await screen.button("Done: ", screen.messages).first.click()
    await shows(screen.messages, "1 of 3 done")
    await screen.button("Open it", story).click()
    await shows(story, "That is the story")
    await shows(screen.page.locator("#home"), "Health Check")
    await screen.unfold(screen.alerts)
    await screen.unfold(screen.services)
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []
