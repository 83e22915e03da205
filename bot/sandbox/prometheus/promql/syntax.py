"""A query as a tree. Durations are milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

NAME = "__name__"


class Kind(StrEnum):
    """What an expression gives at one instant."""

    SCALAR = "scalar"
    INSTANT = "instant vector"
    RANGE = "range vector"
    STRING = "string"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as written, signs aside."""

    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string as an argument."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """What a label must be: `op` is one of `=`, `!=`, `=~`, `!~`. A missing label counts as empty."""

    label: str
    op: str
    value: str

    def accepts(self, value: str) -> bool:
        """Whether a label's value fits; regular expressions fit the whole of it."""
        if self.op in {"=", "!="}:
            fits = value == self.value
        else:
            fits = re.fullmatch(self.value, value, re.ASCII) is not None
        return fits is not self.op.startswith("!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Series by their labels; the metric's name is among the matchers."""

    matchers: tuple[Matcher, ...]
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The samples of the last `length`."""

    selector: Selector
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subquery:
    """An expression evaluated every `step` of the last `length`; without a step, every minute."""

    inner: Expression
    length: int
    step: int | None
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function of its arguments."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The labels that make a group: those, or with `without` all but those."""

    labels: tuple[str, ...] = ()
    without: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """One value a group."""

    op: str
    inner: Expression
    grouping: Grouping = Grouping()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The labels by which two vectors' series find each other: `on` those, or `ignoring` those."""

    labels: tuple[str, ...] = ()
    on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary:
    """The negative of an expression."""

    inner: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Two expressions and the operator between them. `as_bool`: a comparison that gives 0 or 1."""

    op: str
    left: Expression
    right: Expression
    as_bool: bool = False
    matching: Matching = Matching()


Expression = Number | Text | Selector | Range | Subquery | Call | Aggregate | Unary | Binary

ARITHMETIC = frozenset(["+", "-", "*", "/", "%", "^"])
COMPARISONS = frozenset(["==", "!=", "<", ">", "<=", ">="])
SET_OPERATORS = frozenset(["and", "or", "unless"])
AGGREGATES = frozenset(["sum", "avg", "max", "min", "count"])

_I, _R, _S, _T = Kind.INSTANT, Kind.RANGE, Kind.SCALAR, Kind.STRING
FUNCTIONS: dict[str, tuple[tuple[Kind, ...], Kind]] = {
    "increase": ((_R,), _I),
    "rate": ((_R,), _I),
    "count_over_time": ((_R,), _I),
    "sum_over_time": ((_R,), _I),
    "avg_over_time": ((_R,), _I),
    "max_over_time": ((_R,), _I),
    "min_over_time": ((_R,), _I),
    "predict_linear": ((_R, _S), _I),
    "vector": ((_S,), _I),
    "time": ((), _S),
    "histogram_quantile": ((_S, _I), _I),
    "histogram_count": ((_I,), _I),
    "histogram_sum": ((_I,), _I),
    "histogram_fraction": ((_S, _S, _I), _I),
    "label_replace": ((_I, _T, _T, _T, _T), _I),
}
"""What each function takes and gives."""


def kind_of(expression: Expression) -> Kind:
    """What an expression gives."""
    match expression:
        case Number():
            return Kind.SCALAR
        case Text():
            return Kind.STRING
        case Selector() | Aggregate():
            return Kind.INSTANT
        case Range() | Subquery():
            return Kind.RANGE
        case Call(function=name):
            return FUNCTIONS[name][1]
        case Unary(inner=inner):
            return kind_of(inner)
        case Binary(left=left, right=right):
            scalar = kind_of(left) is kind_of(right) is Kind.SCALAR
            return Kind.SCALAR if scalar else Kind.INSTANT
