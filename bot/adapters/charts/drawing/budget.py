"""An error budget: what was left of it, above; the share of bad events, below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

import marks
import times
from checks import number, perhaps, text
from style import BLUE, GAP, GREY, MINUS, SKY, TEXT, VERMILION, picture

MOST_POINTS = 3000
_LEAST_LEFT, _LEAST_ALLOWED = -1e13, 1e-12
_NUMBER_SIZES = ((5, 25), (7, 20), (99, 15))
"""How large the number at the end is written, by its length."""

_DIGIT = 0.72
_NARROWEST_BAR = 1.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The end of a step; what is not known is not-a-number."""

    at: float
    left: float
    bad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be drawn. `now` is what is left at the end, in words; empty where that is not known."""

    title: str
    now: str
    allowed: float
    step: float
    points: tuple[Point, ...]
    ticks: times.Ticks
    marks: tuple[marks.Mark, ...]

    @property
    def since(self) -> float:
        """When the window begins."""
        return self.points[0].at - self.step

    @property
    def until(self) -> float:
        """When it ends."""
        return self.points[-1].at


def asked(given: Any) -> Callable[[], bytes]:
    """What draws it. Raises ValueError, KeyError or TypeError for what is no chart."""
    if not 0 < len(given["points"]) <= MOST_POINTS:
        raise ValueError("points are not as they must be")
    points = tuple(_point(*one) for one in given["points"])
    if any(later.at <= earlier.at for earlier, later in pairwise(points)):
        raise ValueError("the points are not in the order of their time")
    read = Asked(
        title=text(given["title"]),
        now=text(given["now"]),
        allowed=number(given["allowed"], _LEAST_ALLOWED, 1),
        step=times.length(given["step"]),
        points=points,
        ticks=times.ticks(given["ticks"]),
        marks=marks.read(given["marks"]),
    )
    return partial(_draw, read)


def _point(at: Any, left: Any, bad: Any) -> Point:
    return Point(at=times.instant(at), left=perhaps(left, _LEAST_LEFT, 1), bad=perhaps(bad, 0, 1))


def _draw(asked: Asked) -> bytes:
    def fill(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        room = _room(asked)
        span = (asked.until - asked.since) * (1 + room)
        upper.set_xlim(asked.since, asked.since + span)
        named = marks.lanes(asked.marks, span * marks.CHARACTER_POINTS / times.AXES_POINTS)
        upper.set_title(" ", size=1, pad=marks.height(named))
        _gaps((upper, lower), asked)
        marks.draw((upper, lower), asked.marks, named, asked.until)
        _left(upper, asked)
        _bad(lower, asked, span)
        signs = marks.legend(asked.marks, named)
        if any(True for _ in _unknown(asked)):
            signs.append(Patch(facecolor="white", edgecolor=GREY, hatch=GAP, label="no data"))
        if signs:
            figure.legend(handles=signs, loc="outside lower left", ncols=3, fontsize=12, handlelength=1.4)

    return picture(asked.title, fill)


def _runs(asked: Asked, known: Callable[[Point], bool]) -> Iterator[list[Point]]:
    """The stretches of points of which something is known."""
    for is_known, run in groupby(asked.points, known):
        if is_known:
            yield list(run)


def _unknown(asked: Asked) -> Iterator[tuple[float, float]]:
    """From when to when nothing is known."""
    for run in _runs(asked, lambda point: math.isnan(point.left)):
        after = next((point.at for point in asked.points if point.at > run[-1].at), None)
        yield run[0].at - asked.step, run[-1].at if after is None else after - asked.step


def _gaps(panels: Sequence[Axes], asked: Asked) -> None:
    for since, until in _unknown(asked):
        for axes in panels:
            axes.axvspan(since, until, facecolor="white", edgecolor=GREY, hatch=GAP, linewidth=0, zorder=0.5)


# --- What is left


def _left(axes: Axes, asked: Asked) -> None:
    known = [point.left for point in asked.points if not math.isnan(point.left)]
    low = min(known, default=0.0)
    bottom = low - (1 - low) * 0.09 if low < 0 else 0.0
    axes.set_ylim(bottom, 1 + (1 - bottom) * 0.05)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda share, _: f"{share * 100:,.0f} %".replace("-", MINUS))
    )
    axes.axhline(0, color=TEXT, linewidth=2.2, zorder=3)
    axes.set_ylabel("Error budget left")
    axes.tick_params(bottom=False)
    if not known:
        _say(axes, "nothing is known")
        return
    before = 1.0
    for run in _runs(asked, lambda point: not math.isnan(point.left)):
        times = [run[0].at - asked.step, *(point.at for point in run)]
        lefts = [before, *(point.left for point in run)]
        _line(axes, times, lefts)
        before = lefts[-1]
    last = next(point for point in reversed(asked.points) if not math.isnan(point.left))
    _end(axes, asked, last)


def _line(axes: Axes, times: Sequence[float], lefts: Sequence[float]) -> None:
    above, below = [left >= 0 for left in lefts], [left <= 0 for left in lefts]
    axes.fill_between(times, lefts, 0, where=above, interpolate=True, color=SKY, alpha=0.35, linewidth=0)
    if min(lefts) < 0:
        axes.fill_between(
            times,
            lefts,
            0,
            where=below,
            interpolate=True,
            facecolor=VERMILION,
            edgecolor="white",
            hatch="\\\\",
            alpha=0.75,
            linewidth=0,
        )
    axes.plot(times, lefts, color=BLUE, linewidth=2.6, solid_joinstyle="round", zorder=4)


def _end(axes: Axes, asked: Asked, last: Point) -> None:
    """The number, large, beside the point that it is of."""
    colour = VERMILION if last.left < 0 else BLUE
    axes.plot([last.at], [last.left], "o", color=colour, markersize=10, markeredgecolor="white", zorder=5)
    bottom, top = axes.get_ylim()
    height = min(max((last.left - bottom) / (top - bottom), 0.19), 0.93)
    beside = partial(
        axes.annotate,
        xy=(asked.until, height),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=colour,
        annotation_clip=False,
        zorder=6,
    )
    size = _number_size(asked.now)
    beside(text=asked.now, xytext=(11, 0), size=size, weight="bold", va="center").set_in_layout(False)
    word = "overdrawn" if last.left < 0 else "left"
    beside(text=word, xytext=(12, -size * 0.62), size=12, va="top").set_in_layout(False)


def _number_size(now: str) -> int:
    return next(size for length, size in _NUMBER_SIZES if len(now) <= length)


def _room(asked: Asked) -> float:
    """How much wider than the window the axes are, for what stands beside the end."""
    points = max(len(asked.now) * _number_size(asked.now) * _DIGIT, 66) + 14
    return points / (times.AXES_POINTS - points)


# --- What was bad


def _bad(axes: Axes, asked: Asked, span: float) -> None:
    bad = [point.bad for point in asked.points if point.bad > 0]
    least, most = min(bad, default=1.0), max(bad, default=0.0)
    floor = max(asked.allowed / 100, min(asked.allowed / 10, least * 0.7))
    axes.set_yscale("log")
    axes.set_ylim(floor, max(asked.allowed * 6, min(most * 1.8, 1.3)))
    axes.yaxis.set_major_locator(LogLocator(numticks=5))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{round(share * 100, 9):g} %"))
    axes.set_ylabel("Bad events")
    times.name(axes, asked.ticks)
    width = asked.step / span * times.AXES_POINTS
    for within, colour in ((True, SKY), (False, VERMILION)):
        shown = [point for point in asked.points if point.bad > 0 and (point.bad <= asked.allowed) is within]
        axes.vlines(
            [point.at - asked.step / 2 for point in shown],
            floor,
            [max(point.bad, floor * 1.2) for point in shown],
            colors=colour,
            linewidth=max(_NARROWEST_BAR, width * 0.85 if width > 4 else width),  # noqa: PLR2004 - wide ones
            zorder=2 if within else 2.1,
        )
    axes.axhline(asked.allowed, color=TEXT, linewidth=1.8, linestyle=(0, (5, 3)), zorder=3)
    _allowed(axes, asked)
    if not bad:
        _say(axes, "no bad events" if any(point.bad == 0 for point in asked.points) else "nothing is known")


def _allowed(axes: Axes, asked: Asked) -> None:
    axes.annotate(
        f"allowed\n{round(asked.allowed * 100, 9):g} %",
        (asked.until, asked.allowed),
        (12, 3),
        textcoords="offset points",
        size=12,
        va="bottom",
        annotation_clip=False,
    ).set_in_layout(False)


def _say(axes: Axes, words: str) -> None:
    axes.text(
        0.42,
        0.35,
        words,
        transform=axes.transAxes,
        ha="center",
        va="center",
        bbox={"facecolor": "white", "edgecolor": "none"},
        zorder=6,
    )
