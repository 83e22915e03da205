"""What stands at the ends of lines: their names and newest numbers, so far apart that they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

_NAME = 16
_NAME_SIZE, _VALUE_SIZE, _ONLY_SIZE = 11.0, 12.0, 22.0
_CHARACTER = 0.62
_MOST_ROOM = 150.0
_APART = 0.115
"""Of the axes' height: two names closer than that would run into each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What stands beside a line's end."""

    name: str
    now: str
    size: float

    @property
    def width(self) -> float:
        """How much room it needs. Points."""
        return max(len(self.name) * _NAME_SIZE, len(self.now) * self.size) * _CHARACTER


def named(lines: Sequence[tuple[str, str]]) -> list[Named]:
    """What stands at the ends of lines, of their names and their newest numbers in words."""
    only = len(lines) == 1
    return [
        Named(name=_short(name), now=now, size=_size(now) if only else _VALUE_SIZE) for name, now in lines
    ]


def room(names: Sequence[Named]) -> float:
    """How much room they need beside the axes. Points."""
    return min(max(one.width for one in names) + 16, _MOST_ROOM)


def _size(now: str) -> float:
    return min(_ONLY_SIZE, (_MOST_ROOM - 16) / (max(len(now), 1) * _CHARACTER))


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def draw(
    axes: Axes, names: Sequence[Named], lasts: Sequence[float], colours: Sequence[str], at: float
) -> None:
    """Write each beside its line's newest number (of `lasts`), to the right of the instant `at`."""
    low, high = axes.get_ylim()
    heights = _spread([(last - low) / (high - low) for last in lasts])
    for one, height, colour in zip(names, heights, colours, strict=False):
        beside = partial(
            axes.annotate,
            xy=(at, height),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color=colour,
            annotation_clip=False,
            zorder=6,
        )
        up = 1 if one.name else -one.size * 0.4
        beside(text=one.now, xytext=(11, up), size=one.size, weight="bold", va="bottom").set_in_layout(False)
        if one.name:
            beside(text=one.name, xytext=(11, 0), size=_NAME_SIZE, va="top").set_in_layout(False)


def _spread(heights: Sequence[float]) -> list[float]:
    """The same, moved so far apart that names do not run into each other, and within the axes."""
    least, most = _APART / 2, 1 - _APART / 2
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = [0.0] * len(heights)
    floor = least
    for index in order:
        placed[index] = max(heights[index], floor)
        floor = placed[index] + _APART
    ceiling = most
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - _APART
    return placed
