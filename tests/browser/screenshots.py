"""The pictures of docs/screenshots: plays the story in a sandbox and looks at it, in light and in dark.

`make screenshots`. Names and the hour are always the same; the seconds are left out of the pictures.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from bot.sandbox.clock import wall_clock
from tests.browser.screen import Screen, shows
from tests.support.browser import DESKTOP, PHONE, PROGRAMS, chromium, opened
from tests.support.programs import how_to_get, installed
from tests.support.sandbox import sandbox

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
BEGIN = datetime(2027, 3, 3, 10, 2, tzinfo=ZoneInfo("America/New_York"))
WINDOW = datetime(2027, 3, 2, 14, 5, tzinfo=ZoneInfo("America/New_York"))
"""A Tuesday: standard changes may start."""
CHANGE = {
    "Plan": "Deploy 2.14.0:\n1. to 10 % of the pods, 10 min\n2. to 50 %, 10 min\n3. to all",
    "Validation": "Checkout p95 stays below 500 ms, and no payment fails",
    "Rollback plan": "helm rollback payment, then clear the cache",
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
UNSTEADY = ".ahead, .time small"


async def steady(screen: Screen, *, story: bool) -> None:
    """Leave out what is another at each run, and the guided story where it would fill a small window."""
    for each in await screen.page.locator(UNSTEADY).all():
        await each.evaluate("(element) => { element.style.display = 'none'; }")
    if not story:
        await screen.button("Close the story").click()
        await screen.page.evaluate("document.activeElement.blur()")


async def take(page: Page, name: str) -> None:
    """The page as it is, in both colour schemes."""
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await page.mouse.move(0, 0)  # nothing is under it
        await page.screenshot(path=FOLDER / f"{name}-{scheme}.png", animations="disabled")
        print(f"docs/screenshots/{name}-{scheme}.png")


async def play(screen: Screen) -> None:
    """Declare, let the time pass, acknowledge; a picture of each."""
    await screen.send("/incident p0 checkout is down")
    await shows(screen.messages, "checkout is down")
    await shows(screen.paging, "Ana Ortiz is being paged")
    await take(screen.page, "declared")

    await screen.forward("+15 min")
    await shows(screen.paging, "Lee Novak is being paged")
    await take(screen.page, "paged")

    await screen.button("Acknowledge", screen.messages).click()
    await expect(screen.paging.get_by_text("Acknowledged through opsbot")).to_have_count(2)
    await shows(screen.messages, "Acknowledged by")
    await take(screen.page, "acknowledged")


async def play_alerts(screen: Screen) -> None:
    """One alert is acknowledged, another fires and pages; a picture of both."""
    await screen.unfold(screen.alerts)
    kinds = screen.alerts.get_by_role("combobox").first
    waits, pages = "p95 of the Payment Service is 1.2 s", "7.9% of the API Gateway"
    for kind, said in (("payment-latency", waits), ("api-gateway-errors", pages)):
        await kinds.select_option(value=kind)
        await screen.button("Send", screen.alerts).first.click()
        await shows(screen.messages, said)
        if said == waits:
            await screen.button("Acknowledge", screen.messages).click()
            await shows(screen.messages, "Acknowledged by")
    await shows(screen.paging, "Ana Ortiz is being paged")
    await shows(screen.messages, "confirmed")
    await take(screen.page, "alerts")


async def play_slo(screen: Screen) -> None:
    """An incident of a service that breaks, and how its error budget stands; a picture of the answer."""
    await screen.send("/incident p2 payments fail now and then service:payment")
    await shows(screen.messages, "payments fail")
    await screen.unfold(screen.services)
    await screen.button("Break", screen.services).nth(2).click()
    await screen.forward("+1 min")
    await screen.send("/slo payment")
    picture = screen.messages.get_by_role("img", name="Payment Service, availability")
    await expect(picture).to_be_visible(timeout=20_000)
    await screen.page.set_viewport_size({"width": 1280, "height": 1180})  # the whole answer, and its chart
    await picture.scroll_into_view_if_needed()
    await take(screen.page, "slo")


async def play_home(screen: Screen) -> None:
    """The next morning's reviews, and an incident that nobody has taken; a picture of the Home tab."""
    await screen.open_home()
    await shows(screen.home, "Nothing waits for you.")
    await screen.go_to("platform-alerts")
    await screen.send("/incident p2 mail is late")
    await shows(screen.messages, "mail is late")
    await screen.button("Acknowledge", screen.messages).click()
    await screen.forward("Next morning")
    await shows(screen.messages, "Alert Review")
    await screen.send("/incident p0 checkout is down service:payment")
    await shows(screen.paging, "Ana Ortiz is being paged")
    await screen.open_home()
    await shows(screen.home, "2 open incidents")
    await screen.button("Done", screen.home).first.click()
    await shows(screen.home, "1 of ")
    await screen.page.set_viewport_size({"width": 1280, "height": 1180})
    await take(screen.page, "home")


async def play_checklists(screen: Screen) -> None:
    """The next morning's reviews: an item is done, another has a problem; a picture of it."""
    await screen.unfold(screen.services)
    await screen.button("Break", screen.services).nth(2).click()
    await screen.forward("Next morning")
    await shows(screen.messages, "Alert Review", within_ms=60_000)
    await shows(screen.messages, "Not fine", within_ms=60_000)
    await screen.button("Done: Open Platform Overview", screen.messages).click()
    await shows(screen.messages, "1 of 3 done")
    await screen.send("/checklist problem C1 2 payment fails since the night")
    await shows(screen.messages, "2 of 3 done")
    await screen.page.set_viewport_size({"width": 1280, "height": 1000})
    await screen.messages.get_by_text("Health Check ·").scroll_into_view_if_needed()
    await take(screen.page, "checklist")


async def play_changes(screen: Screen) -> None:
    """A change is asked for, approved, tested, let through and deployed; then its service breaks."""
    await screen.send("/change request standard payment: New checkout flow")
    for part, text in CHANGE.items():
        await screen.dialog.get_by_role("textbox", name=part, exact=True).fill(text)
    await screen.button("Ask for it", screen.dialog).click()
    await shows(screen.dialog, "is asked for")
    await screen.button("Close", screen.dialog).last.click()
    await screen.become("Lee Novak")
    for button, then in (("Approve", "Approved"), ("Testing begins", "Being tested")):
        await screen.button(button, screen.messages).click()
        await shows(screen.messages, then)
    await let_through(screen)
    await screen.button("Start", screen.messages).click()
    await screen.button("Start it", screen.dialog).click()
    await shows(screen.messages, "Being deployed")
    await screen.button("Deployed", screen.messages).click()
    await shows(screen.messages, "Being validated")
    await screen.unfold(screen.services)
    await screen.button("Break", screen.services).nth(2).click()
    await screen.forward("+1 min")
    await screen.send("/incident p1 payments fail service:payment")
    await shows(screen.messages, "Broke meanwhile", within_ms=60_000)
    for _ in range(2):
        await screen.forward("+1 min")
    await screen.forward("+15 min")
    await shows(screen.messages, "worse", within_ms=60_000)
    whispered = screen.button("Dismiss", screen.messages)
    for left in reversed(range(await whispered.count())):
        await whispered.first.click()
        await expect(whispered).to_have_count(left)
    await screen.page.set_viewport_size({"width": 1280, "height": 1000})
    await screen.messages.get_by_text("CH1 Standard Change").first.scroll_into_view_if_needed()
    await take(screen.page, "change")


async def let_through(screen: Screen) -> None:
    """Wait until the bot has heard of Prometheus how the error budget stands: before, nothing starts."""
    for _ in range(30):
        await screen.send("/change gate CH1")
        await screen.settled()
        if await screen.messages.get_by_text("Allowed").count():
            return
        await screen.page.wait_for_timeout(1000)
    raise AssertionError("the gate does not let the change through")


async def main() -> None:
    """Play the stories on a desktop, and look at the first one's end on a phone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        async with fresh_sandbox() as url:
            async with opened(browser, url, DESKTOP) as (page, _):
                await steady(Screen(page), story=True)
                await play(Screen(page))
            async with opened(browser, url, PHONE) as (page, _):
                await steady(Screen(page), story=False)
                await take(page, "phone")
        async with fresh_sandbox() as url, opened(browser, url, DESKTOP) as (page, _):
            await steady(Screen(page), story=False)
            await play_alerts(Screen(page))
        async with fresh_sandbox() as url, opened(browser, url, DESKTOP) as (page, _):
            await steady(Screen(page), story=False)
            await play_slo(Screen(page))
        async with fresh_sandbox() as url, opened(browser, url, DESKTOP) as (page, _):
            await steady(Screen(page), story=False)
            await play_checklists(Screen(page))
        async with fresh_sandbox() as url, opened(browser, url, DESKTOP) as (page, _):
            await steady(Screen(page), story=False)
            await play_home(Screen(page))
        async with fresh_sandbox(WINDOW) as url, opened(browser, url, DESKTOP) as (page, _):
            await steady(Screen(page), story=False)
            await play_changes(Screen(page))


@asynccontextmanager
async def fresh_sandbox(begin: datetime = BEGIN) -> AsyncIterator[str]:
    """A sandbox in which nothing has happened yet, at the hour of the pictures. Gives its address."""
    with tempfile.TemporaryDirectory(prefix="opsbot-screenshots-") as folder:
        data = Path(folder)
        (data / "clock").write_text(str(round(begin.timestamp() * 1000) - wall_clock()))
        async with sandbox(data) as running:
            yield running.url


if __name__ == "__main__":
    if installed(*PROGRAMS) is None:
        sys.exit(how_to_get(PROGRAMS[0], package="chromium"))
    asyncio.run(main())
