"""What a matcher of labels in the guide must not be: one that never finds what failed."""

from __future__ import annotations

import re
from collections.abc import Container

_MATCHER = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)"(.*)"', re.DOTALL)
_PATTERN = re.compile(r"\.\.|\.[*+]|[|^$\[(]")
"""What nobody writes who means the text itself."""

_NOT_IN_PROMETHEUS = re.compile(r"\(\?(?:[=!]|<[=!])")
"""What Python's regular expressions have, and Prometheus' have not: looking ahead and back."""


def check_matcher(bad: str, selector: Container[str]) -> None:
    """Raise ValueError where `bad` can find nothing, beside a selector with these labels."""
    found = _MATCHER.fullmatch(bad)
    assert found is not None, "a matcher has been checked for its form"
    label, operator, value = found.groups()
    if label in selector:
        raise ValueError(
            f'"bad" asks for the label "{label}", which "selector" has set already: nothing would fail'
        )
    if operator in {"=", "!="}:
        if _PATTERN.search(value):
            better = f'{label}{operator[:-1] or "="}~"{value}"'
            raise ValueError(f"{bad} compares with the text itself; for a pattern write {better}")
        return
    text = value.replace('\\"', '"').replace("\\\\", "\\")
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{bad} is no regular expression: {error}") from None
    if _NOT_IN_PROMETHEUS.search(text):
        raise ValueError(f"{bad} looks ahead or back, which Prometheus' regular expressions cannot")
