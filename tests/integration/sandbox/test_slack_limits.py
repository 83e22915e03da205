from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.content import content_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import check_message, check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def words(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": words(1), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain("Acknowledge"), "action_id": "ack", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "a", value: str = "a", **fields: Any) -> Json:
    return {"text": plain(text), "value": value, **fields}


def overflow(*options: Json) -> Json:
    return actions({"type": "overflow", "action_id": "more", "options": list(options)})


def select(count: int) -> Json:
    options = [option(value=str(number)) for number in range(count)]
    return actions({"type": "static_select", "action_id": "pick", "options": options})


def confirm(**fields: Any) -> Json:
    texts = {
        "title": plain("Sure?"),
        "text": plain("It pages."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    return actions(button(confirm={**texts, **fields}))


def menu(kind: str, **fields: Any) -> Json:
    return actions({"type": kind, "action_id": "pick", **fields})


def choices(kind: str, count: int, **fields: Any) -> Json:
    return menu(kind, options=[option(value=str(number)) for number in range(count)], **fields)


def groups(count: int, options: int = 1, label: str = "g") -> Json:
    listed = [option(value=str(number)) for number in range(options)]
    return menu("static_select", option_groups=[{"label": plain(label), "options": listed}] * count)


def field(element: Json | None = None, **fields: Any) -> Json:
    asked = {"type": "input", "label": plain("What?"), "element": element or typed()}
    return {**asked, **fields}


def typed(kind: str = "plain_text_input", **fields: Any) -> Json:
    return {"type": kind, "action_id": "typed", **fields}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def said(text: str = "x") -> Json:
    return {"type": "text", "text": text}


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def focused(name: str) -> Json:
    return actions(menu("users_select", focus_on_load=True)["elements"][0] | {"action_id": name})


def context(count: int) -> Json:
    return {"type": "context", "elements": [words(1)] * count}


def image(alt: str) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": alt}


def refused(*blocks: Any) -> str:
    with pytest.raises(SlackError) as error:
        check_message(list(blocks))
    return error.value.error


FITTING = {
    "50 blocks": [section()] * 50,
    "a section of 3000": [section(text=words(3000))],
    "10 fields": [section(fields=[words(2000 // 10)] * 10)],
    "a field of 2000": [section(fields=[words(2000)])],
    "a header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "25 buttons": [actions(*(button(action_id=str(n)) for n in range(25)))],
    "10 context elements": [context(10)],
    "a button text of 75": [actions(button(text=plain("x" * 75)))],
    "a button value of 2000": [actions(button(value="x" * 2000))],
    "an action_id of 255": [actions(button(action_id="x" * 255))],
    "a block_id of 255": [section(block_id="x" * 255)],
    "100 options": [select(100)],
    "one overflow option": [overflow(option())],
    "5 overflow options": [overflow(*[option()] * 5)],
    "an overflow option's text of 75": [overflow(option(text="x" * 75))],
    "an overflow option's value of 150": [overflow(option(value="x" * 150))],
    "a confirm button of 30": [confirm(confirm=plain("x" * 30), deny=plain("x" * 30))],
    "a confirm title of 100": [confirm(title=plain("x" * 100))],
    "a confirm text of 300": [confirm(text=plain("x" * 300))],
    "an alt text of 2000": [image("x" * 2000)],
    "12,000 characters together": [section(text=words(3000))] * 4,
    "the same action_id in two blocks": [actions(button()), actions(button())],
    "a divider": [{"type": "divider"}],
    "a markdown block": [{"type": "markdown", "text": "**bold**"}],
    "a style": [actions(button(style="danger"))],
    "a button url of 3000": [actions(button(url="x" * 3000))],
    "an accessibility label of 75": [actions(button(accessibility_label="x" * 75))],
    "75 characters of two units in 150": [{"type": "header", "text": plain("😀" * 75)}],
    "an option's description of 75": [overflow(option(description=plain("x" * 75)))],
    "an option's url of 3000 in an overflow": [overflow(option(url="x" * 3000))],
    "a select option's text of 75": [menu("static_select", options=[option(text="x" * 75)])],
    "a select option's value of 150": [menu("static_select", options=[option(value="x" * 150)])],
    "a placeholder of 150": [
        select(1) | {"elements": [select(1)["elements"][0] | {"placeholder": plain("x" * 150)}]}
    ],
    "100 option groups": [groups(100)],
    "100 options in a group": [groups(1, options=100)],
    "a group label of 75": [groups(1, label="x" * 75)],
    "10 radio buttons": [choices("radio_buttons", 10)],
    "10 checkboxes": [choices("checkboxes", 10)],
    "an initial option that is offered": [choices("static_select", 2, initial_option=option(value="1"))],
    "a date": [menu("datepicker", initial_date="2026-07-31")],
    "a time": [menu("timepicker", initial_time="23:59")],
    "a date and time of 10 digits": [menu("datetimepicker", initial_date_time=1_780_000_000)],
    "an image title of 2000": [image("a") | {"title": plain("x" * 2000)}],
    "an image url of 3000": [image("a") | {"image_url": "x" * 3000}],
    "an image in a context": [{"type": "context", "elements": [image("a")]}],
    "an image as an accessory": [section(accessory=image("a"))],
    "a context text of 3000": [{"type": "context", "elements": [words(3000)]}],
    "an input": [field()],
    "an input label of 2000": [field(label=plain("x" * 2000))],
    "an input hint of 2000": [field(hint=plain("x" * 2000))],
    "an initial value of 3000": [field(typed(initial_value="x" * 3000))],
    "a longest input of 3000": [field(typed(min_length=3000, max_length=3000))],
    "a number input": [field(typed("number_input", is_decimal_allowed=False, min_value="1", max_value="1"))],
    "rich text": [
        rich(said(), {"type": "user", "user_id": "U0ANA0001"}, {"type": "link", "url": "https://x"})
    ],
    "a rich list": [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_section", "elements": [said()]}],
                }
            ],
        }
    ],
    "a table of 100 rows": [table(100, 2)],
    "a table of 20 columns": [table(2, 20)],
    "a table of 10,000 characters": [table(1, 4, "x" * 2500)],
    "12,000 characters of markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "one element with the focus": [focused("a")],
}
TOO_MUCH = {
    "51 blocks": [section()] * 51,
    "a section of 3001": [section(text=words(3001))],
    "11 fields": [section(fields=[words(1)] * 11)],
    "a field of 2001": [section(fields=[words(2001)])],
    "a header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "a header in mrkdwn": [{"type": "header", "text": words(1)}],
    "26 buttons": [actions(*(button(action_id=str(n)) for n in range(26)))],
    "an actions block without elements": [actions()],
    "11 context elements": [context(11)],
    "a button text of 76": [actions(button(text=plain("x" * 76)))],
    "a button text in mrkdwn": [actions(button(text=words(3)))],
    "a button value of 2001": [actions(button(value="x" * 2001))],
    "an unknown style": [actions(button(style="warning"))],
    "an action_id of 256": [actions(button(action_id="x" * 256))],
    "a block_id of 256": [section(block_id="x" * 256)],
    "two blocks of one block_id": [section(block_id="a"), section(block_id="a")],
    "two elements of one action_id": [actions(button(), button())],
    "101 options": [select(101)],
    "no option": [select(0)],
    "no overflow option": [overflow()],
    "6 overflow options": [overflow(*[option()] * 6)],
    "an overflow option's text of 76": [overflow(option(text="x" * 76))],
    "an overflow option's value of 151": [overflow(option(value="x" * 151))],
    "a confirm button of 31": [confirm(confirm=plain("x" * 31))],
    "a deny button of 31": [confirm(deny=plain("x" * 31))],
    "a confirm title of 101": [confirm(title=plain("x" * 101))],
    "a confirm text of 301": [confirm(text=plain("x" * 301))],
    "a confirm without its text": [actions(button(confirm={"title": plain("Sure?")}))],
    "an alt text of 2001": [image("x" * 2001)],
    "an image without alt text": [{"type": "image", "image_url": "https://example.com/a.png"}],
    "an unknown block": [{"type": "banner", "text": words(1)}],
    "an unknown element": [actions({"type": "slider", "action_id": "a"})],
    "an image among actions": [actions(image("a"))],
    "an empty text": [section(text=words(0))],
    "a section without text": [{"type": "section"}],
    "a field that Slack does not know": [section(colour="red")],
    "emoji in mrkdwn": [section(text={**words(1), "emoji": True})],
    "a block that is no object": ["section"],
    "a button url of 3001": [actions(button(url="x" * 3001))],
    "an accessibility label of 76": [actions(button(accessibility_label="x" * 76))],
    "76 characters of two units in 150": [{"type": "header", "text": plain("😀" * 76)}],
    "an option's description of 76": [overflow(option(description=plain("x" * 76)))],
    "an option's url of 3001": [overflow(option(url="x" * 3001))],
    "a url in a select": [menu("static_select", options=[option(url="https://x")])],
    "mrkdwn in a select": [menu("static_select", options=[{"text": words(1), "value": "a"}])],
    "a select option's text of 76": [menu("static_select", options=[option(text="x" * 76)])],
    "a select option's value of 151": [menu("static_select", options=[option(value="x" * 151)])],
    "a placeholder of 151": [menu("users_select", placeholder=plain("x" * 151))],
    "101 option groups": [groups(101)],
    "101 options in a group": [groups(1, options=101)],
    "a group label of 76": [groups(1, label="x" * 76)],
    "options and option groups": [
        choices("static_select", 1, option_groups=groups(1)["elements"][0]["option_groups"])
    ],
    "a select without options": [menu("static_select")],
    "11 radio buttons": [choices("radio_buttons", 11)],
    "11 checkboxes": [choices("checkboxes", 11)],
    "an initial option that is not offered": [choices("static_select", 2, initial_option=option(value="2"))],
    "no date": [menu("datepicker", initial_date="31.07.2026")],
    "no time": [menu("timepicker", initial_time="24:00")],
    "a date and time of 9 digits": [menu("datetimepicker", initial_date_time=178_000_000)],
    "a date and time in a section": [section(accessory=menu("datetimepicker")["elements"][0])],
    "a focus on a button": [actions(button(focus_on_load=True))],
    "two elements with the focus": [focused("a"), focused("b")],
    "an image title of 2001": [image("a") | {"title": plain("x" * 2001)}],
    "an image url of 3001": [image("a") | {"image_url": "x" * 3001}],
    "an image of two sources": [image("a") | {"slack_file": {"id": "F1"}}],
    "a file that is not there": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}],
    "a context text of 3001": [{"type": "context", "elements": [words(3001)]}],
    "a button in a context": [{"type": "context", "elements": [button()]}],
    "an input among actions": [actions(typed())],
    "an input as an accessory": [section(accessory=typed())],
    "a button in an input": [field(button())],
    "a file input in a message": [field(typed("file_input"))],
    "an input label of 2001": [field(label=plain("x" * 2001))],
    "an input label in mrkdwn": [field(label=words(1))],
    "an input hint of 2001": [field(hint=plain("x" * 2001))],
    "an initial value of 3001": [field(typed(initial_value="x" * 3001))],
    "a longest input of 3001": [field(typed(max_length=3001))],
    "a shortest input over the longest": [field(typed(min_length=2, max_length=1))],
    "a confirm of an input": [field(typed(confirm=confirm()["elements"][0]["confirm"]))],
    "a number input without decimals said": [field(typed("number_input"))],
    "a number that is none": [field(typed("number_input", is_decimal_allowed=True, min_value="ten"))],
    "rich text of an unknown element": [rich({"type": "blink", "text": "x"})],
    "rich text without elements": [{"type": "rich_text", "elements": []}],
    "an empty rich text": [rich(said(""))],
    "a table of 101 rows": [table(101, 2)],
    "a table of 21 columns": [table(2, 21)],
    "a table of 10,001 characters": [table(1, 4, "x" * 2501)],
    "two tables": [table(1, 1), table(1, 1)],
    "12,001 characters of markdown in a block": [{"type": "markdown", "text": "x" * 12_001}],
    "a video": [{"type": "video", "video_url": "https://example.com/v", "alt_text": "a"}],
    "a remote file": [{"type": "file", "external_id": "a", "source": "remote"}],
}


@pytest.mark.parametrize("blocks", FITTING.values(), ids=FITTING.keys())
def test_a_message_may_have(blocks: list[Json]) -> None:
    check_message(blocks)


@pytest.mark.parametrize("blocks", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_a_message_may_not_have(blocks: list[Json]) -> None:
    assert refused(*blocks) == "invalid_blocks"


def test_more_than_12000_characters_together_are_too_long() -> None:
    assert refused(*[section(text=words(3000))] * 4, section()) == "msg_blocks_too_long"


def test_a_refusal_points_to_the_place() -> None:
    with pytest.raises(SlackError) as error:
        check_message([section(), section(text=words(3001))])
    assert error.value.messages == ["must be less than 3001 characters [json-pointer:/blocks/1/text/text]"]


def test_12000_characters_of_markdown_are_too_long_with_one_more() -> None:
    markdown = {"type": "markdown", "text": "x" * 6_000}
    check_message([markdown, markdown])
    assert refused(markdown, markdown, {"type": "markdown", "text": "x"}) == "msg_blocks_too_long"


def test_blocks_of_an_attachment_are_checked_at_their_place() -> None:
    with pytest.raises(SlackError) as error:
        content_of({"attachments": [{"blocks": [section(text=words(3001))]}]})
    assert error.value.messages == [
        "must be less than 3001 characters [json-pointer:/attachments/0/blocks/0/text/text]"
    ]


def test_a_message_may_have_100_attachments() -> None:
    content_of({"attachments": [{"text": "a"}] * 100})
    with pytest.raises(SlackError, match="too_many_attachments"):
        content_of({"attachments": [{"text": "a"}] * 101})


def test_a_message_may_have_a_text_of_40000() -> None:
    content_of({"text": "x" * 40_000})
    with pytest.raises(SlackError, match="msg_too_long"):
        content_of({"text": "x" * 40_001})


def test_markdown_text_holds_12000_and_stands_alone() -> None:
    assert content_of({"markdown_text": "x" * 12_000}).text == "x" * 12_000
    with pytest.raises(SlackError, match="msg_too_long"):
        content_of({"markdown_text": "x" * 12_001})
    with pytest.raises(SlackError, match="markdown_text_conflict"):
        content_of({"markdown_text": "x", "text": "y"})


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain("Declare"), "blocks": [section()], **fields}


def text_input() -> Json:
    element = {"type": "plain_text_input", "action_id": "title"}
    return {"type": "input", "label": plain("What is down?"), "element": element}


@pytest.mark.parametrize(
    "view",
    [
        modal(submit=plain("Declare"), blocks=[text_input(), *[section()] * 99]),
        modal(title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
        modal(private_metadata="x" * 3000),
        modal(callback_id="x" * 255, external_id="x" * 255),
        modal(submit=plain("Send"), blocks=[field(typed("file_input", max_files=10))]),
        modal(blocks=[image("a")]),
    ],
    ids=["100 blocks", "texts of 24", "private_metadata of 3000", "ids of 255", "a file input", "an image"],
)
def test_a_modal_may_have(view: Json) -> None:
    check_view(view)


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("x" * 25)),
        modal(title=None),
        modal(submit=plain("x" * 25)),
        modal(private_metadata="x" * 3001),
        modal(callback_id="x" * 256),
        modal(blocks=[section()] * 101),
        modal(blocks=[text_input()]),
        modal(type="dialog"),
        modal(colour="red"),
        modal(close=plain("x" * 25)),
        modal(title=words(1)),
        modal(external_id="x" * 256),
        modal(clear_on_close="yes"),
        modal(blocks=[{"type": "markdown", "text": "x"}]),
        modal(blocks=[table(1, 1)]),
        modal(submit=plain("Send"), blocks=[field(typed("file_input", max_files=11))]),
    ],
    ids=[
        "title of 25",
        "no title",
        "submit of 25",
        "private_metadata of 3001",
        "callback_id of 256",
        "101 blocks",
        "an input without submit",
        "another type",
        "an unknown field",
        "close of 25",
        "a title in mrkdwn",
        "external_id of 256",
        "a flag that is none",
        "markdown",
        "a table",
        "11 files",
    ],
)
def test_a_modal_may_not_have(view: Json) -> None:
    with pytest.raises(SlackError) as error:
        check_view(view)
    assert error.value.error == "invalid_arguments"


def test_a_modal_is_at_most_250_kilobytes() -> None:
    with pytest.raises(SlackError) as error:
        check_view(modal(blocks=[section(text=words(3000))] * 90))
    assert error.value.error == "view_too_large"


def home(**fields: Any) -> Json:
    return {"type": "home", "blocks": [section()], **fields}


def test_a_home_may_have_100_blocks_and_inputs() -> None:
    check_view(home(blocks=[field(), *[section()] * 99]), kind="home")


@pytest.mark.parametrize(
    "view",
    [
        home(blocks=[section()] * 101),
        home(title=plain("Home")),
        home(submit=plain("Send")),
        home(private_metadata="x" * 3001),
        home(blocks=[field(typed("file_input"))]),
        home(blocks=None),
        modal(),
    ],
    ids=[
        "101 blocks",
        "a title",
        "a submit",
        "private_metadata of 3001",
        "a file input",
        "no blocks",
        "a modal",
    ],
)
def test_a_home_may_not_have(view: Json) -> None:
    with pytest.raises(SlackError) as error:
        check_view(view, kind="home")
    assert error.value.error == "invalid_arguments"
