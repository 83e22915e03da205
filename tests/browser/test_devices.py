from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.access import faint, nameless, overflowing
from tests.browser.drawn import OPTIONS, Drawn, words
from tests.browser.screen import Screen, shows
from tests.support.browser import DARK, DARK_PHONE, DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CARD: list[dict[str, Any]] = [
    {"type": "header", "text": words("P0 #1 checkout is down")},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*Field {n}*\nvalue"} for n in range(4)]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "told <@U0LEE0001> in `#general`"}]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "a", "text": words("Acknowledge"), "style": "primary"},
            {"type": "button", "action_id": "b", "text": words("Cancel it"), "style": "danger"},
            {"type": "overflow", "action_id": "c", "options": OPTIONS},
            {"type": "static_select", "action_id": "d", "placeholder": words("Severity"), "options": OPTIONS},
        ],
    },
]


@pytest.mark.parametrize("look", [DESKTOP, DARK, PHONE, DARK_PHONE])
async def test_every_control_has_a_name_and_every_text_can_be_read(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.post(*CARD)
    await shows(screen.messages, "checkout is down")
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []
    assert not await overflowing(screen.page)


@pytest.mark.parametrize("look", [PHONE])
async def test_only_one_panel_is_seen_on_a_phone(drawn: Drawn) -> None:
    screen = drawn.screen
    panels = screen.page.get_by_role("navigation", name="Panels")
    await screen.button("Paging", panels).click()
    await expect(screen.paging).to_be_visible()
    await expect(screen.messages).to_be_hidden()
    assert not await overflowing(screen.page)
    await screen.button("Channels", panels).click()
    await screen.go_to("general")
    await expect(screen.page.get_by_role("heading", name="# general")).to_be_visible()


@pytest.mark.parametrize("look", [PHONE])
async def test_an_incident_is_declared_and_acknowledged_on_a_phone(screen: Screen) -> None:
    panels = screen.page.get_by_role("navigation", name="Panels")
    await screen.message_box.fill("/incident p0 checkout is down")
    await screen.button("Send", screen.page.locator("#composer")).tap()
    await shows(screen.messages, "Not acknowledged")
    assert not await overflowing(screen.page)
    await screen.button("Paging", panels).tap()
    await shows(screen.paging, "Ana Ortiz is being paged")
    assert not await overflowing(screen.page)
    await screen.button("Messages", panels).tap()
    await screen.button("Acknowledge", screen.messages).tap()
    await shows(screen.messages, "Acknowledged by ana")


async def test_an_incident_is_declared_and_acknowledged_by_the_keyboard_alone(screen: Screen) -> None:
    await screen.page.keyboard.press("/")
    await screen.page.keyboard.type("incident p0 checkout is down")
    await screen.page.keyboard.press("Enter")
    await shows(screen.paging, "Ana Ortiz is being paged")
    acknowledge = screen.button("Acknowledge", screen.messages)
    await screen.tab_to(acknowledge, "Shift+Tab")
    await screen.page.keyboard.press("Enter")
    await shows(screen.paging, "Acknowledged through opsbot")
