from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.page import MovedClock, page_app
from bot.sandbox.slack import SlackStandIn
from tests.support.chromium import Tab, chromium, chromium_program
from tests.support.pagerduty import served_pagerduty
from tests.support.sandbox import FakeBotProcess, sandbox
from tests.support.slack import SIGNING_SECRET, RecordingBot, serving, slack_stand_in

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
    await page.until_shown("Acknowledged by", "#messages")

    await page.click("#messages button", "Resolve")
    await page.click("dialog.confirm button.danger, dialog.confirm button.primary")
    await page.until("document.querySelectorAll('#paging .resolved').length === 2")


async def test_a_person_acknowledges_in_pagerduty_and_slack_shows_it(page: Tab) -> None:
    await enter(page, "/incident p0 checkout is down")
    await page.click("[data-page=acknowledge]")
    await page.until_shown("Acknowledged by", "#messages")


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


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def entry(name: str, kind: str, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": name, **more}
    return {"type": "input", "block_id": name, "label": text(name), "element": element}


OPTIONS = [{"text": text(word), "value": word} for word in ("one", "two")]
BUTTON = {"type": "button", "action_id": "press", "value": "v", "text": text(":bell: Press")}
MENU = {"type": "overflow", "action_id": "more", "options": OPTIONS}
SELECT = {"type": "static_select", "action_id": "choose", "placeholder": text("Choose"), "options": OPTIONS}
MRKDWN = {
    "*bold* _italic_ ~gone~": "<strong>bold</strong> <em>italic</em> <s>gone</s>",
    "`a *b* c`": "<code>a *b* c</code>",
    "snake_case_name 2*3*4": "snake_case_name 2*3*4",
    "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
    "&gt; quoted\nnot": "<blockquote>quoted</blockquote><span>not</span>",
    "<@U0LEE0001>, <!subteam^S0ONCALL1>": (
        '<span class="mention">@Lee Novak</span>, <span class="mention">@oncall</span>'
    ),
    "<https://example.com/?a=1&amp;b=2|a &amp; b>": (
        '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">a &amp; b</a>'
    ),
    "<javascript:alert(1)|x>": "<span>x</span>",
    "```one\n*two*```": "<pre>one\n*two*</pre>",
    ":rotating_light: :unknown_one:": "🚨 :unknown_one:",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The page over stand-ins alone, in place of the bot one that records what it is told."""

    tab: Tab
    slack: SlackStandIn
    bot: RecordingBot
    http: aiohttp.ClientSession

    async def call(self, method: str, **arguments: Any) -> None:
        headers = {"Authorization": "Bearer xoxb-stand-in"}
        url = f"{self.slack.url}/api/{method}"
        async with self.http.post(url, json=arguments, headers=headers) as answer:
            said = await answer.json()
        assert said["ok"], said

    async def post(self, *blocks: dict[str, Any]) -> None:
        await self.call("chat.postMessage", channel="C0ALERTS1", text="card", blocks=blocks)

    def told(self) -> dict[str, Any]:
        action: dict[str, Any] = self.bot.received[-1].payload["actions"][0]
        return action


@pytest.fixture
async def drawn(tmp_path: Path) -> AsyncIterator[Drawn]:
    bot = RecordingBot()
    async with (
        aiohttp.ClientSession() as http,
        slack_stand_in() as slack,
        served_pagerduty() as pagerduty,
        serving(bot.app()) as bot_url,
        serving(
            page_app(
                slack=slack.url,
                pagerduty=pagerduty.url,
                bot=FakeBotProcess(),
                clock=MovedClock(tmp_path / "clock"),
                http=http,
            )
        ) as url,
        chromium(tmp_path / "profile") as tab,
    ):
        slack.connect(bot_url, SIGNING_SECRET)
        await tab.look()
        await tab.open(url)
        await tab.until("document.body.dataset.ready === 'true'")
        yield Drawn(tab, slack, bot, http)
        assert tab.complaints == []


async def test_mrkdwn_is_shown_as_slack_shows_it(drawn: Drawn) -> None:
    for source in MRKDWN:
        await drawn.post({"type": "section", "text": {"type": "mrkdwn", "text": source}})
    await drawn.tab.until(f"document.querySelectorAll('#messages .section').length === {len(MRKDWN)}")
    shown = await drawn.tab.run(
        "[...document.querySelectorAll('#messages .section p')].map((each) => each.innerHTML)"
    )
    expected = [
        html if html.startswith("<blockquote") else f"<span>{html}</span>" for html in MRKDWN.values()
    ]
    assert shown == expected


async def test_what_is_used_in_a_message_is_told_to_the_bot(drawn: Drawn) -> None:
    await drawn.post({"type": "actions", "elements": [BUTTON, MENU, SELECT]})
    await drawn.tab.click("#messages .actions button", "🔔 Press")
    await drawn.tab.until("!document.querySelector('[aria-busy]')")
    assert (drawn.told()["action_id"], drawn.told()["value"]) == ("press", "v")
    await drawn.tab.click("#messages .overflow summary")
    await drawn.tab.click("#messages .overflow button", "two")
    await drawn.tab.until("!document.querySelector('[aria-busy]')")
    assert drawn.told()["selected_option"]["value"] == "two"
    await drawn.tab.run(
        "(() => { const select = document.querySelector('#messages select'); select.value = 'one';"
        "select.dispatchEvent(new Event('change')); })()"
    )
    await drawn.tab.until("!document.querySelector('[aria-busy]')")
    assert drawn.told()["selected_option"]["value"] == "one"


async def test_an_answer_that_fails_is_said_at_the_message(drawn: Drawn) -> None:
    await drawn.post({"type": "actions", "elements": [BUTTON]})
    drawn.bot.fail(500)
    await drawn.tab.click("#messages .actions button")
    await drawn.tab.until_shown("opsbot did not respond", "#messages .failure")


async def test_a_modal_is_filled_in_corrected_and_submitted(drawn: Drawn) -> None:
    await enter(drawn.tab, "/incident")
    await drawn.tab.until("!document.querySelector('[aria-busy]')")
    blocks = [
        entry("title", "plain_text_input"),
        entry("severity", "static_select", options=OPTIONS, initial_option=OPTIONS[1]),
        entry("flags", "checkboxes", options=OPTIONS) | {"optional": True},
        entry("who", "users_select", initial_user="U0LEE0001"),
        entry("day", "datepicker", initial_date="2026-03-04"),
    ]
    view = {"type": "modal", "title": text("Declare"), "submit": text("Go"), "blocks": blocks}
    await drawn.call("views.open", trigger_id=drawn.bot.received[-1].form["trigger_id"], view=view)
    await drawn.tab.click("dialog.modal button", "Go")
    await drawn.tab.until_shown("Please complete this required field.", "dialog.modal")
    await drawn.tab.type("checkout is down")
    await drawn.tab.click("dialog.modal .choice", "two")
    drawn.bot.reply({"response_action": "errors", "errors": {"title": "Say more"}})
    await drawn.tab.click("dialog.modal button", "Go")
    await drawn.tab.until_shown("Say more", "dialog.modal")
    await drawn.tab.click("dialog.modal button", "Go")
    await drawn.tab.until("!document.querySelector('dialog')")
    values = drawn.bot.received[-1].payload["view"]["state"]["values"]
    assert values["title"]["title"]["value"] == "checkout is down"
    assert values["severity"]["severity"]["selected_option"]["value"] == "two"
    assert [one["value"] for one in values["flags"]["flags"]["selected_options"]] == ["two"]
    assert values["who"]["who"]["selected_user"] == "U0LEE0001"
    assert values["day"]["day"]["selected_date"] == "2026-03-04"


async def test_each_person_sees_what_is_theirs(drawn: Drawn) -> None:
    await drawn.call("chat.postEphemeral", channel="C0ALERTS1", user="U0ANA0001", text="for Ana alone")
    await drawn.tab.until_shown("Only visible to you", "#messages")
    await drawn.tab.run(
        "(() => { const who = document.getElementById('act-as'); who.value = 'U0SAM0001';"
        "who.dispatchEvent(new Event('change')); })()"
    )
    await drawn.tab.until_shown("security-incidents", "#channels")
    await drawn.tab.until("!document.getElementById('messages').innerText.includes('for Ana alone')")


async def test_a_thread_is_opened_and_answered_with_a_mention(drawn: Drawn) -> None:
    await drawn.call("chat.postMessage", channel="C0ALERTS1", text="card")
    await drawn.tab.click("#messages .thread-toggle")
    await drawn.tab.click(".reply input")
    await drawn.tab.type("@opsbot ack")
    await drawn.tab.press("Enter")
    await drawn.tab.until_shown("@opsbot ack", ".thread")
    event = drawn.bot.received[-1].payload["event"]
    assert (event["type"], event["text"]) == ("app_mention", "<@U0OPSBOT1> ack")
    assert "thread_ts" in event


async def test_only_one_panel_is_seen_on_a_phone(page: Tab) -> None:
    await page.look(width=390, height=800)
    await page.click("[data-show=side]")
    assert await page.run("document.documentElement.scrollWidth <= innerWidth")
    assert await page.run("document.getElementById('conversation').getBoundingClientRect().width") == 0
    await page.click("[data-show=channels]")
    await page.click("#channels button", "general")
    await page.until_shown("# general", "#channel-name")
