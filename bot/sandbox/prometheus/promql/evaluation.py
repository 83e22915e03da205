"""What a query gives at an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic

from bot.sandbox.prometheus.promql.errors import QueryTimeoutError
from bot.sandbox.prometheus.promql.labels import Labels, nameless
from bot.sandbox.prometheus.promql.quantiles import histogram_quantile
from bot.sandbox.prometheus.promql.ranges import Window, over_range, predict_linear
from bot.sandbox.prometheus.promql.replacing import label_replace
from bot.sandbox.prometheus.promql.samples import Listed, Point, Samples, Series, Source
from bot.sandbox.prometheus.promql.syntax import (
    SET_OPERATORS,
    Aggregate,
    Binary,
    Call,
    Expression,
    Number,
    Range,
    Selector,
    Subquery,
    Text,
    Unary,
)
from bot.sandbox.prometheus.promql.vectors import (
    Vector,
    aggregated,
    between_scalars,
    combined_sets,
    distinct,
    one_to_one,
    with_scalar,
)

LOOKBACK_MS = 300_000
"""How old a sample may be and still stand for the present."""
DEFAULT_STEP_MS = 60_000
"""How often a subquery without a step evaluates: the default of `evaluation_interval`."""

Value = float | Vector
Windows = Iterator[tuple[Labels, Window]]


class Evaluation:
    """One query's evaluation, at any number of instants (epoch milliseconds).

    `deadline` is an instant of `now`, a monotonic clock in seconds; past it, evaluating raises
    `QueryTimeoutError`. What the series make impossible raises `ExecutionError`.
    """

    def __init__(
        self, source: Source, *, deadline: float = float("inf"), now: Callable[[], float] = monotonic
    ) -> None:
        self._source = source
        self._deadline = deadline
        self._now = now
        self._series: dict[Selector, Sequence[Series]] = {}
        self._inner: dict[tuple[int, int], Vector] = {}

    def value(self, node: Expression, at: int) -> Value:
        """A number, or a sample for each series. `node` gives a scalar or an instant vector."""
        self._check_time()
        match node:
            case Number():
                return node.value
            case Selector():
                return list(self._latest(node, at))
            case Call():
                return self._called(node, at)
            case Aggregate():
                return aggregated(node.op, self._vector(node.inner, at), node.grouping)
            case Unary():
                return _negative(self.value(node.inner, at))
            case Binary():
                return self._binary(node, at)
            case Range() | Subquery() | Text():
                raise TypeError("neither a range nor a string has a value at an instant")

    def ranges(self, node: Range | Subquery, at: int) -> list[tuple[Labels, Samples]]:
        """The samples of a range, a series each."""
        return [(labels, window.samples) for labels, window in self._windows(node, at)]

    def _check_time(self) -> None:
        if self._now() > self._deadline:
            raise QueryTimeoutError

    def _vector(self, node: Expression, at: int) -> Vector:
        value = self.value(node, at)
        assert isinstance(value, list), "the parser has checked it"
        return value

    def _scalar(self, node: Expression, at: int) -> float:
        value = self.value(node, at)
        assert not isinstance(value, list), "the parser has checked it"
        return value

    def _selected(self, selector: Selector) -> Sequence[Series]:
        if selector not in self._series:
            self._series[selector] = self._source.select(selector.matchers)
        return self._series[selector]

    def _latest(self, selector: Selector, at: int) -> Iterator[tuple[Labels, float]]:
        end = at - selector.offset
        for series in self._selected(selector):
            value = series.latest(end - LOOKBACK_MS, end)
            if value is not None:
                yield series.labels, value

    def _called(self, node: Call, at: int) -> Value:
        match node.function, node.arguments:
            case "time", ():
                return at / 1000
            case "vector", (argument,):
                return [((), self._scalar(argument, at))]
            case "histogram_quantile", (share, buckets):
                return histogram_quantile(self._scalar(share, at), self._vector(buckets, at))
            case "histogram_count" | "histogram_sum" | "histogram_fraction", (*_, histograms):
                # These pass over what is no native histogram, and no series here is one.
                return self._vector(histograms, at)[:0]
            case "label_replace", (vector, *texts):
                return label_replace(self._vector(vector, at), *map(_text, texts))
            case "predict_linear", (Range() | Subquery() as argument, ahead):
                return self._predicted(argument, self._scalar(ahead, at), at)
            case function, (Range() | Subquery() as argument,):
                return self._over_range(function, argument, at)
            case _:
                raise TypeError(f"{node.function} takes other arguments")

    def _over_range(self, function: str, node: Range | Subquery, at: int) -> Vector:
        values = (
            (nameless(labels), over_range(function, window, node.length))
            for labels, window in self._windows(node, at)
        )
        return distinct([(labels, value) for labels, value in values if value is not None])

    def _predicted(self, node: Range | Subquery, ahead: float, at: int) -> Vector:
        values = (
            (nameless(labels), predict_linear(window, ahead, at))
            for labels, window in self._windows(node, at)
        )
        return distinct([(labels, value) for labels, value in values if value is not None])

    def _windows(self, node: Range | Subquery, at: int) -> Windows:
        for each in self._evaluated(node, at) if isinstance(node, Subquery) else self._sampled(node, at):
            self._check_time()
            yield each

    def _sampled(self, node: Range, at: int) -> Windows:
        end = at - node.selector.offset
        start = end - node.length
        for series in self._selected(node.selector):
            samples = series.samples(start, end)
            if samples is not None:
                yield series.labels, Window(samples, start, end)

    def _evaluated(self, node: Subquery, at: int) -> Windows:
        end = at - node.offset
        start = end - node.length
        step = node.step or DEFAULT_STEP_MS
        found: dict[Labels, list[Point]] = {}
        for instant in range(-(-start // step) * step, end + 1, step):
            for labels, value in self._inner_vector(node, instant):
                found.setdefault(labels, []).append((instant, value))
        for labels, points in found.items():
            yield labels, Window(Listed(points), start, end)

    def _inner_vector(self, node: Subquery, instant: int) -> Vector:
        """A subquery's inner value, computed once however many ranges it lies in."""
        key = id(node), instant
        if key not in self._inner:
            self._inner[key] = self._vector(node.inner, instant)
        return self._inner[key]

    def _binary(self, node: Binary, at: int) -> Value:
        left, right = self.value(node.left, at), self.value(node.right, at)
        if isinstance(left, list) and isinstance(right, list):
            if node.op in SET_OPERATORS:
                return combined_sets(node.op, left, right, node.matching)
            return one_to_one(node, left, right)
        if isinstance(left, list):
            return with_scalar(node, left, _number(right), scalar_left=False)
        if isinstance(right, list):
            return with_scalar(node, right, left, scalar_left=True)
        return between_scalars(node.op, left, right)


def _number(value: Value) -> float:
    assert not isinstance(value, list), "the other side was the vector"
    return value


def _text(argument: Expression) -> str:
    assert isinstance(argument, Text), "the parser has checked it"
    return argument.value


def _negative(value: Value) -> Value:
    if isinstance(value, list):
        return distinct([(nameless(labels), -each) for labels, each in value])
    return -value
