"""Chromium for tests, driven by Playwright: the system's program, nothing from the net."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, async_playwright, expect
from playwright.async_api import TimeoutError as TimedOut

from tests.support.programs import real_program

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WAIT_MS = 30_000
OWN_HOSTS = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the person's device is like, and the colour scheme that they prefer."""

    width: int = 1280
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    phone: bool = False


DESKTOP = Look()
DARK = Look(scheme="dark")
PHONE = Look(width=390, height=844, phone=True)
DARK_PHONE = Look(width=390, height=844, phone=True, scheme="dark")


@dataclass  # without slots: Playwright keeps something of its own at a method's object
class Complaints:
    """What went wrong in a page: exceptions, the console's errors, requests that leave the machine."""

    said: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._printed)
        page.on("pageerror", self._thrown)
        page.on("request", self._asked)

    def _printed(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append(f"{message.text} ({message.location['url']})")

    def _thrown(self, error: Error) -> None:
        self.said.append(error.stack or error.message)

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in OWN_HOSTS:
            self.said.append(f"asked the net for {request.url}")


def chromium_program() -> str:
    """The program; skips the test where there is none, or fails it where real parts are required."""
    return real_program(*PROGRAMS, package="chromium")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser, which ends with the block. Each test has a context of its own in it."""
    program = chromium_program()
    expect.set_options(timeout=WAIT_MS)
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--no-proxy-server"]
        ) as browser,
    ):
        yield browser


@asynccontextmanager
async def opened(browser: Browser, url: str, look: Look = DESKTOP) -> AsyncIterator[tuple[Page, Complaints]]:
    """The sandbox's page at `url`, usable, as a person with this device sees it."""
    async with await browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        is_mobile=look.phone,
        has_touch=look.phone,
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    ) as context:
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        complaints = Complaints()
        complaints.watch(page)
        await page.goto(url)
        try:
            await page.locator("body[data-ready=true]").wait_for()
        except TimedOut as error:
            raise AssertionError(f"the page did not become usable: {complaints.said}") from error
        yield page, complaints


async def keep(page: Page, folder: Path) -> str:
    """Keep what the page shows as files in a folder; a text that says where, and what is to be read."""
    shot = folder / "page.png"
    await page.screenshot(path=shot)
    text = await page.locator("body").inner_text()
    (folder / "page.txt").write_text(text)
    return f"The page at its end: {shot}, and in words:\n{text}"
