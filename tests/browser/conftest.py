from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.drawn import Drawn, backstage
from tests.browser.screen import Screen
from tests.support.browser import DESKTOP, Look, chromium, keep, opened
from tests.support.sandbox import sandbox

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser a worker: the tests of this folder share the session's event loop because of it."""
    async with chromium() as running:
        yield running


@pytest.fixture
def look() -> Look:
    """The person's device; a test asks for another one by parametrizing it."""
    return DESKTOP


@asynccontextmanager
async def seen(
    browser: Browser, url: str, look: Look, request: pytest.FixtureRequest, folder: Path
) -> AsyncIterator[Screen]:
    async with opened(browser, url, look) as (page, complaints):
        yield Screen(page)
        if request.node.stash.get(FAILED, True):
            print(await keep(page, folder))
        assert complaints.said == []


@pytest_asyncio.fixture(loop_scope="session")
async def screen(
    browser: Browser, look: Look, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Screen]:
    """The page of a whole sandbox, a process like a person starts it."""
    async with (
        sandbox(tmp_path / "sandbox") as running,
        seen(browser, running.url, look, request, tmp_path) as shown,
    ):
        yield shown


@pytest_asyncio.fixture(loop_scope="session")
async def drawn(
    browser: Browser, look: Look, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Drawn]:
    """The page over stand-ins alone."""
    async with (
        backstage(tmp_path) as behind,
        seen(browser, behind.url, look, request, tmp_path) as shown,
    ):
        yield Drawn(screen=shown, behind=behind)
