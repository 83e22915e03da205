from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chromium import Tab, chromium, chromium_program
from tests.support.sandbox import sandbox

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Tab]:
    chromium_program()  # before the sandbox is started in vain
    async with sandbox(tmp_path / "sandbox") as running, chromium(tmp_path / "profile") as tab:
        await tab.look()
        await tab.open(running.url)
        await tab.until("document.body.dataset.ready === 'true'")
        yield tab
        assert tab.complaints == []


async def enter(page: Tab, text: str) -> None:
    await page.click("#composer-text")
    await page.type(text)
    await page.press("Enter")


async def test_an_incident_is_declared_escalated_acknowledged_and_resolved(page: Tab) -> None:
    await enter(page, "/incident p0 checkout is down")
    await page.until_shown("checkout is down", "#messages")
    await page.until_shown("Ana Ortiz", "#paging")

    await page.click("#clock button", "+15 min")
    await page.until_shown("team-lead", "#paging")

    await page.click("#messages button", "Acknowledge")
    await page.until("document.querySelectorAll('#paging .acknowledged').length === 2")
    await page.until_shown("cknowledged", "#messages h3, #messages .block")

    await page.click("#messages button", "Resolve")
    await page.click("dialog.confirm button.danger, dialog.confirm button.primary")
    await page.until("document.querySelectorAll('#paging .resolved').length === 2")


async def test_a_person_acknowledges_in_pagerduty_and_slack_shows_it(page: Tab) -> None:
    await enter(page, "/incident p0 checkout is down")
    await page.click("[data-page=acknowledge]")
    await page.until_shown("cknowledged", "#messages")


async def test_what_is_declared_while_pagerduty_is_down_pages_once_it_is_back(page: Tab) -> None:
    await page.click("#faults label", "PagerDuty is down")
    await page.until("document.querySelector('#faults input:checked')")
    await enter(page, "/incident p0 checkout is down")
    await page.until_shown("checkout is down", "#messages")
    await page.until_shown("Nobody is being paged", "#paging")
    await page.click("#faults button", "Clear")
    await page.click("#clock button", "+1 min")
    await page.until_shown("Ana Ortiz", "#paging")


async def test_a_killed_bot_is_said_to_be_down_and_goes_on_after_its_start(page: Tab) -> None:
    await page.click("#bot button", "kill -9")
    await page.until_shown("killed", "#bot")
    await enter(page, "/incident p0 checkout is down")
    await page.until_shown('/incident failed with the error "dispatch_failed"', "#messages")
    await page.click("#bot button", "Start")
    await page.until_shown("running", "#bot")
    await enter(page, "/incident p0 checkout is down")
    await page.until_shown("Ana Ortiz", "#paging")


async def test_what_people_write_is_never_taken_for_html(page: Tab) -> None:
    await enter(page, "<img src=x onerror=alert(1)> & *bold* <b>")
    await page.until_shown("<img src=x onerror=alert(1)> & bold <b>", "#messages")
    assert await page.run("document.querySelectorAll('#messages img:not(.avatar), #messages b').length") == 0
    assert await page.run("document.querySelector('#messages .text strong').textContent") == "bold"


async def test_only_one_panel_is_seen_on_a_phone(page: Tab) -> None:
    await page.look(width=390, height=800)
    await page.click("[data-show=side]")
    assert await page.run("document.documentElement.scrollWidth <= innerWidth")
    assert await page.run("document.getElementById('conversation').getBoundingClientRect().width") == 0
    await page.click("[data-show=channels]")
    await page.click("#channels button", "general")
    await page.until_shown("# general", "#channel-name")
