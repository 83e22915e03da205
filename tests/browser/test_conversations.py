from __future__ import annotations

import base64

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser.drawn import ALERTS, Drawn, words
from tests.browser.screen import Screen, shows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_command_is_completed_by_the_keyboard(drawn: Drawn) -> None:
    box, keyboard = drawn.screen.message_box, drawn.screen.page.keyboard
    await box.focus()
    await keyboard.type("/in")
    suggestions = drawn.screen.page.get_by_role("listbox", name="Suggestions")
    await shows(suggestions.get_by_role("option", selected=True), "/incident")
    await keyboard.press("Tab")
    await expect(box).to_have_value("/incident ")
    await expect(suggestions).to_be_hidden()
    await keyboard.type("list")
    await keyboard.press("Enter")
    await drawn.screen.settled()
    assert drawn.behind.bot.received[-1].form["text"] == "list"


async def test_a_person_is_completed_among_those_whose_name_begins_so(drawn: Drawn) -> None:
    box, keyboard = drawn.screen.message_box, drawn.screen.page.keyboard
    await box.focus()
    await keyboard.type("ask @no")
    suggestions = drawn.screen.page.get_by_role("listbox", name="Suggestions")
    await shows(suggestions.get_by_role("option", selected=True), "Lee Novak")
    await keyboard.press("Enter")
    await expect(box).to_have_value("ask @lee ")


async def test_what_is_said_elsewhere_is_marked_as_unread_until_it_is_looked_at(drawn: Drawn) -> None:
    screen = drawn.screen
    general = screen.button("general", screen.channels)
    await drawn.behind.say("U0LEE0001", "C0GENERAL", "Good morning")
    await shows(general, "1 unread")
    await general.click()
    await expect(general).not_to_contain_text("unread")
    await screen.go_to("platform-alerts")
    await drawn.behind.say("U0LEE0001", "C0GENERAL", "<@U0ANA0001>, are you there?")
    await shows(general, "1 mentions of you")
    await general.click()
    await shows(screen.messages, "@Ana Ortiz, are you there?")
    await expect(screen.messages.get_by_text("New", exact=True)).to_be_visible()
    await expect(general).not_to_contain_text("mentions")


async def test_the_home_tab_is_what_the_app_published_for_that_person(drawn: Drawn) -> None:
    screen, behind = drawn.screen, drawn.behind
    blocks = [
        {"type": "section", "text": words("Nothing is on fire, Ana")},
        {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": words("Declare")}]},
    ]
    await behind.call("views.publish", user_id="U0ANA0001", view={"type": "home", "blocks": blocks})
    await screen.go_to("opsbot")
    await screen.page.get_by_role("tab", name="Home").click()
    home = screen.page.get_by_role("tabpanel", name="Home")
    await shows(home, "Nothing is on fire, Ana")
    await screen.button("Declare", home).click()
    await screen.settled()
    assert (behind.told()["action_id"], behind.bot.received[-1].payload["view"]["type"]) == ("go", "home")
    await screen.become("Lee Novak")
    await screen.go_to("opsbot")
    await shows(screen.page.get_by_role("tabpanel", name="Home"), "opsbot has not published a Home tab")


async def test_the_app_is_written_to_directly_and_answers_there(screen: Screen) -> None:
    await screen.go_to("opsbot")
    await screen.page.get_by_role("tab", name="Messages").click()
    await screen.send("list")
    await shows(screen.messages, "No incident is open.")
    await screen.page.get_by_role("tab", name="Home").click()
    await shows(screen.home, "Nothing waits for you.")


async def test_an_uploaded_picture_is_shown_and_can_be_enlarged(drawn: Drawn) -> None:
    screen = drawn.screen
    client = AsyncWebClient("xoxb-stand-in", base_url=f"{drawn.behind.slack.url}/api/")
    await client.files_upload_v2(
        channel=ALERTS, content=PIXEL, filename="slo.png", title="SLO of payment", alt_txt="budget: 12% left"
    )
    picture = screen.messages.get_by_role("img", name="budget: 12% left")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    await screen.button("Enlarge: budget: 12% left", screen.messages).click()
    await expect(screen.dialog.get_by_role("img")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(screen.dialog).to_have_count(0)


async def test_a_text_is_read_in_the_page(drawn: Drawn) -> None:
    screen = drawn.screen
    client = AsyncWebClient("xoxb-stand-in", base_url=f"{drawn.behind.slack.url}/api/")
    await client.files_upload_v2(
        channel=ALERTS, content="# Checkout\nIt was down.", filename="draft.md", title="A draft"
    )
    await screen.button("Read: A draft", screen.messages).click()
    await shows(screen.dialog, "It was down.")
    await expect(screen.dialog.get_by_role("link", name="Download")).to_be_visible()
    await screen.button("Close", screen.dialog).click()
    await expect(screen.dialog).to_have_count(0)


async def test_a_message_is_edited_and_reacted_to(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.send("good mornign")
    message = screen.messages.get_by_role("article").filter(has_text="good mornign")
    await message.hover()
    await screen.button("Message menu", message).click()
    await screen.page.get_by_role("menuitem", name="Edit message").click()
    entry = screen.page.get_by_label("Edit the message")
    await entry.fill("good morning")
    await entry.press("Enter")
    await shows(screen.messages, "(edited)")
    await shows(screen.messages, "good morning")
    await drawn.behind.react("tada")
    await screen.button("opsbot reacted with :tada:", screen.messages).click()
    await expect(screen.button("reacted with :tada:", screen.messages)).to_contain_text("2")
