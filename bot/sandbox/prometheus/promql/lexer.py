"""From a query's text to its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from bot.sandbox.prometheus.promql.errors import ParseError


class Word(StrEnum):
    """The kinds of words."""

    NUMBER = "number"
    DURATION = "duration"
    STRING = "string"
    NAME = "identifier"
    SIGN = "sign"
    END = "end of input"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, and where it begins."""

    word: Word
    text: str
    at: int

    @override
    def __str__(self) -> str:
        return self.word if self.word is Word.END else f'"{self.text}"'


_WORDS = re.compile(
    r"""(?P<skipped>\s+|\#[^\n]*)
    | (?P<duration>(?:\d+(?:ms|[smhdwy]))+(?!\w))
    | (?P<number>(?:0[xX][0-9a-fA-F]+ | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.]))
    | (?P<string>"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `[^`]*`)
    | (?P<name>[a-zA-Z_][\w:]*)
    | (?P<sign>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}\[\],:@])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPED = re.compile(r"\\(?:[abfnrtv\\\"']|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})")


def tokens(text: str) -> Iterator[Token]:
    """The words of a query, an `END` last. Raises `ParseError`."""
    at = 0
    while at < len(text):
        found = _WORDS.match(text, at)
        if found is None:
            raise ParseError(_complaint(text[at:]), at)
        if found.lastgroup and found.lastgroup != "skipped":
            yield Token(Word[found.lastgroup.upper()], found.group(), at)
        at = found.end()
    yield Token(Word.END, "", at)


def unquoted(token: Token) -> str:
    """What a string says. Raises `ParseError` for an unknown escape."""
    raw = token.text
    if raw.startswith("`"):
        return raw[1:-1]
    if "\\" in _ESCAPED.sub("", raw):
        raise ParseError("unknown escape sequence", token.at)
    value: str = ast.literal_eval(raw)
    return value


def _complaint(rest: str) -> str:
    if rest[0] in "\"'`":
        return "unterminated quoted string"
    if rest[0].isdigit() or rest[0] == ".":
        return f'bad number or duration syntax: "{rest.split(maxsplit=1)[0]}"'
    return f'unexpected character: "{rest[0]}"'
