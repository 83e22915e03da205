"""Labels made out of other labels."""

from __future__ import annotations

import re

from bot.sandbox.prometheus.promql.errors import ExecutionError
from bot.sandbox.prometheus.promql.labels import labels_of
from bot.sandbox.prometheus.promql.vectors import Vector, distinct

_LABEL_NAME = re.compile(r"[a-zA-Z_]\w*", re.ASCII)
_REFERENCE = re.compile(r"\$(?:\$|(?P<bare>\w+)|\{(?P<braced>\w+)\})", re.ASCII)


def label_replace(vector: Vector, target: str, template: str, source: str, pattern: str) -> Vector:
    """Each sample, its label `target` made by `template` where the label `source` fits `pattern` as a whole.

    Raises `ExecutionError` for what is no label's name or no pattern, and where two series become one.
    """
    fits = _pattern(pattern)
    if _LABEL_NAME.fullmatch(target) is None:
        raise ExecutionError(f"invalid destination label name in label_replace(): {target}")
    made: Vector = []
    for labels, value in vector:
        pairs = dict(labels)
        if (found := fits.fullmatch(pairs.get(source, ""))) is not None:
            pairs[target] = _expanded(template, found)
        made.append((labels_of(pairs), value))
    return distinct(made)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.ASCII)
    except re.error:
        raise ExecutionError(f"invalid regular expression in label_replace(): {text}") from None


def _expanded(template: str, found: re.Match[str]) -> str:
    """The template with what was found for `$1`, `${1}` and `${name}`; nothing for what there is not."""

    def of(reference: re.Match[str]) -> str:
        name = reference["bare"] or reference["braced"]
        if name is None:
            return "$"
        groups = found.groupdict() | {str(number): found[number] for number in range(found.re.groups + 1)}
        return groups.get(name) or ""

    return _REFERENCE.sub(of, template)
