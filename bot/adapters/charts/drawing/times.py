"""The axis of time, which every chart of a span has."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from checks import number, text

AXES_POINTS = 385.0
"""About how wide the axes are."""

MOST_TICKS = 20
_LATEST = 1e11

Ticks = tuple[tuple[float, str], ...]


def instant(given: Any) -> float:
    """Seconds since 1970."""
    return number(given, 0, _LATEST)


def length(given: Any) -> float:
    """Seconds of a step: one at least."""
    return number(given, 1, _LATEST)


def ticks(given: Any) -> Ticks:
    """Which instants are named, and how."""
    if len(given) > MOST_TICKS:
        raise ValueError("too many ticks")
    return tuple((instant(at), text(name)) for at, name in given)


def name(axes: Axes, named: Ticks) -> None:
    """Name them."""
    axes.set_xticks([at for at, _ in named], [word for _, word in named])
