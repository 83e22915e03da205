from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.drawn import ALERTS, OPTIONS, Drawn, words
from tests.browser.screen import shows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BUTTON = {"type": "button", "action_id": "press", "value": "v", "text": words(":bell: Press")}
MENU = {"type": "overflow", "action_id": "more", "options": OPTIONS}
SELECT = {"type": "static_select", "action_id": "choose", "placeholder": words("Choose"), "options": OPTIONS}
MRKDWN = {
    "*bold* _italic_ ~gone~": "<strong>bold</strong> <em>italic</em> <s>gone</s>",
    "`a *b* c`": "<code>a *b* c</code>",
    "snake_case_name 2*3*4": "snake_case_name 2*3*4",
    "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
    "&gt; quoted\nnot": "<blockquote>quoted</blockquote><span>not</span>",
    "<@U0LEE0001>, <!subteam^S0ONCALL1>": (
        '<span class="mention">@Lee Novak</span>, <span class="mention mine">@oncall</span>'
    ),
    "<https://example.com/?a=1&amp;b=2|a &amp; b>": (
        '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">a &amp; b</a>'
    ),
    "<javascript:alert(1)|x>": "<span>x</span>",
    "```one\n*two*```": "<pre>one\n*two*</pre>",
    ":rotating_light: :unknown_one:": "🚨 :unknown_one:",
}


async def test_mrkdwn_is_shown_as_slack_shows_it(drawn: Drawn) -> None:
    for source in MRKDWN:
        await drawn.behind.post({"type": "section", "text": {"type": "mrkdwn", "text": source}})
    paragraphs = drawn.screen.messages.locator(".section p")
    await expect(paragraphs).to_have_count(len(MRKDWN))
    shown = [await paragraph.inner_html() for paragraph in await paragraphs.all()]
    assert shown == [
        html if html.startswith("<blockquote") else f"<span>{html}</span>" for html in MRKDWN.values()
    ]


async def test_what_people_write_is_never_taken_for_html(drawn: Drawn) -> None:
    await drawn.screen.send("<img src=x onerror=alert(1)> & *bold* <b>")
    await shows(drawn.screen.messages, "<img src=x onerror=alert(1)> & bold <b>")
    await expect(drawn.screen.messages.get_by_role("strong").get_by_text("bold")).to_have_count(1)
    await expect(drawn.screen.messages.locator("img:not(.avatar), b")).to_have_count(0)


async def test_what_is_used_in_a_message_is_told_to_the_bot(drawn: Drawn) -> None:
    screen, behind = drawn.screen, drawn.behind
    await behind.post({"type": "actions", "elements": [BUTTON, MENU, SELECT]})
    await screen.button("🔔 Press", screen.messages).click()
    await screen.settled()
    assert (behind.told()["action_id"], behind.told()["value"]) == ("press", "v")
    await screen.messages.get_by_label("More actions").click()
    await screen.button("two", screen.messages).click()
    await screen.settled()
    assert behind.told()["selected_option"]["value"] == "two"
    await screen.messages.get_by_role("combobox").select_option("one")
    await screen.settled()
    assert behind.told()["selected_option"]["value"] == "one"


async def test_an_answer_that_fails_is_said_at_the_message(drawn: Drawn) -> None:
    await drawn.behind.post({"type": "actions", "elements": [BUTTON]})
    drawn.behind.bot.fail(500)
    await drawn.screen.button("Press", drawn.screen.messages).click()
    await shows(drawn.screen.messages.get_by_role("alert"), "opsbot did not respond")


async def test_each_person_sees_what_is_theirs(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.call("chat.postEphemeral", channel=ALERTS, user="U0ANA0001", text="for Ana alone")
    await shows(screen.messages, "Only visible to you")
    await screen.become("Sam Okafor")
    await shows(screen.channels, "security-incidents")
    await expect(screen.messages).not_to_contain_text("for Ana alone")


async def test_a_thread_is_opened_and_answered_with_a_mention(drawn: Drawn) -> None:
    screen = drawn.screen
    await drawn.behind.call("chat.postMessage", channel=ALERTS, text="card")
    message = screen.messages.get_by_role("article").filter(has_text="card")
    await message.hover()
    await screen.button("Reply in thread", message).click()
    reply = screen.page.get_by_label("Reply in this thread")
    await reply.fill("@opsbot ack")
    await reply.press("Enter")
    await shows(screen.page.get_by_role("log", name="Thread"), "@opsbot ack")
    event = drawn.behind.bot.received[-1].payload["event"]
    assert (event["type"], event["text"]) == ("app_mention", "<@U0OPSBOT1> ack")
    assert "thread_ts" in event
