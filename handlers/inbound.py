"""What Slack sends, decoded and checked before anything else looks at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

Body = dict[str, Any]
"""A decoded payload, as Bolt takes it."""

_MOST_FIELDS = 100


class MalformedError(Exception):
    """The request is not what Slack sends. The text says what is missing; it holds nothing of the body."""


class Kind(StrEnum):
    """What Slack sends, by what its answer is shown as."""

    COMMAND = "command"
    ACTION = "action"
    EVENT = "event"
    SHORTCUT = "shortcut"
    VIEW = "view"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Slack asks whether this address is an app's: `text` is to be given back."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """Slack asks whether this address has a good certificate; that it came here says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Something that happened in Slack. `body` has at least what its kind's handlers read."""

    kind: Kind
    body: Body


Inbound = Challenge | CertificateCheck | Payload


def decode(content_type: str, body: bytes) -> Inbound:
    """Read an HTTP request's body. Raises MalformedError."""
    if content_type == FORM:
        return _form(body)
    if content_type == JSON:
        return _event(_json(body))
    raise MalformedError("the content type is neither a form nor JSON")


def check(body: Any) -> Payload:
    """Say of which kind a decoded payload is, and that it is whole. Raises MalformedError."""
    if not _is_object(body):
        raise MalformedError("the payload is no JSON object")
    if "command" in body:
        _require(body, "command", "trigger_id", "user_id", "channel_id")
        return Payload(kind=Kind.COMMAND, body=body)
    _require(body, "type")
    match body["type"]:
        case "event_callback":
            _require(body, "event_id")
            _require(_object(body, "event"), "type")
            return Payload(kind=Kind.EVENT, body=body)
        case "block_actions":
            _require(body, "trigger_id")
            _require(_object(body, "user"), "id")
            _check_actions(body)
            return Payload(kind=Kind.ACTION, body=body)
        case "message_action":
            _require(body, "trigger_id", "callback_id")
            _require(_object(body, "user"), "id")
            _require(_object(body, "channel"), "id")
            _require(_object(body, "message"), "ts")
            return Payload(kind=Kind.SHORTCUT, body=body)
        case "view_submission":
            _require(_object(body, "user"), "id")
            _require(_object(body, "view"), "id", "callback_id")
            return Payload(kind=Kind.VIEW, body=body)
        case _:
            return Payload(kind=Kind.OTHER, body=body)


def _form(body: bytes) -> Inbound:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise MalformedError("the form cannot be read") from None
    fields: Body = dict(pairs)
    if fields.get("ssl_check") == "1":
        return CertificateCheck()
    if "payload" in fields:
        return check(_json(fields["payload"]))
    if "command" in fields:
        return check(fields)
    raise MalformedError("the form has neither a payload nor a command")


def _event(body: Any) -> Inbound:
    if _is_object(body) and body.get("type") == "url_verification":
        _require(body, "challenge")
        return Challenge(text=body["challenge"])
    return check(body)


def _json(text: bytes | str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedError("the JSON cannot be read") from None


def _check_actions(body: Mapping[str, Any]) -> None:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        raise MalformedError("the payload has no actions")
    for action in actions:
        if not _is_object(action):
            raise MalformedError("an action is no JSON object")
        _require(action, "action_id", "action_ts")


def _require(body: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not isinstance(body.get(name), str):
            raise MalformedError(f"the payload has no {name}")


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    if not _is_object(found):
        raise MalformedError(f"the payload has no {name}")
    return found


def _is_object(value: Any) -> TypeGuard[Body]:
    return isinstance(value, dict)
