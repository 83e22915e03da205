"""Reading what picks series and samples: matchers, ranges, subqueries, offsets."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.sandbox.prometheus.promql.cursor import Cursor
from bot.sandbox.prometheus.promql.errors import ParseError, UnknownError
from bot.sandbox.prometheus.promql.lexer import Word, unquoted
from bot.sandbox.prometheus.promql.patterns import check_alike
from bot.sandbox.prometheus.promql.syntax import (
    NAME,
    Expression,
    Kind,
    Matcher,
    Range,
    Selector,
    Subquery,
    kind_of,
)

_MATCHING = "label matching"


def read_selector(cursor: Cursor) -> Selector:
    """A metric's name, matchers in braces, or both."""
    at = cursor.now.at
    matchers = []
    if cursor.now.word is Word.NAME:
        matchers.append(Matcher(label=NAME, op="=", value=cursor.step().text))
    if cursor.takes("{"):
        matchers += _matchers(cursor)
    if sum(each.label == NAME and each.op == "=" for each in matchers) > 1:
        raise ParseError("metric name must not be set twice", at)
    if all(each.accepts("") for each in matchers):
        raise ParseError("vector selector must contain at least one non-empty matcher", at)
    return Selector(matchers=tuple(matchers))


def read_modifiers(cursor: Cursor, read: Expression, at: int, *, bare: bool) -> Expression:
    """The range, subquery and offset that follow an expression. `bare`: it stands in no parentheses."""
    while True:
        if cursor.is_sign("["):
            read = _bracketed(cursor, read, at, bare=bare)
        elif cursor.is_sign("@"):
            raise UnknownError('the modifier "@"', cursor.now.at)
        elif cursor.keyword() == "offset":
            read = _moved(cursor, read, at, bare=bare)
        else:
            return read
        bare = True


def _matchers(cursor: Cursor) -> list[Matcher]:
    found = []
    while not cursor.takes("}"):
        found.append(_matcher(cursor))
        if not cursor.takes(",") and not cursor.is_sign("}"):
            raise cursor.unexpected(_MATCHING, '"," or "}"')
    return found


def _matcher(cursor: Cursor) -> Matcher:
    name = cursor.expect_word(Word.NAME, _MATCHING)
    if not cursor.is_sign("=", "!=", "=~", "!~"):
        raise cursor.unexpected(_MATCHING, "label matching operator")
    op = cursor.step().text
    value = cursor.expect_word(Word.STRING, _MATCHING)
    matcher = Matcher(label=name.text, op=op, value=unquoted(value))
    if "~" in op:
        _check_pattern(matcher.value, value.at)
    return matcher


def _check_pattern(pattern: str, at: int) -> None:
    check_alike(pattern, at)
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise ParseError(f"error parsing regexp: {error}: `{pattern}`", at) from None


def _bracketed(cursor: Cursor, read: Expression, at: int, *, bare: bool) -> Expression:
    cursor.step()
    length = cursor.expect_duration("subquery or range selector")
    if cursor.takes(":"):
        step = None if cursor.is_sign("]") else cursor.expect_duration("subquery selector")
        cursor.expect("]", "subquery selector")
        if kind_of(read) is not Kind.INSTANT:
            raise ParseError(f"subquery is only allowed on instant vector, got {kind_of(read)} instead", at)
        return Subquery(inner=read, length=length, step=step)
    cursor.expect("]", "range selector")
    if not isinstance(read, Selector) or not bare:
        raise ParseError("ranges only allowed for vector selectors", at)
    if read.offset:
        raise ParseError("no offset modifiers allowed before range", at)
    return Range(selector=read, length=length)


def _moved(cursor: Cursor, read: Expression, at: int, *, bare: bool) -> Expression:
    cursor.step()
    sign = -1 if cursor.takes("-") else 1
    cursor.takes("+")
    offset = sign * cursor.expect_duration("offset")
    if bare and isinstance(read, Selector | Subquery | Range):
        if _offset(read):
            raise ParseError("offset may not be set multiple times", at)
        if isinstance(read, Range):
            return replace(read, selector=replace(read.selector, offset=offset))
        return replace(read, offset=offset)
    raise ParseError(
        "offset modifier must be preceded by an instant vector selector or range vector selector"
        " or a subquery",
        at,
    )


def _offset(read: Selector | Range | Subquery) -> int:
    return read.selector.offset if isinstance(read, Range) else read.offset
