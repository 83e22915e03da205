from __future__ import annotations

from typing import Any

import pytest

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


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain("Declare"), "blocks": [section()], **fields}


def text_input() -> Json:
    element = {"type": "plain_text_input", "action_id": "title"}
    return {"type": "input", "label": plain("What is down?"), "element": element}


def test_a_modal_may_have_an_input_and_100_blocks() -> None:
    check_view(modal(submit=plain("Declare"), blocks=[text_input(), *[section()] * 99]))


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
