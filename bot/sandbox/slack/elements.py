"""What a person chose in an element, as an app is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
WORDS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
PLAIN = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
STATEFUL = (OPTION - {"overflow"}) | OPTIONS | WORDS | PLAIN.keys()


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of a block."""
    found = list(block.get("elements", ())) if block.get("type") == "actions" else []
    found += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    return [element for element in found if element.get("type") != "image"]


def find_element(
    blocks: Iterable[Mapping[str, Any]], action_id: str, value: object = None
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The block and its element with this action_id. Raises ValueError where there is none.

    Several blocks may have an element of this action_id: then it is the one that offers `value`.
    """
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element.get("action_id") == action_id
    ]
    if not found:
        raise ValueError(f"no element has the action_id {action_id!r}")
    if len(found) > 1 and value is not None:
        found = [pair for pair in found if _offers(pair[1], value)] or found
    return found[0]


def chosen(element: Mapping[str, Any], value: object) -> dict[str, Any]:
    """The element's fields after a person chose `value`: an option's value, a text, a list of values."""
    kind = element["type"]
    body: dict[str, Any] = {"type": kind}
    if kind in OPTION:
        body["selected_option"] = None if value is None else _option(element, value)
    elif kind in OPTIONS:
        values = value if isinstance(value, list | tuple | set) else [] if value is None else [value]
        body["selected_options"] = [_option(element, one) for one in values]
    elif kind in WORDS:
        body["value"] = None if value in {None, ""} else str(value)
    elif kind in PLAIN:
        body[PLAIN[kind][0]] = value
    return body


def initial(element: Mapping[str, Any]) -> dict[str, Any]:
    """The element's fields before anybody touched it."""
    kind = element["type"]
    if kind in OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in WORDS:
        return {"type": kind, "value": element.get("initial_value")}
    selected, start = PLAIN[kind]
    empty: list[str] | None = [] if kind.startswith("multi_") else None
    return {"type": kind, selected: element.get(start, empty)}


def is_empty(state: Mapping[str, Any]) -> bool:
    """Whether nothing is chosen or written."""
    return all(value in (None, [], "") for key, value in state.items() if key != "type")


def state_values(blocks: Iterable[Mapping[str, Any]], values: Mapping[str, object]) -> dict[str, Any]:
    """`state.values` by block_id and action_id. `values` has plain values by block_id or action_id."""
    state: dict[str, Any] = {}
    known: set[str] = set()
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATEFUL:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            known |= {block_id, action_id}
            key = next((key for key in (action_id, block_id) if key in values), None)
            is_set = key is not None
            filled = chosen(element, values[key]) if is_set and key else initial(element)
            state.setdefault(block_id, {})[action_id] = filled
    if unknown := values.keys() - known:
        raise ValueError(f"no element is called {', '.join(sorted(unknown))}; there are {sorted(known)}")
    return state


def required_missing(blocks: Iterable[Mapping[str, Any]], state: Mapping[str, Any]) -> list[str]:
    """The block_ids of inputs that must be filled in and are not: Slack does not submit these."""
    return [
        block["block_id"]
        for block in blocks
        if block.get("type") == "input" and not block.get("optional", False)
        if all(is_empty(filled) for filled in state.get(block["block_id"], {}).values())
    ]


def _options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(option for group in groups for option in group["options"])]


def _option(element: Mapping[str, Any], value: object) -> dict[str, Any]:
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(value)}, "value": value}
    for option in _options(element):
        if option["value"] == value:
            return option
    offered = ", ".join(repr(option["value"]) for option in _options(element))
    raise ValueError(f"{element['action_id']} offers no option {value!r}; it offers {offered}")


def _offers(element: Mapping[str, Any], value: object) -> bool:
    return element.get("value") == value or any(option["value"] == value for option in _options(element))
