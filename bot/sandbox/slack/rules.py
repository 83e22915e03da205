"""How a part of Block Kit can be wrong: small rules, of which `limits` makes Slack's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Findings:
    """What is wrong so far, with JSON pointers, and how long all text is together."""

    errors: list[str] = field(default_factory=list)
    text: int = 0

    def add(self, where: str, what: str) -> None:
        """Note an error at a JSON pointer."""
        self.errors.append(f"{what} [json-pointer:{where}]")


Rule = Callable[[Findings, Any, str], None]


def string(limit: int) -> Rule:
    """A string of at most `limit` characters."""

    def check(found: Findings, value: Any, where: str) -> None:
        if not isinstance(value, str):
            found.add(where, "must be a string")
        elif len(value) > limit:
            found.add(where, f"must be less than {limit + 1} characters")

    return check


def anything(_found: Findings, _value: Any, _where: str) -> None:
    """Whatever it is: the stand-in does not look into it."""


def boolean(found: Findings, value: Any, where: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        found.add(where, "must be a boolean")


def one_of(*allowed: str) -> Rule:
    """One of these words."""

    def check(found: Findings, value: Any, where: str) -> None:
        if value not in allowed:
            found.add(where, f"must be one of: {', '.join(allowed)}")

    return check


def text(limit: int, *kinds: str) -> Rule:
    """A text object with 1 to `limit` characters, of one of `kinds` (by default both)."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def check(found: Findings, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            found.add(where, "must be a text object")
            return
        kind, words = value.get("type"), value.get("text")
        if kind not in allowed:
            found.add(f"{where}/type", f"must be one of: {', '.join(allowed)}")
        extra = "emoji" if kind == "plain_text" else "verbatim"
        for key in value.keys() - {"type", "text", extra}:
            found.add(f"{where}/{key}", f"invalid additional property: {key}")
        if not isinstance(words, str) or not words:
            found.add(f"{where}/text", "must be more than 0 characters")
        elif len(words) > limit:
            found.add(f"{where}/text", f"must be less than {limit + 1} characters")
        else:
            found.text += len(words)

    return check


def plain(limit: int) -> Rule:
    """A plain_text object with 1 to `limit` characters."""
    return text(limit, "plain_text")


def items(low: int, high: int, rule: Rule) -> Rule:
    """A list of `low` to `high` items, each after `rule`."""

    def check(found: Findings, value: Any, where: str) -> None:
        if not isinstance(value, list):
            found.add(where, "must be an array")
            return
        if len(value) < low:
            found.add(where, f"must contain at least {low} items")
        if len(value) > high:
            found.add(where, f"no more than {high} items allowed")
        for index, item in enumerate(value):
            rule(found, item, f"{where}/{index}")

    return check


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields that an object may have, those that it must have, and those of which it needs one."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    either: tuple[str, ...] = ()

    def __call__(self, found: Findings, value: Any, where: str) -> None:
        """Check an object."""
        if not isinstance(value, dict):
            found.add(where, "must be an object")
            return
        for key in self.required:
            if value.get(key) is None:
                found.add(where, f"missing required field: {key}")
        if self.either and not any(value.get(key) for key in self.either):
            found.add(where, f"missing one of the fields: {', '.join(self.either)}")
        for key, item in value.items():
            rule = self.fields.get(key)
            if rule is not None:
                rule(found, item, f"{where}/{key}")
            elif key != "type":
                found.add(f"{where}/{key}", f"invalid additional property: {key}")


def by_type(shapes: Mapping[str, Rule], what: str, *allowed: str) -> Rule:
    """An object whose `type` says its shape; only `allowed` types, where given."""

    def check(found: Findings, value: Any, where: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        shape = shapes.get(kind) if isinstance(kind, str) else None
        if shape is None or (allowed and kind not in allowed):
            found.add(f"{where}/type", f"unsupported type of {what}: {kind}")
            return
        shape(found, value, where)

    return check
