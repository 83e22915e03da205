"""What PagerDuty finds wrong with an event, in its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

SUMMARY_LIMIT = 1024
KEY_LIMIT = 255
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "warning", "error", "info")
_WEB = ("http", "https")


def problems_of(event: dict[str, Any]) -> list[str]:
    """Everything that is wrong with it; nothing where it is accepted."""
    action = event.get("event_action")
    problems = _routing_key_problems(event.get("routing_key"))
    if action not in ACTIONS:
        problems.append("'event_action' must be one of 'trigger', 'acknowledge', 'resolve'")
    key = event.get("dedup_key")
    if key is not None and (not isinstance(key, str) or len(key) > KEY_LIMIT):
        problems.append(f"'dedup_key' must be a string of at most {KEY_LIMIT} characters")
    if action == "trigger":
        return [*problems, *_payload_problems(event.get("payload")), *_context_problems(event)]
    if not key:
        problems.append("'dedup_key' is missing or blank")
    return problems


def _routing_key_problems(key: Any) -> list[str]:
    if not isinstance(key, str) or not key:
        return ["'routing_key' is missing or blank"]
    problems = []
    if len(key) != 32:  # noqa: PLR2004 - said in the text
        problems.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if not (key.isascii() and key.isalnum()):
        problems.append("'routing_key' cannot contain non-alphanumeric characters.")
    return problems


def _payload_problems(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or blank"]
    problems = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not payload[name].strip()
    ]
    if len(str(payload.get("summary", ""))) > SUMMARY_LIMIT:
        problems.append(f"'summary' is too long (maximum is {SUMMARY_LIMIT} characters)")
    if isinstance(payload.get("severity"), str) and payload["severity"] not in SEVERITIES:
        *most, last = (f"'{each}'" for each in SEVERITIES)
        problems.append(
            f"'payload.severity' is invalid (must be one of the following: {', '.join(most)} or {last})"
        )
    if not isinstance(payload.get("custom_details", {}), dict):
        problems.append("'payload.custom_details' must be an object")
    if not _is_instant(payload.get("timestamp")):
        problems.append("'payload.timestamp' must be in ISO 8601 format")
    return problems + _text_problems(payload, "payload.", ("component", "group", "class"))


def _context_problems(event: dict[str, Any]) -> list[str]:
    problems = _text_problems(event, "", ("client", "client_url"))
    if not _are_linked(event.get("links"), "href", _WEB):
        problems.append("'links' must be a list of objects with an 'href', which is a URL")
    if not _are_linked(event.get("images"), "src", ("https",)):
        problems.append("'images' must be a list of objects with a 'src', which is a URL served via HTTPS")
    return problems


def _text_problems(values: dict[str, Any], prefix: str, names: tuple[str, ...]) -> list[str]:
    wrong = (name for name in names if not isinstance(values.get(name) or "", str))
    return [f"'{prefix}{name}' must be a string" for name in wrong]


def _are_linked(context: Any, name: str, schemes: tuple[str, ...]) -> bool:
    if context is None:
        return True
    return isinstance(context, list) and all(
        isinstance(each, dict) and _is_url(each.get(name), schemes) for each in context
    )


def _is_url(text: Any, schemes: tuple[str, ...]) -> bool:
    if not isinstance(text, str):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc)


def _is_instant(text: Any) -> bool:
    if text is None:
        return True
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True
