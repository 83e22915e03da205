"""Matchers: what silences, routes and filters say of labels."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from typing_extensions import override

from bot.sandbox.alertmanager.labels import LabelSet, quoted

_FILTER = re.compile(r"\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*", re.DOTALL)
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_CHARACTER = re.compile(r"\\.|.", re.DOTALL)
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}

# What Python's expressions can do and RE2's cannot: looking around, going back, holding on.
_NOT_IN_RE2 = re.compile(r"(?<!\\)(?:\\\\)*(\(\?<?[=!]|\(\?>|\(\?\(|\(\?P=\w+\)|\\[1-9]|[*+?}]\+)")

_OPERATORS = {(True, False): "=", (True, True): "=~", (False, False): "!=", (False, True): "!~"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """One condition: `name="value"`, or with `!=`, `=~`, `!~`."""

    name: str
    value: str
    is_equal: bool = True
    is_regex: bool = False

    def matches(self, labels: LabelSet) -> bool:
        """Whether it holds; a label that is missing counts as empty."""
        value = labels.get(self.name, "")
        found = bool(expression(self.value).fullmatch(value)) if self.is_regex else value == self.value
        return found == self.is_equal

    @property
    def matches_empty(self) -> bool:
        """Whether it asks for nothing: it holds for the empty label."""
        return self.is_equal and self.matches({})

    def check(self) -> None:
        """Raise ValueError, in Alertmanager's words, for what can be no matcher."""
        if not valid_name(self.name):
            raise ValueError(f"invalid label name {quoted(self.name)}")
        if self.is_regex:
            try:
                expression(self.value)
            except ValueError as error:
                raise ValueError(f"invalid regular expression {quoted(self.value)}: {error}") from None

    @override
    def __str__(self) -> str:
        return f"{self.name}{_OPERATORS[self.is_equal, self.is_regex]}{quoted(self.value)}"


def valid_name(name: str) -> bool:
    """Whether a label may be called so."""
    return _NAME.fullmatch(name) is not None


def all_match(matchers: Iterable[Matcher], labels: LabelSet) -> bool:
    """Whether every matcher holds."""
    return all(matcher.matches(labels) for matcher in matchers)


def parse_filter(text: str) -> Matcher:
    """A matcher as the API's `filter` has it. Raises ValueError in Alertmanager's words."""
    found = _FILTER.fullmatch(text)
    if found is None:
        raise ValueError(f"bad matcher format: {text}")
    name, operator, written = found.groups()
    matcher = Matcher(
        name=name,
        value=_unquoted(written),
        is_equal=not operator.startswith("!"),
        is_regex=operator.endswith("~"),
    )
    if matcher.is_regex:
        expression(matcher.value, around="^(?:{})$")
    return matcher


@lru_cache(maxsize=512)
def expression(pattern: str, around: str = "{}") -> re.Pattern[str]:
    """A regular expression. Raises ValueError also for what RE2 does not know.

    `around` is only for the error's words: what Alertmanager puts around the pattern before it compiles it.
    """
    if foreign := _NOT_IN_RE2.search(pattern):
        raise ValueError(f"error parsing regexp: invalid or unsupported Perl syntax: `{foreign[1]}`")
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of Python's own future
            return re.compile(pattern)
    except re.error as error:
        if error.msg == "unterminated character set":
            rest = around.format(pattern)[(error.pos or 0) + around.index("{") :]
            raise ValueError(f"error parsing regexp: missing closing ]: `{rest}`") from None
        raise ValueError(f"error parsing regexp: {error.msg}: `{around.format(pattern)}`") from None


def _unquoted(written: str) -> str:
    quoted_value = written.startswith('"')
    characters = _CHARACTER.findall(written[1:] if quoted_value else written)
    closed = bool(characters) and characters[-1] == '"'
    if quoted_value and closed:
        characters.pop()
    if quoted_value != closed or '"' in characters:
        raise ValueError(f"matcher value contains unescaped double quote: {written}")
    return "".join(_ESCAPES.get(character, character) for character in characters)
