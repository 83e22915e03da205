"""How a part of Block Kit can be wrong: small rules, of which `shapes` makes Slack's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Findings:
    """What is wrong so far, with JSON pointers, and what only the whole of the blocks shows.

    `text` is the length of all text together, `markdown` that of the markdown blocks; `files` are the image
    files by pointer, `focused` the elements that want the focus, `tables` counts tables.
    """

    errors: list[str] = field(default_factory=list)
    text: int = 0
    markdown: int = 0
    tables: int = 0
    files: list[tuple[str, object]] = field(default_factory=list)
    focused: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note an error at a JSON pointer."""
        self.errors.append(f"{what} [json-pointer:{where}]")


Rule = Callable[[Findings, Any, str], None]


def length(text: str) -> int:
    """A text's length in UTF-16 units, as Slack's clients count: an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def string(limit: int, *, least: int = 0) -> Rule:
    """A string of `least` to `limit` characters."""

    def check(found: Findings, value: Any, where: str) -> None:
        if not isinstance(value, str):
            found.add(where, "must be a string")
        elif length(value) > limit:
            found.add(where, f"must be less than {limit + 1} characters")
        elif length(value) < least:
            found.add(where, f"must be more than {least - 1} characters")

    return check


def matching(pattern: str, what: str) -> Rule:
    """A string of this form, which the refusal calls `what`."""
    form = re.compile(pattern)

    def check(found: Findings, value: Any, where: str) -> None:
        if not isinstance(value, str) or not form.fullmatch(value):
            found.add(where, f"must be {what}")

    return check


def number(low: int, high: int) -> Rule:
    """An integer from `low` to `high`."""

    def check(found: Findings, value: Any, where: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            found.add(where, "must be an integer")
        elif not low <= value <= high:
            found.add(where, f"must be from {low} to {high}")

    return check


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
        if not isinstance(value.get(extra, False), bool):
            found.add(f"{where}/{extra}", "must be a boolean")
        string(limit, least=1)(found, words, f"{where}/text")
        found.text += length(words) if isinstance(words, str) else 0

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
    """The fields that an object may have, must have, needs one of (`either`), and may have one of (`only`).

    `also` is what its fields say about each other; it is asked where each of them is right by itself.
    """

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    also: Rule | None = None

    def __call__(self, found: Findings, value: Any, where: str) -> None:
        """Check an object."""
        if not isinstance(value, dict):
            found.add(where, "must be an object")
            return
        before = len(found.errors)
        self._presence(found, value, where)
        for key, item in value.items():
            rule = self.fields.get(key)
            if rule is not None:
                rule(found, item, f"{where}/{key}")
            elif key != "type":
                found.add(f"{where}/{key}", f"invalid additional property: {key}")
        if self.also is not None and len(found.errors) == before:
            self.also(found, value, where)

    def _presence(self, found: Findings, value: Mapping[str, Any], where: str) -> None:
        for key in self.required:
            if value.get(key) is None:
                found.add(where, f"missing required field: {key}")
        if self.either and not any(value.get(key) for key in self.either):
            found.add(where, f"missing one of the fields: {', '.join(self.either)}")
        if len([key for key in self.only if key in value]) > 1:
            found.add(where, f"only one of the fields may be set: {', '.join(self.only)}")


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
