"""Label sets: how Alertmanager names, writes and orders them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cmp_to_key
from typing import TypeVar

LabelSet = Mapping[str, str]

_OFFSET = 14695981039346656037
_PRIME = 1099511628211
_WORD = 2**64 - 1
_SEPARATOR = b"\xff"

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\a": "\\a", "\b": "\\b"}
_ESCAPES |= {"\f": "\\f", "\v": "\\v"}
_ONE_BYTE = 0x80
_TWO_BYTES = 0x10000

T = TypeVar("T")


def label_set(labels: LabelSet) -> dict[str, str]:
    """The labels in order of their names, without empty ones: an empty label is no label."""
    return {name: labels[name] for name in sorted(labels) if labels[name]}


def fingerprint(labels: LabelSet) -> str:
    """FNV-1a, 64 bits, of the labels by name, as 16 hexadecimal digits: `model.LabelSet.Fingerprint`."""
    total = _OFFSET
    for name in sorted(labels):
        for byte in name.encode() + _SEPARATOR + labels[name].encode() + _SEPARATOR:
            total = (total ^ byte) * _PRIME & _WORD
    return f"{total:016x}"


def written(labels: LabelSet) -> str:
    """`{alertname="HighErrorRate", service="payment"}`, as group keys have it."""
    return "{" + ", ".join(f"{name}={quoted(labels[name])}" for name in sorted(labels)) + "}"


def quoted(text: str) -> str:
    """A text as Go's `%q` writes it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def in_order(items: Iterable[T], labels: Callable[[T], LabelSet]) -> list[T]:
    """By labels: fewer first, then the smaller value of the first name in which they differ."""

    def compare(left: T, right: T) -> int:
        return _compared(labels(left), labels(right))

    return sorted(items, key=cmp_to_key(compare))


def alerts_in_order(items: Iterable[T], labels: Callable[[T], LabelSet]) -> list[T]:
    """As alerts stand in a notification: by job and instance, those without one last, then by labels."""

    def place(item: T) -> list[tuple[bool, str]]:
        found = [labels(item).get(name) for name in ("job", "instance")]
        return [(value is None, value or "") for value in found]

    return sorted(in_order(items, labels), key=place)


def _compared(left: LabelSet, right: LabelSet) -> int:
    if len(left) != len(right):
        return len(left) - len(right)
    for name in sorted({*left, *right}):
        if name not in left:
            return -1
        if name not in right:
            return 1
        if left[name] != right[name]:
            return -1 if left[name] < right[name] else 1
    return 0


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < _ONE_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _TWO_BYTES else f"\\U{code:08x}"
