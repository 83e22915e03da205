"""What a page must be for people who do not see it, see little, or use no mouse."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page

NAMELESS = re.compile(
    r"^\s*- (?:button|checkbox|combobox|dialog|heading|img|link|menuitem|navigation|progressbar|radio"
    r"|region|searchbox|switch|tab|textbox)(?! \")\b.*$",
    re.MULTILINE,
)

FAINT = Path(__file__).with_name("faint.js").read_text(encoding="utf-8")


async def nameless(page: Page) -> list[str]:
    """The controls, pictures and landmarks that have no name, as a screen reader comes by them."""
    return NAMELESS.findall(await page.locator("body").aria_snapshot())


async def faint(page: Page) -> list[str]:
    """The texts that have too little contrast, with how much they have."""
    found: list[str] = await page.evaluate(FAINT)
    return found


async def overflowing(page: Page) -> bool:
    """Whether the page is wider than its window."""
    wider: bool = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return wider
