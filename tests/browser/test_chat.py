from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.drawn import ALERTS, OPTIONS, Drawn, entry, words
from tests.browser.screen import Screen, shows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LEE = "U0LEE0001"


def message(screen: Screen, text: str) -> Locator:
    """A message of the channel, by what it says."""
    return screen.messages.get_by_role("article").filter(has_text=text)


async def use(screen: Screen, text: str, item: str) -> None:
    """Choose something in a message's menu."""
    await message(screen, text).hover()
    await screen.button("Message menu", message(screen, text)).click()
    await screen.page.get_by_role("menuitem", name=item).click()


async def test_a_message_is_pinned_and_found_in_the_list_of_the_pinned(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.say(LEE, ALERTS, "the runbook is moving")
    await use(screen, "the runbook is moving", "Pin to channel")
    await shows(message(screen, "the runbook is moving"), "Pinned")
    await screen.button("1 pinned").click()
    await screen.page.get_by_role("dialog", name="Pinned messages").get_by_role("button").click()
    await expect(message(screen, "the runbook is moving")).to_be_focused()


async def test_the_apps_shortcut_is_in_a_messages_menu(drawn: Drawn) -> None:
    await drawn.behind.say(LEE, ALERTS, "checkout is slow")
    await use(drawn.screen, "checkout is slow", "Declare incident")
    await expect(drawn.screen.page.get_by_role("menu")).to_have_count(0)
    await drawn.screen.settled()
    payload = drawn.behind.bot.received[-1].payload
    assert (payload["type"], payload["callback_id"]) == ("message_action", "declare_message")
    assert payload["message"]["text"] == "checkout is slow"


async def test_the_apps_global_shortcuts_and_commands_are_under_the_plus(drawn: Drawn) -> None:
    screen = drawn.screen
    plus = screen.button("Shortcuts and commands").first
    await plus.click()
    await screen.page.get_by_role("menuitem", name="/slo").click()
    await expect(screen.message_box).to_have_value("/slo ")
    await plus.click()
    await screen.page.get_by_role("menuitem", name="New incident").click()
    await expect(screen.page.get_by_role("menu")).to_have_count(0)


async def test_a_reply_is_sent_to_the_channel_too(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.say(LEE, ALERTS, "checkout is slow")
    await message(screen, "checkout is slow").focus()
    await screen.page.keyboard.press("t")
    thread = screen.page.get_by_role("region", name="Thread")
    await thread.get_by_label("Also send to #platform-alerts").check()
    await thread.get_by_label("Reply in this thread").fill("it is the database")
    await thread.get_by_label("Reply in this thread").press("Enter")
    await shows(thread, "1 reply")
    await shows(message(screen, "it is the database"), "replied to a thread")
    await expect(thread.get_by_label("Also send to #platform-alerts")).not_to_be_checked()


async def test_what_was_replied_to_is_quoted_by_whole_words(drawn: Drawn) -> None:
    screen, call = drawn.screen, drawn.behind.call
    long = "The checkout page shows errors to half of the customers since five minutes, says support"
    for root in ({"text": long}, {"text": "P0 #1", "blocks": [{"type": "header", "text": words("A title")}]}):
        there = await call("chat.postMessage", channel=ALERTS, **root)
        reply = {"channel": ALERTS, "thread_ts": there["ts"], "reply_broadcast": True}
        await call("chat.postMessage", text="seen", **reply)
    await shows(screen.messages, f"replied to a thread: {long.removesuffix(' says support')} …")
    await shows(screen.messages, "replied to a thread: A title")


async def test_a_reply_that_comes_in_does_not_disturb_the_one_that_is_being_written(drawn: Drawn) -> None:
    screen = drawn.screen
    card = await drawn.behind.call("chat.postMessage", channel=ALERTS, text="card")
    await message(screen, "card").focus()
    await screen.page.keyboard.press("t")
    reply = screen.page.get_by_label("Reply in this thread")
    await reply.fill("half a thou")
    await drawn.behind.call("chat.postMessage", channel=ALERTS, text="news", thread_ts=card["ts"])
    await shows(screen.page.get_by_role("region", name="Thread"), "news")
    await expect(reply).to_have_value("half a thou")
    await expect(reply).to_be_focused()


async def test_slash_commands_in_a_thread_are_explained(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.call("chat.postMessage", channel=ALERTS, text="card")
    await message(screen, "card").focus()
    await screen.page.keyboard.press("t")
    thread = screen.page.get_by_role("region", name="Thread")
    await thread.get_by_label("Reply in this thread").fill("/incident list")
    await thread.get_by_label("Reply in this thread").press("Enter")
    await shows(thread.get_by_role("alert"), "Slash commands do not work in threads")
    await expect(thread.get_by_label("Reply in this thread")).to_have_value("/incident list")


async def test_a_command_that_the_app_does_not_have_is_refused_and_given_back(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.send("/nothing at all")
    await shows(screen.page.locator("#composer").get_by_role("alert"), "/nothing is not a valid command")
    await expect(screen.message_box).to_have_value("/nothing at all")
    assert drawn.behind.bot.received == []


async def test_a_draft_is_kept_for_each_channel_and_what_was_sent_comes_back(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.message_box.fill("not yet")
    await screen.go_to("general")
    await expect(screen.message_box).to_have_value("")
    await screen.send("good morning")
    await screen.message_box.press("ArrowUp")
    await expect(screen.message_box).to_have_value("good morning")
    await screen.go_to("platform-alerts")
    await expect(screen.message_box).to_have_value("not yet")
    await screen.page.reload()
    await expect(screen.message_box).to_have_value("not yet")


async def test_names_become_mentions_and_mine_is_marked(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.send("@lee and @oncall, see #general")
    await expect(screen.messages.locator(".mention")).to_have_text(["@Lee Novak", "@oncall", "#general"])
    await expect(screen.messages.locator(".mention.mine")).to_have_text(["@oncall"])


async def test_what_was_unread_on_coming_is_under_a_line(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.say(LEE, ALERTS, "old")
    await shows(screen.messages, "old")
    await screen.go_to("general")
    await drawn.behind.say(LEE, ALERTS, "fresh")
    await shows(screen.channels, "1")
    await screen.page.reload()
    await shows(screen.button("platform-alerts", screen.channels), "1")
    await screen.go_to("platform-alerts")
    lines = screen.messages.locator(".new-line + article")
    await shows(lines, "fresh")
    await expect(screen.button("platform-alerts", screen.channels)).not_to_contain_text("1")


async def test_an_ephemeral_message_is_dismissed(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.call("chat.postEphemeral", channel=ALERTS, user="U0ANA0001", text="for Ana alone")
    await screen.button("Dismiss", screen.messages).click()
    await expect(message(screen, "for Ana alone")).to_have_count(0)
    await screen.page.reload()
    await screen.channels.get_by_role("button").first.wait_for()
    await expect(message(screen, "for Ana alone")).to_have_count(0)


async def test_a_channel_is_looked_at_joined_and_left(drawn: Drawn) -> None:
    screen = drawn.screen
    await screen.go_to("leadership")
    await expect(screen.message_box).to_be_hidden()
    await screen.button("Join channel").click()
    await shows(screen.messages, "joined")
    await expect(screen.message_box).to_be_visible()
    await screen.button("people").click()
    await screen.button("Leave channel").click()
    await expect(screen.button("Join channel")).to_be_visible()


async def test_channels_come_and_are_archived_while_one_looks(drawn: Drawn) -> None:
    screen = drawn.screen
    made = await drawn.behind.call("conversations.create", name="inc-42")
    await screen.go_to("inc-42")
    await drawn.behind.call("conversations.setTopic", channel=made["channel"]["id"], topic="P0 · *checkout*")
    await shows(screen.page.locator("#channel-about"), "P0 · checkout")
    await drawn.behind.call("conversations.archive", channel=made["channel"]["id"])
    await shows(screen.page.locator("#conversation"), "This channel is archived")
    await shows(screen.channels, "Archived")


async def test_a_link_to_a_message_leads_to_it(drawn: Drawn) -> None:
    screen, call = drawn.screen, drawn.behind.call
    there = await call("chat.postMessage", channel=ALERTS, text="the card")
    link = await call("chat.getPermalink", channel=ALERTS, message_ts=there["ts"])
    await call("chat.postMessage", channel="C0PLATFRM", text=f"see <{link['permalink']}|the incident>")
    await screen.go_to("platform-team")
    await screen.messages.get_by_role("link", name="the incident").click()
    await expect(message(screen, "the card")).to_be_focused()


async def modal(drawn: Drawn, *blocks: dict[str, Any], method: str = "views.open", trigger: str = "") -> None:
    view = {"type": "modal", "title": words("A view"), "submit": words("Go"), "blocks": blocks}
    if not trigger:
        await drawn.screen.send("/incident")
        await drawn.screen.settled()
        trigger = drawn.behind.bot.received[-1].form["trigger_id"]
    await drawn.behind.call(method, trigger_id=trigger, view=view)


PUSH = {"type": "button", "action_id": "push", "text": words("More")}


async def test_what_was_entered_below_is_there_when_the_pushed_modal_is_closed(drawn: Drawn) -> None:
    dialog = drawn.screen.dialog
    await modal(drawn, entry("title", "plain_text_input"), {"type": "actions", "elements": [PUSH]})
    await dialog.get_by_role("textbox", name="title").fill("checkout is down")
    await drawn.screen.button("More", dialog).click()
    await drawn.screen.settled()
    trigger = drawn.behind.bot.received[-1].payload["trigger_id"]
    await modal(drawn, entry("detail", "plain_text_input"), method="views.push", trigger=trigger)
    await expect(dialog.get_by_role("textbox", name="detail")).to_be_focused()
    await drawn.screen.page.keyboard.press("Escape")
    await expect(dialog.get_by_role("textbox", name="title")).to_have_value("checkout is down")


async def test_an_update_of_the_modal_keeps_what_was_entered_and_the_cursor(drawn: Drawn) -> None:
    dialog, page = drawn.screen.dialog, drawn.screen.page
    title = entry("title", "plain_text_input") | {"dispatch_action": True}
    severity = entry("severity", "radio_buttons", options=OPTIONS)
    await modal(drawn, title, severity)
    await dialog.get_by_role("radio", name="two").check()
    await dialog.get_by_role("textbox", name="title").fill("checkout")
    async with page.expect_response("**/slack/act"):
        await dialog.get_by_role("textbox", name="title").press("Enter")
    assert drawn.behind.told()["value"] == "checkout"
    similar = {"type": "section", "text": words("Similar: #41")}
    view = {
        "type": "modal",
        "title": words("A view"),
        "submit": words("Go"),
        "blocks": [similar, title, severity],
    }
    view_id = drawn.behind.bot.received[-1].payload["view"]["id"]
    await drawn.behind.call("views.update", view_id=view_id, view=view)
    await shows(dialog, "Similar: #41")
    await expect(dialog.get_by_role("textbox", name="title")).to_have_value("checkout")
    await expect(dialog.get_by_role("textbox", name="title")).to_be_focused()
    await expect(dialog.get_by_role("radio", name="two")).to_be_checked()


async def test_a_text_that_is_too_short_is_said_before_it_is_sent(drawn: Drawn) -> None:
    dialog = drawn.screen.dialog
    await modal(drawn, entry("title", "plain_text_input", min_length=5))
    sent = len(drawn.behind.bot.received)
    await dialog.get_by_role("textbox", name="title").fill("no")
    await drawn.screen.button("Go", dialog).click()
    await shows(dialog, "Please enter at least 5 characters.")
    assert len(drawn.behind.bot.received) == sent


async def test_rich_text_and_markdown_are_drawn(drawn: Drawn) -> None:
    screen = drawn.screen
    item = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": LEE}]}
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "ordered", "elements": [item]}],
    }
    await drawn.behind.post(rich, {"type": "markdown", "text": "## Report\n\n- [docs](https://example.com)"})
    await expect(screen.messages.get_by_role("listitem")).to_have_text(["@Lee Novak", "docs"])
    await expect(screen.messages.get_by_role("heading", name="Report")).to_be_visible()
