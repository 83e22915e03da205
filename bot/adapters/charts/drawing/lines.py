"""Values over time: a line for each series, named at its end; what is fine, and how it was a week ago."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

import ends
import times
from checks import number, perhaps, text
from style import BLUE, DARK_BLUE, GREY, MINUS, ORANGE, PURPLE, TEXT, VERMILION, drawable, picture

MOST_LINES = 5
MOST_POINTS = 3000
_LOOKS = (
    (BLUE, "-"),
    (VERMILION, "-"),
    (ORANGE, (0, (6, 1.5))),
    (PURPLE, (0, (3, 1.5))),
    (DARK_BLUE, (0, (1.2, 1.2))),
)
_FAR = 3.0
"""A bound that is so many times as far away as the values reach would press them flat."""

_FLAT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series: its name, its newest number in words, and its points; not-a-number where none is known."""

    name: str
    now: str
    times: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def known(self) -> list[float]:
        """Its numbers."""
        return [value for value in self.values if not math.isnan(value)]

    @property
    def last(self) -> float:
        """Its newest number."""
        return self.known[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    """What is fine: a bound, on which side of it (1 below, -1 above, 0 neither), and in words."""

    bound: float
    side: int
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be drawn, in the unit that the axis names."""

    title: str
    unit: str
    since: float
    until: float
    lines: tuple[Line, ...]
    earlier: Line | None
    fine: Fine | None
    ticks: times.Ticks
    more: str


def asked(given: Any) -> Callable[[], bytes]:
    """What draws it. Raises ValueError, KeyError or TypeError for what is no chart."""
    if not 0 < len(given["lines"]) <= MOST_LINES:
        raise ValueError("lines are not as they must be")
    fine, earlier = given["fine"], given["earlier"]
    read = Asked(
        title=text(given["title"]),
        unit=text(given["unit"]),
        since=times.instant(given["since"]),
        until=times.instant(given["until"]),
        lines=tuple(map(_line, given["lines"])),
        earlier=None if earlier is None else _line(earlier),
        fine=None if fine is None else _fine(fine),
        ticks=times.ticks(given["ticks"]),
        more=text(given["more"]),
    )
    if read.until <= read.since:
        raise ValueError("the span has no length")
    return partial(_draw, read)


def _line(given: Any) -> Line:
    points = given["points"]
    if not 0 < len(points) <= MOST_POINTS:
        raise ValueError("points are not as they must be")
    instants = tuple(times.instant(at) for at, _ in points)
    values = tuple(perhaps(value, -1e300, 1e300) for _, value in points)
    if any(later <= earlier for earlier, later in pairwise(instants)) or all(map(math.isnan, values)):
        raise ValueError("the points are not in the order of their time, or have no number")
    return Line(name=drawable(text(given["name"])), now=text(given["now"]), times=instants, values=values)


def _fine(given: Any) -> Fine:
    side = given["side"]
    if side not in {-1, 0, 1}:
        raise ValueError("a bound has no other sides")
    return Fine(bound=number(given["bound"], -1e300, 1e300), side=side, word=text(given["word"]))


def _draw(asked: Asked) -> bytes:
    def fill(figure: Figure) -> None:
        axes = figure.subplots()
        names = ends.named([(line.name, line.now) for line in asked.lines])
        room = ends.room(names)
        axes.set_xlim(
            asked.since, asked.until + (asked.until - asked.since) * room / (times.AXES_POINTS - room)
        )
        low, high = _range(asked)
        axes.set_ylim(low, high)
        _fineness(axes, asked)
        if asked.earlier is not None:
            _stroke(axes, asked.earlier, color=GREY, linewidth=1.8, zorder=2.5)
        for line, (colour, look) in reversed(list(zip(asked.lines, _LOOKS, strict=False))):
            _stroke(axes, line, color=colour, linestyle=look, linewidth=2.4, zorder=4)
            _newest(axes, line, colour)
        lasts = [line.last for line in asked.lines]
        ends.draw(axes, names, lasts=lasts, colours=[colour for colour, _ in _LOOKS], at=asked.until)
        _axes(axes, asked)
        signs = list(_signs(asked, low, high))
        if signs:
            figure.legend(handles=signs, loc="outside lower left", ncols=3, fontsize=12, handlelength=1.8)

    return picture(asked.title, fill)


def _range(asked: Asked) -> tuple[float, float]:
    """From where to where the axis goes: from 0 where that does not press everything flat."""
    shown = [value for line in _all(asked) for value in line.known]
    low, high = min(shown), max(shown)
    if asked.fine is not None and _is_near(asked.fine.bound, low, high):
        low, high = min(low, asked.fine.bound), max(high, asked.fine.bound)
    if 0 <= low <= high * _FLAT:
        low = 0.0
    if low == high:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    pad = (high - low) * 0.08
    return (low if low == 0 else low - pad), high + pad


def _is_near(bound: float, low: float, high: float) -> bool:
    reach = max(high - min(low, 0.0), abs(high) / 2)
    return low - reach * _FAR <= bound <= high + reach * _FAR


def _all(asked: Asked) -> tuple[Line, ...]:
    return asked.lines if asked.earlier is None else (*asked.lines, asked.earlier)


def _stroke(axes: Axes, line: Line, **look: Any) -> None:
    """The stretches of which something is known; one of a single point is a dot."""
    for is_known, run in groupby(
        zip(line.times, line.values, strict=True), lambda point: not math.isnan(point[1])
    ):
        points = list(run)
        if is_known:
            marker = "o" if len(points) == 1 else ""
            axes.plot(
                *zip(*points, strict=True),
                marker=marker,
                markersize=4,
                solid_joinstyle="round",
                **look,
            )


def _newest(axes: Axes, line: Line, colour: str) -> None:
    at = max(at for at, value in zip(line.times, line.values, strict=True) if not math.isnan(value))
    axes.plot([at], [line.last], "o", color=colour, markersize=8, markeredgecolor="white", zorder=5)


def _fineness(axes: Axes, asked: Asked) -> None:
    """The bound, and the side of it on which nothing is fine."""
    if asked.fine is None:
        return
    low, high = axes.get_ylim()
    bound, side = asked.fine.bound, asked.fine.side
    if low <= bound <= high:
        axes.axhline(bound, color=TEXT, linewidth=1.8, linestyle=(0, (5, 3)), zorder=3)
    within = min(max(bound, low), high)
    if side:
        edge = high if side > 0 else low
        axes.axhspan(within, edge, facecolor=VERMILION, alpha=0.10, linewidth=0, zorder=0.5)


def _signs(asked: Asked, low: float, high: float) -> Iterator[Any]:
    """What the other lines mean; a bound that is far away has none."""
    if asked.fine is not None:
        look: Any = (0, (5, 3)) if low <= asked.fine.bound <= high else "none"
        yield Line2D([], [], color=TEXT, linewidth=1.8, linestyle=look, label=asked.fine.word)
    if asked.earlier is not None:
        name = f"{asked.earlier.name}: {asked.earlier.now}"
        yield Line2D([], [], color=GREY, linewidth=1.8, label=name)
    if asked.more:
        yield Line2D([], [], linestyle="none", label=asked.more)


def _axes(axes: Axes, asked: Asked) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    if asked.unit:
        axes.set_ylabel(asked.unit)
    times.name(axes, asked.ticks)
    if asked.until < axes.get_xlim()[1]:
        axes.spines["bottom"].set_bounds(asked.since, asked.until)


def _tick(value: float) -> str:
    exact = round(value, 9)
    said = f"{exact:,.0f}" if exact == math.floor(exact) and abs(exact) < 1e7 else f"{exact:g}"  # noqa: PLR2004 - short
    return said.replace("-", MINUS)
