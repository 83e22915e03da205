"""Label sets: pairs of name and value, sorted by name, none empty."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.sandbox.prometheus.promql.syntax import NAME, Grouping, Matching

Labels = tuple[tuple[str, str], ...]
_KEPT = 8192


def labels_of(pairs: Mapping[str, str]) -> Labels:
    """A label set out of a mapping; an empty label counts as none."""
    return tuple(sorted((name, value) for name, value in pairs.items() if value))


@lru_cache(maxsize=_KEPT)
def only(labels: Labels, names: tuple[str, ...]) -> Labels:
    """The labels of these names."""
    return tuple(pair for pair in labels if pair[0] in names)


@lru_cache(maxsize=_KEPT)
def without(labels: Labels, names: tuple[str, ...]) -> Labels:
    """The labels of other names."""
    return tuple(pair for pair in labels if pair[0] not in names)


def nameless(labels: Labels) -> Labels:
    """The labels without the metric's name."""
    return without(labels, (NAME,))


def group_of(labels: Labels, grouping: Grouping) -> Labels:
    """The group that a series belongs to."""
    if grouping.without:
        return without(labels, (*grouping.labels, NAME))
    return only(labels, grouping.labels)


def signature(labels: Labels, matching: Matching) -> Labels:
    """By what a series finds its counterpart."""
    if matching.on:
        return only(labels, matching.labels)
    return without(labels, (*matching.labels, NAME))


def shown(labels: Labels) -> str:
    """A label set as Prometheus' errors show it."""
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels) + "}"
