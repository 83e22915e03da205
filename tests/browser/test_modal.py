from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.access import faint, nameless
from tests.browser.drawn import OPTIONS, Drawn, entry, words
from tests.browser.screen import shows
from tests.support.browser import DARK, DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_YORK = ZoneInfo("America/New_York")
"""That of the browser."""


async def opened(drawn: Drawn, *blocks: dict[str, Any]) -> None:
    """The modal that the bot opens after `/incident`."""
    await drawn.screen.send("/incident")
    await drawn.screen.settled()
    view = {"type": "modal", "title": words("Declare"), "submit": words("Go"), "blocks": blocks}
    trigger_id = drawn.behind.bot.received[-1].form["trigger_id"]
    await drawn.behind.call("views.open", trigger_id=trigger_id, view=view)


@pytest.mark.parametrize("look", [DESKTOP, DARK])
async def test_a_modal_is_filled_in_corrected_and_submitted(drawn: Drawn) -> None:
    dialog, bot = drawn.screen.dialog, drawn.behind.bot
    submit = drawn.screen.button("Go", dialog)
    await opened(
        drawn,
        entry("title", "plain_text_input"),
        entry("severity", "static_select", options=OPTIONS, initial_option=OPTIONS[1]),
        entry("flags", "checkboxes", options=OPTIONS) | {"optional": True},
        entry("who", "users_select", initial_user="U0LEE0001"),
        entry("day", "datepicker", initial_date="2026-03-04"),
    )
    await submit.click()
    await shows(dialog, "Please complete this required field.")
    assert await nameless(drawn.screen.page) == []
    assert await faint(drawn.screen.page) == []
    await drawn.screen.page.keyboard.type("checkout is down")  # the cursor is in what is missing
    await dialog.get_by_role("checkbox", name="two").check()
    bot.reply({"response_action": "errors", "errors": {"title": "Say more"}})
    await submit.click()
    await shows(dialog, "Say more")
    await submit.click()
    await expect(dialog).to_have_count(0)
    values = bot.received[-1].payload["view"]["state"]["values"]
    assert values["title"]["title"]["value"] == "checkout is down"
    assert values["severity"]["severity"]["selected_option"]["value"] == "two"
    assert [one["value"] for one in values["flags"]["flags"]["selected_options"]] == ["two"]
    assert values["who"]["who"]["selected_user"] == "U0LEE0001"
    assert values["day"]["day"]["selected_date"] == "2026-03-04"


async def test_an_instant_is_picked_on_the_readers_own_clock(drawn: Drawn) -> None:
    dialog, bot = drawn.screen.dialog, drawn.behind.bot
    planned = datetime(2026, 3, 10, 14, tzinfo=NEW_YORK)  # in summer time, two days old
    await opened(
        drawn,
        entry("starts", "datetimepicker", initial_date_time=int(planned.timestamp())),
        entry("ends", "datetimepicker"),
    )
    starts, ends = dialog.get_by_label("starts"), dialog.get_by_label("ends")
    await expect(starts).to_have_value("2026-03-10T14:00")
    await drawn.screen.button("Go", dialog).click()
    await shows(dialog, "Please complete this required field.")
    await starts.fill("2026-11-03T14:00")  # in winter time, two days old
    await ends.fill("2026-11-03T16:00")
    assert await nameless(drawn.screen.page) == []
    await drawn.screen.button("Go", dialog).click()
    await expect(dialog).to_have_count(0)
    values = bot.received[-1].payload["view"]["state"]["values"]
    picked = [values[part][part]["selected_date_time"] for part in ("starts", "ends")]
    assert [datetime.fromtimestamp(one, NEW_YORK) for one in picked] == [
        datetime(2026, 11, 3, hour, tzinfo=NEW_YORK) for hour in (14, 16)
    ]


async def test_what_was_entered_into_a_form_is_not_lost_by_escape(drawn: Drawn) -> None:
    screen, keyboard = drawn.screen, drawn.screen.page.keyboard
    form = screen.page.get_by_role("dialog", name="Declare")
    question = screen.page.get_by_role("dialog", name="Discard what you entered?")
    title = form.get_by_role("textbox", name="title")
    await opened(drawn, entry("title", "plain_text_input"))
    await title.fill("checkout is down")
    for _ in range(3):  # however often it is pressed
        await keyboard.press("Escape")
        await expect(question).to_be_visible()
        await keyboard.press("Escape")
        await expect(screen.page.locator("dialog.confirm")).to_have_count(0)  # gone, not only out of sight
    await expect(title).to_have_value("checkout is down")
    await keyboard.press("Escape")
    await screen.button("Discard", question).click()
    await expect(screen.dialog).to_have_count(0)


async def test_a_form_in_which_nothing_was_entered_closes_at_once(drawn: Drawn) -> None:
    await opened(drawn, entry("title", "plain_text_input"))
    await expect(drawn.screen.dialog.get_by_role("textbox", name="title")).to_be_focused()
    await drawn.screen.page.keyboard.press("Escape")
    await expect(drawn.screen.dialog).to_have_count(0)


async def test_a_modal_that_becomes_another_is_called_by_its_new_title(drawn: Drawn) -> None:
    page, title = drawn.screen.page, entry("title", "plain_text_input")
    await opened(drawn, title)
    view_id = await page.get_by_role("dialog", name="Declare").get_attribute("data-view")
    view = {"type": "modal", "title": words("Similar ones"), "submit": words("Go"), "blocks": [title]}
    await drawn.behind.call("views.update", view_id=view_id, view=view)
    await expect(page.get_by_role("dialog", name="Similar ones")).to_be_visible()
    await expect(page.get_by_role("dialog", name="Declare")).to_have_count(0)
