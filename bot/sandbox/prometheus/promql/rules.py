"""What may stand where: the kinds of arguments and operands."""

from __future__ import annotations

from bot.sandbox.prometheus.promql.errors import ParseError
from bot.sandbox.prometheus.promql.patterns import check_alike
from bot.sandbox.prometheus.promql.syntax import (
    COMPARISONS,
    FUNCTIONS,
    SET_OPERATORS,
    Binary,
    Call,
    Expression,
    Kind,
    Text,
    kind_of,
)


def check_kind(expression: Expression, wanted: Kind, where: str, at: int) -> None:
    """Raises `ParseError` where an expression gives something else."""
    if kind_of(expression) is not wanted:
        raise ParseError(f"expected type {wanted} in {where}, got {kind_of(expression)}", at)


def check_call(call: Call, at: int) -> None:
    """Raises `ParseError` for too many, too few or wrong arguments."""
    wanted, _ = FUNCTIONS[call.function]
    if len(call.arguments) != len(wanted):
        raise ParseError(
            f'expected {len(wanted)} argument(s) in call to "{call.function}", got {len(call.arguments)}', at
        )
    for argument, kind in zip(call.arguments, wanted, strict=True):
        check_kind(argument, kind, f'call to function "{call.function}"', at)
    if call.function == "label_replace" and isinstance(pattern := call.arguments[-1], Text):
        check_alike(pattern.value, at)


def check_binary(node: Binary, at: int, *, matched: bool) -> None:
    """Raises `ParseError` for operands that do not go together. `matched`: on or ignoring was written."""
    kinds = {kind_of(node.left), kind_of(node.right)}
    if kinds & {Kind.RANGE, Kind.STRING}:
        raise ParseError("binary expression must contain only scalar and instant vector types", at)
    if node.as_bool and node.op not in COMPARISONS:
        raise ParseError("bool modifier can only be used on comparison operators", at)
    if Kind.SCALAR not in kinds:
        return
    if matched:
        raise ParseError("vector matching only allowed between instant vectors", at)
    if node.op in SET_OPERATORS:
        raise ParseError(f'set operator "{node.op}" not allowed in binary scalar expression', at)
    if node.op in COMPARISONS and kinds == {Kind.SCALAR} and not node.as_bool:
        raise ParseError("comparisons between scalars must use BOOL modifier", at)
