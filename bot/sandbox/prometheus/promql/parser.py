"""From a query's text to a checked tree, by precedence climbing."""

from __future__ import annotations

from bot.sandbox.prometheus.promql.cursor import Cursor
from bot.sandbox.prometheus.promql.errors import ParseError, UnknownError
from bot.sandbox.prometheus.promql.lexer import Word, unquoted
from bot.sandbox.prometheus.promql.numbers import number
from bot.sandbox.prometheus.promql.rules import check_binary, check_call, check_kind
from bot.sandbox.prometheus.promql.selectors import read_modifiers, read_selector
from bot.sandbox.prometheus.promql.syntax import (
    AGGREGATES,
    COMPARISONS,
    FUNCTIONS,
    Aggregate,
    Binary,
    Call,
    Expression,
    Grouping,
    Kind,
    Matching,
    Number,
    Selector,
    Text,
    Unary,
    kind_of,
)

_LEVELS = ({"or"}, {"and", "unless"}, COMPARISONS, {"+", "-"}, {"*", "/", "%", "atan2"}, {"^"})
_LEVEL_OF = {op: level for level, ops in enumerate(_LEVELS) for op in ops}
_POWER = _LEVEL_OF["^"]
_FOREIGN_AGGREGATES = frozenset(["topk", "bottomk", "quantile", "count_values", "stddev", "stdvar", "group"])
_DEEPEST = 50


def parse(text: str) -> Expression:
    """The tree of a query. Raises `QueryError`, which says where and why."""
    parser = _Parser(text)
    if parser.cursor.at_end:
        raise ParseError("no expression found in input", parser.cursor.now.at)
    read = parser.expression()
    if not parser.cursor.at_end:
        raise ParseError(f"unexpected {parser.cursor.now}", parser.cursor.now.at)
    if kind_of(read) is Kind.STRING:
        raise UnknownError("strings that are no argument", 0)
    return read


def parse_selector(text: str) -> Selector:
    """One series selector, as `match[]` takes it. Raises `QueryError`."""
    read = parse(text)
    if isinstance(read, Selector) and not read.offset:
        return read
    raise ParseError("expected a series selector", 0)


class _Parser:
    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)
        self._depth = 0

    def expression(self, level: int = 0) -> Expression:
        """Operands between operators that bind at least as tightly as `level`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnknownError(f"how to nest more than {_DEEPEST} expressions", self.cursor.now.at)
        at = self.cursor.now.at
        left = self._operand()
        while (found := self._operator_level()) is not None and found >= level:
            left = self._binary(left, found, at)
        self._depth -= 1
        return left

    def _operator_level(self) -> int | None:
        is_operator = self.cursor.now.word in {Word.SIGN, Word.NAME}
        return _LEVEL_OF.get(self.cursor.now.text.lower()) if is_operator else None

    def _binary(self, left: Expression, level: int, at: int) -> Binary:
        token = self.cursor.step()
        op = token.text.lower()
        if op == "atan2":
            raise UnknownError('the operator "atan2"', token.at)
        as_bool = self.cursor.takes_keyword("bool")
        matching = self._matching()
        right = self.expression(level if level == _POWER else level + 1)
        node = Binary(op=op, left=left, right=right, as_bool=as_bool, matching=matching or Matching())
        check_binary(node, at, matched=matching is not None)
        return node

    def _matching(self) -> Matching | None:
        word = self.cursor.keyword()
        if word not in {"on", "ignoring"}:
            return None
        self.cursor.step()
        matching = Matching(labels=self._labels(), on=word == "on")
        if self.cursor.keyword() in {"group_left", "group_right"}:
            raise UnknownError(f'"{self.cursor.keyword()}"', self.cursor.now.at)
        return matching

    def _operand(self) -> Expression:
        token = self.cursor.now
        if self.cursor.is_sign("+", "-"):
            return self._signed()
        if self.cursor.takes("("):
            read = self.expression()
            self.cursor.expect(")", "parenthesized expression")
            return read_modifiers(self.cursor, read, token.at, bare=False)
        return read_modifiers(self.cursor, self._atom(), token.at, bare=True)

    def _signed(self) -> Expression:
        sign = self.cursor.step()
        inner = self.expression(_POWER)
        if kind_of(inner) in {Kind.RANGE, Kind.STRING}:
            raise ParseError(
                "unary expression only allowed on expressions of type scalar or instant vector,"
                f" got {kind_of(inner)}",
                sign.at,
            )
        return Unary(inner=inner) if sign.text == "-" else inner

    def _atom(self) -> Expression:
        token = self.cursor.now
        match token.word:
            case Word.NUMBER:
                return Number(value=number(self.cursor.step().text))
            case Word.NAME:
                return self._named()
            case Word.SIGN if token.text == "{":
                return read_selector(self.cursor)
            case Word.STRING:
                return Text(value=unquoted(self.cursor.step()))
            case _:
                raise ParseError(f"unexpected {token}", token.at)

    def _named(self) -> Expression:
        name = self.cursor.now
        word, called = name.text.lower(), self.cursor.ahead.text == "("
        if word in {"inf", "nan"}:
            return Number(value=float(self.cursor.step().text))
        if called or self.cursor.ahead.text.lower() in {"by", "without"}:
            if word in _FOREIGN_AGGREGATES:
                raise UnknownError(f'the aggregation "{word}"', name.at)
            if word in AGGREGATES:
                return self._aggregate()
        return self._call() if called else read_selector(self.cursor)

    def _aggregate(self) -> Aggregate:
        op = self.cursor.step()
        grouping = self._grouping()
        arguments = self._arguments()
        grouping = grouping or self._grouping() or Grouping()
        if len(arguments) != 1:
            raise ParseError(
                "wrong number of arguments for aggregate expression provided,"
                f" expected 1, got {len(arguments)}",
                op.at,
            )
        check_kind(arguments[0], Kind.INSTANT, "aggregation expression", op.at)
        return Aggregate(op=op.text.lower(), inner=arguments[0], grouping=grouping)

    def _grouping(self) -> Grouping | None:
        word = self.cursor.keyword()
        if word not in {"by", "without"}:
            return None
        self.cursor.step()
        return Grouping(labels=self._labels(), without=word == "without")

    def _labels(self) -> tuple[str, ...]:
        where, names = "grouping opts", []
        self.cursor.expect("(", where)
        while not self.cursor.takes(")"):
            names.append(self.cursor.expect_word(Word.NAME, where).text)
            if not self.cursor.takes(",") and not self.cursor.is_sign(")"):
                raise self.cursor.unexpected(where, '"," or ")"')
        return tuple(names)

    def _call(self) -> Call:
        name = self.cursor.step()
        if name.text not in FUNCTIONS:
            raise UnknownError(f'the function "{name.text}"', name.at)
        call = Call(function=name.text, arguments=self._arguments())
        check_call(call, name.at)
        return call

    def _arguments(self) -> tuple[Expression, ...]:
        where, arguments = "function call", []
        self.cursor.expect("(", where)
        while not self.cursor.takes(")"):
            arguments.append(self.expression())
            if self.cursor.takes(","):
                if self.cursor.is_sign(")"):
                    raise ParseError("trailing commas not allowed in function call args", self.cursor.now.at)
            elif not self.cursor.is_sign(")"):
                raise self.cursor.unexpected(where, '"," or ")"')
        return tuple(arguments)
