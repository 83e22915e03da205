"""Routine reviews by week: bars of runs that were done in time, done late, carried over, missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from checks import text
from style import BLUE, GREY, ORANGE, VERMILION, picture

MOST_WEEKS = 60
MOST_RUNS = 100_000
_LABELS_LENGTH = 36
"""Characters below the bars, before names run into each other."""

_COUNTED = 16
"""Up to so many weeks each part of a bar says its number, where it is high enough."""

_READABLE = 0.04
"""Of the highest bar: a part that is lower has no room for its number."""

_OUTCOMES = (("in time", BLUE), ("late", ORANGE), ("carried over", GREY), ("missed", VERMILION))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be drawn: the names of weeks, and the runs of each by what became of them."""

    title: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def highest(self) -> int:
        """The most runs of a week; at least 1, so that there is a scale."""
        return max(1, *(sum(counts) for counts in self.counts))


def asked(given: Any) -> Callable[[], bytes]:
    """What draws it. Raises ValueError, KeyError or TypeError for what is no chart."""
    weeks = given["weeks"]
    if not 0 < len(weeks) <= MOST_WEEKS:
        raise ValueError("weeks are not as they must be")
    read = Asked(
        title=text(given["title"]),
        names=tuple(text(week["from"]) for week in weeks),
        counts=tuple(_counts(week["counts"]) for week in weeks),
    )
    return partial(_draw, read)


def _draw(asked: Asked) -> bytes:
    def fill(figure: Figure) -> None:
        axes = figure.subplots()
        _bars(axes, asked)
        _weeks(axes, asked)

    return picture(asked.title, fill)


def _bars(axes: Axes, asked: Asked) -> None:
    places = range(len(asked.names))
    below = [0] * len(asked.names)
    edge = 0.6 if len(below) <= _COUNTED else 0
    for index, (name, colour) in enumerate(_OUTCOMES):
        heights = [counts[index] for counts in asked.counts]
        axes.bar(places, heights, 0.8, below, color=colour, edgecolor="white", linewidth=edge, label=name)
        _numbers(axes, asked, heights, below, "white" if colour in {BLUE, VERMILION} else "black")
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set_ylabel("Runs a week")
    axes.set_ylim(0, asked.highest * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, handlelength=1, columnspacing=1, borderpad=0
    )


def _numbers(axes: Axes, asked: Asked, heights: list[int], below: list[int], colour: str) -> None:
    if len(heights) > _COUNTED:
        return
    for place, (height, low) in enumerate(zip(heights, below, strict=True)):
        if height >= asked.highest * _READABLE and height:
            axes.text(place, low + height / 2, str(height), ha="center", va="center", color=colour, size=11)


def _weeks(axes: Axes, asked: Asked) -> None:
    most = max(1, _LABELS_LENGTH // max(1, *map(len, asked.names)))
    every = -(-len(asked.names) // most)
    last = len(asked.names) - 1
    places = range(last % every, last + 1, every)  # the newest week is always named
    axes.set_xticks(list(places), [asked.names[place] for place in places])
    axes.set_xlim(-0.6, last + 0.6)
    axes.tick_params(bottom=False)
    axes.set_xlabel("Week from Monday (the first and the last may be shorter)")


def _counts(given: Any) -> tuple[int, ...]:
    if len(given) != len(_OUTCOMES) or not all(type(one) is int and 0 <= one <= MOST_RUNS for one in given):
        raise ValueError("numbers are not as they must be")
    return tuple(given)
