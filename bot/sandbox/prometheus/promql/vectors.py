"""Arithmetic, comparison, set operations and aggregation on vectors."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable

from bot.sandbox.prometheus.promql.errors import ExecutionError
from bot.sandbox.prometheus.promql.labels import Labels, group_of, nameless, only, shown, signature, without
from bot.sandbox.prometheus.promql.syntax import COMPARISONS, Binary, Grouping, Matching

Sample = tuple[Labels, float]
Vector = list[Sample]


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _remainder(left: float, right: float) -> float:
    return math.nan if not right or math.isinf(left) else math.fmod(left, right)


def _power(left: float, right: float) -> float:
    try:
        return math.pow(left, right)
    except OverflowError:
        return -math.inf if left < 0 and right % 2 else math.inf
    except ValueError:
        return math.inf if not left else math.nan


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "%": _remainder,
    "^": _power,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def distinct(vector: Vector) -> Vector:
    """The vector itself. Raises `ExecutionError` where two of its series have the same labels."""
    if len({labels for labels, _ in vector}) < len(vector):
        raise ExecutionError("vector cannot contain metrics with the same labelset")
    return vector


def between_scalars(op: str, left: float, right: float) -> float:
    """The value of two numbers; a comparison gives 0 or 1."""
    if op in COMPARISONS:
        return float(_COMPARE[op](left, right))
    return _ARITHMETIC[op](left, right)


def _combined(node: Binary, left: float, right: float, kept: float) -> float | None:
    """The value of two samples; None where a comparison drops them, `kept` where it does not."""
    if node.op in COMPARISONS and not node.as_bool:
        return kept if _COMPARE[node.op](left, right) else None
    return between_scalars(node.op, left, right)


def _drops_name(node: Binary) -> bool:
    return node.as_bool or node.op not in COMPARISONS


def with_scalar(node: Binary, vector: Vector, scalar: float, *, scalar_left: bool) -> Vector:
    """Each sample against a number; comparisons keep the sample's value."""
    made: Vector = []
    for labels, value in vector:
        left, right = (scalar, value) if scalar_left else (value, scalar)
        result = _combined(node, left, right, kept=value)
        if result is not None:
            made.append((nameless(labels) if _drops_name(node) else labels, result))
    return distinct(made)


def one_to_one(node: Binary, left: Vector, right: Vector) -> Vector:
    """Each sample against the one that matches it. Raises `ExecutionError` where several do."""
    others = _by_signature(right, node.matching)
    taken: set[Labels] = set()
    made: Vector = []
    for labels, value in left:
        mark = signature(labels, node.matching)
        if mark not in others:
            continue
        result = _combined(node, value, others[mark], kept=value)
        if result is None:
            continue
        if mark in taken:
            raise ExecutionError(
                "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
            )
        taken.add(mark)
        made.append((_result_labels(node, labels), result))
    return distinct(made)


def _by_signature(right: Vector, matching: Matching) -> dict[Labels, float]:
    found: dict[Labels, float] = {}
    for labels, value in right:
        mark = signature(labels, matching)
        if mark in found:
            raise ExecutionError(
                f"found duplicate series for the match group {shown(mark)} on the right hand-side of the"
                " operation;many-to-many matching not allowed: matching labels must be unique on one side"
            )
        found[mark] = value
    return found


def _result_labels(node: Binary, labels: Labels) -> Labels:
    kept = nameless(labels) if _drops_name(node) else labels
    matching = node.matching
    return only(kept, matching.labels) if matching.on else without(kept, matching.labels)


def combined_sets(op: str, left: Vector, right: Vector, matching: Matching) -> Vector:
    """The union (left first), the intersection, or what is left only."""
    if op == "or":
        marks = {signature(labels, matching) for labels, _ in left}
        return [*left, *(each for each in right if signature(each[0], matching) not in marks)]
    marks = {signature(labels, matching) for labels, _ in right}
    return [each for each in left if (signature(each[0], matching) in marks) is (op == "and")]


def aggregated(op: str, vector: Vector, grouping: Grouping) -> Vector:
    """One sample for each group of a vector."""
    groups: dict[Labels, list[float]] = {}
    for labels, value in vector:
        groups.setdefault(group_of(labels, grouping), []).append(value)
    return [(group, _aggregate(op, values)) for group, values in groups.items()]


def _aggregate(op: str, values: list[float]) -> float:
    match op:
        case "count":
            return float(len(values))
        case "sum":
            return float(sum(values))
        case "avg":
            return sum(values) / len(values)
        case "max":
            return max(_numbers(values), default=math.nan)
        case _:
            return min(_numbers(values), default=math.nan)


def _numbers(values: Iterable[float]) -> Iterable[float]:
    return (value for value in values if not math.isnan(value))
