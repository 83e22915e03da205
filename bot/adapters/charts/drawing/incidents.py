"""Incidents by week, and how soon they were taken: bars above, a line below."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from checks import perhaps, text
from style import DARK_BLUE, GREY, ORANGE, SKY, VERMILION, picture

MOST_WEEKS = 110
MOST_INCIDENTS = 1_000_000
_LABELS = 5
_COUNTED = 16
"""Up to so many weeks each bar says its number."""

_COLOURS = {"P0": VERMILION, "P1": ORANGE, "P2": SKY, "P3": GREY}
_UNITS = ((60 * 24 * 2, 60 * 24, "days"), (120, 60, "hours"), (0, 1, "minutes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be drawn: a week is its name, its numbers by severity, and minutes or nothing."""

    title: str
    severities: tuple[str, ...]
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    minutes: tuple[float, ...]


def asked(given: Any) -> Callable[[], bytes]:
    """What draws it. Raises ValueError, KeyError or TypeError for what is no chart."""
    severities = tuple(given["severities"])
    weeks = given["weeks"]
    if not set(severities) <= _COLOURS.keys() or not 0 < len(weeks) <= MOST_WEEKS:
        raise ValueError("severities or weeks are not as they must be")
    read = Asked(
        title=text(given["title"]),
        severities=severities,
        names=tuple(text(week["from"]) for week in weeks),
        counts=tuple(_counts(week["counts"], len(severities)) for week in weeks),
        minutes=tuple(perhaps(week["minutes"], 0) for week in weeks),
    )
    return partial(_draw, read)


def _draw(asked: Asked) -> bytes:
    def fill(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        _bars(upper, asked)
        _times(lower, asked)

    return picture(asked.title, fill)


def _bars(axes: Axes, asked: Asked) -> None:
    places = range(len(asked.names))
    below = [0] * len(asked.names)
    edge = 0.6 if len(below) <= _COUNTED else 0
    for index, severity in enumerate(asked.severities):
        heights = [counts[index] for counts in asked.counts]
        colour = _COLOURS[severity]
        axes.bar(places, heights, 0.8, below, color=colour, edgecolor="white", linewidth=edge, label=severity)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    if len(below) <= _COUNTED:
        for place, total in zip(places, below, strict=True):
            axes.annotate(
                str(total), (place, total), (0, 3), textcoords="offset points", ha="center", weight="bold"
            )
    axes.set_ylabel("Incidents a week")
    axes.set_ylim(0, max(1, *below) * 1.15)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.tick_params(bottom=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, handlelength=1, columnspacing=1.2)


def _times(axes: Axes, asked: Asked) -> None:
    longest = max((one for one in asked.minutes if not math.isnan(one)), default=0.0)
    _, divisor, unit = next(known for known in _UNITS if longest >= known[0])
    shown = [one / divisor for one in asked.minutes]
    size = 6 if len(shown) <= _COUNTED else 3
    axes.plot(range(len(shown)), shown, color=DARK_BLUE, marker="o", linewidth=2, markersize=size)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    if not any(one >= 0 for one in shown):
        axes.text(0.5, 0.5, "none was acknowledged", transform=axes.transAxes, ha="center", va="center")
        axes.set_yticks([])
    axes.set_ylabel(f"Median {unit} to\nacknowledge")
    axes.set_ylim(0, (longest / divisor or 1) * 1.15)
    every = -(-len(asked.names) // _LABELS)
    last = len(asked.names) - 1
    places = range(last % every, last + 1, every)  # the newest week is always named
    axes.set_xticks(list(places), [asked.names[place] for place in places])
    axes.set_xlim(-0.6, last + 0.6)
    axes.set_xlabel("Week from (the first may be shorter)")


def _counts(given: Any, number: int) -> tuple[int, ...]:
    if len(given) != number or not all(type(one) is int and 0 <= one <= MOST_INCIDENTS for one in given):
        raise ValueError("numbers are not as they must be")
    return tuple(given)
