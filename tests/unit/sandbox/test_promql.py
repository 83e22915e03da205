from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.prometheus.promql.errors import ParseError, UnknownError
from bot.sandbox.prometheus.promql.numbers import duration_ms, written
from bot.sandbox.prometheus.promql.parser import parse
from bot.sandbox.prometheus.promql.syntax import (
    AGGREGATES,
    ARITHMETIC,
    NAME,
    Aggregate,
    Binary,
    Call,
    Expression,
    Grouping,
    Matcher,
    Matching,
    Number,
    Range,
    Selector,
    Subquery,
    Text,
    Unary,
)
from bot.sandbox.prometheus.promql.vectors import between_scalars

LENGTHS = st.sampled_from(["5m", "1h30m", "30d", "90s", "250ms"])
NAMES = st.sampled_from(["http_requests_total", "up", "job:errors:rate5m", "sum"])
LABELS = st.sampled_from(["service", "status", "by", "le"])
PATTERNS = st.sampled_from(["", "(.*)", "2..|404"])
TEXTS = st.text(st.sampled_from("ab.\"\\ 'é5"), max_size=4)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written_out(node: Expression) -> str:
    """A query that reads as this tree, every part of it in parentheses."""
    match node:
        case Number() | Text():
            return quoted(node.value) if isinstance(node, Text) else written(node.value)
        case Selector() | Range():
            return _picked(node)
        case Subquery(inner=inner, length=length, step=step):
            return f"({written_out(inner)})[{length}ms:{f'{step}ms' if step else ''}]"
        case Call(function=name, arguments=arguments):
            return f"{name}({', '.join(map(written_out, arguments))})"
        case Aggregate(op=op, inner=inner, grouping=grouping):
            word = "without" if grouping.without else "by"
            return f"{op} {word} ({','.join(grouping.labels)}) ({written_out(inner)})"
        case Unary(inner=inner):
            return f"(-({written_out(inner)}))"
        case Binary(op=op, left=left, right=right, matching=matching):
            word = f"{'on' if matching.on else 'ignoring'} ({','.join(matching.labels)}) "
            return f"(({written_out(left)}) {op} {word}({written_out(right)}))"


def _picked(node: Selector | Range) -> str:
    selector = node.selector if isinstance(node, Range) else node
    name, *matchers = selector.matchers
    inside = ",".join(f"{each.label}{each.op}{quoted(each.value)}" for each in matchers)
    length = f"[{node.length}ms]" if isinstance(node, Range) else ""
    offset = f" offset {selector.offset}ms" if selector.offset else ""
    return f"{name.value}{{{inside}}}{length}{offset}"


@st.composite
def selectors(draw: st.DrawFn) -> Selector:
    name = Matcher(label=NAME, op="=", value=draw(NAMES))
    others = draw(
        st.lists(st.builds(Matcher, label=LABELS, op=st.sampled_from(["=", "!="]), value=TEXTS), max_size=2)
    )
    return Selector(matchers=(name, *others), offset=draw(st.sampled_from([0, 300_000])))


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    lengths = LENGTHS.map(duration_ms)
    names = st.lists(LABELS, max_size=2).map(tuple)
    ranges = st.one_of(
        st.builds(Range, selector=selectors(), length=lengths),
        st.builds(Subquery, inner=inner, length=lengths, step=st.none() | lengths),
    )
    return st.one_of(
        st.builds(Call, function=st.sampled_from(["rate", "avg_over_time"]), arguments=st.tuples(ranges)),
        st.builds(
            Call,
            function=st.just("histogram_quantile"),
            arguments=st.tuples(st.builds(Number, value=st.floats(0, 1)), inner),
        ),
        st.builds(
            Call,
            function=st.just("label_replace"),
            arguments=st.tuples(inner, *[st.builds(Text, value=TEXTS)] * 3, st.builds(Text, value=PATTERNS)),
        ),
        st.builds(
            Aggregate,
            op=st.sampled_from(sorted(AGGREGATES)),
            inner=inner,
            grouping=st.builds(Grouping, labels=names, without=st.booleans()),
        ),
        st.builds(Unary, inner=inner),
        st.builds(
            Binary,
            op=st.sampled_from([*sorted(ARITHMETIC), "and", "or", "unless", "==", "<="]),
            left=inner,
            right=inner,
            matching=st.builds(Matching, labels=names, on=st.booleans()),
        ),
    )


@settings(max_examples=60, deadline=None)
@given(st.recursive(selectors(), _larger, max_leaves=6))
def test_a_written_query_reads_as_what_it_was_written_from(tree: Expression) -> None:
    assert parse(written_out(tree)) == tree


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("-a ^ b", "-(a ^ b)"),
        ("-a * b", "(-a) * b"),
        ("a ^ b ^ c", "a ^ (b ^ c)"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * c", "a + (b * c)"),
        ("a or b and c", "a or (b and c)"),
        ("a == b + c", "a == (b + c)"),
        ("a > b unless c", "(a > b) unless c"),
        ("sum(a) by (b)", "sum by (b) (a)"),
        ("SUM(a) OR B", "sum(a) or B"),
        ("a # comment\n + b", "a + b"),
        ("+a", "a"),
    ],
)
def test_operators_bind_as_in_prometheus(query: str, same: str) -> None:
    assert parse(query) == parse(same)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("topk(3, a)", '1: generated data: this stand-in does not know the aggregation "topk"'),
        ("1 + irate(a[5m])", '5: generated data: this stand-in does not know the function "irate"'),
        ("a @ 5", '3: generated data: this stand-in does not know the modifier "@"'),
        ("a * on (b) group_left c", '12: generated data: this stand-in does not know "group_left"'),
        ("a atan2 b", '3: generated data: this stand-in does not know the operator "atan2"'),
        ("a{b=~'(?!x)y'}", "6: generated data: this stand-in does not know regular expressions with '(?'"),
        ("a{b=~'[[:alpha:]]'}", "this stand-in does not know regular expressions with '[['"),
        ('"text"', "1: generated data: this stand-in does not know strings that are no argument"),
        (
            "label_replace(a, 'b', 'c', 'd', '(?!x)')",
            "1: generated data: this stand-in does not know regular",
        ),
        ("(" * 60 + "a", "generated data: this stand-in does not know how to nest more than 50"),
    ],
)
def test_what_the_stand_in_does_not_know_is_named(query: str, named: str) -> None:
    with pytest.raises(UnknownError) as refused:
        parse(query)
    assert named in str(refused.value)


def test_an_error_says_where_it_is() -> None:
    with pytest.raises(ParseError) as refused:
        parse("sum(rate(a))")
    assert str(refused.value) == (
        '5: parse error: expected type range vector in call to function "rate", got instant vector'
    )


@given(st.floats())
def test_a_written_number_reads_as_the_same_number(value: float) -> None:
    text = written(value)
    assert float(text) == value or (math.isnan(value) and text == "NaN")


@given(st.sampled_from(sorted(ARITHMETIC)), st.floats(), st.floats())
def test_arithmetic_gives_a_number_for_any_two(op: str, left: float, right: float) -> None:
    assert isinstance(between_scalars(op, left, right), float)


@pytest.mark.parametrize("text", ["", "5", "h", "1h1d", "1h2h", "1.5h", "-1h", "99999999999999999y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        duration_ms(text)
