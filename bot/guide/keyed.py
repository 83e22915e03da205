"""Parts of the guide by their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

_Part = TypeVar("_Part")
_Value = TypeVar("_Value")


def by_key(parts: Mapping[str, _Part], value: Callable[[str, _Part], _Value]) -> Mapping[str, _Value]:
    """The values of parts, in the guide's order."""
    return MappingProxyType({key: value(key, part) for key, part in parts.items()})
