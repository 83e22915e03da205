"""What may explain a turn of the line: incidents as bands with their names above, changes as triangles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import times
from checks import text
from style import PURPLE, TEXT, drawable

MOST_MARKS = 200
MOST_NAMED = 8
LANES = 3
"""Names stand above each other where they would overlap, so high at most."""

FEW_CHANGES = 30
_LANE_POINTS = 14
CHARACTER_POINTS = 7.4
_SIZE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`until` is None where it is not over, or took no time."""

    at: float
    until: float | None
    is_incident: bool
    label: str


def read(given: Any) -> tuple[Mark, ...]:
    """The marks, the most important ones first. Raises ValueError, KeyError or TypeError."""
    if len(given) > MOST_MARKS:
        raise ValueError("too many marks")
    return tuple(
        Mark(
            at=times.instant(one["at"]),
            until=None if one["until"] is None else times.instant(one["until"]),
            is_incident={"incident": True, "change": False}[one["kind"]],
            label=drawable(text(one["label"])),
        )
        for one in given
    )


def lanes(marks: Sequence[Mark], character: float) -> Mapping[Mark, int]:
    """Which incidents are named, each in its lane: the most important ones, as far as there is room.

    `character` is how long a character is on the axis of time. A name begins at its incident, and a line
    leads up to it: neither another name nor another's line may be in the way.
    """
    placed: Mapping[Mark, int] = {}
    chosen: list[Mark] = []
    for mark in marks:
        if mark.is_incident and len(chosen) < MOST_NAMED:
            tried = _placed(sorted({*chosen, mark}, key=lambda one: -one.at), character)
            if tried is not None:
                chosen.append(mark)
                placed = tried
    return placed


def _placed(marks: Sequence[Mark], character: float) -> Mapping[Mark, int] | None:
    """All of them, the latest first, each as low as it can be; None where one has no room."""
    placed: dict[Mark, int] = {}
    for mark in marks:
        end = mark.at + (len(mark.label) + 1) * character
        above = [lane for other, lane in placed.items() if other.at < end]
        lane = max(above, default=-1) + 1
        if lane >= LANES:
            return None
        placed[mark] = lane
    return placed


def height(named: Mapping[Mark, int]) -> float:
    """How much room the names need above the axes. Points."""
    return (max(named.values(), default=-1) + 1) * _LANE_POINTS + 6


def draw(panels: Sequence[Axes], marks: Sequence[Mark], named: Mapping[Mark, int], now: float) -> None:
    """Draw them: bands through all panels, names above the first one, changes at the foot of it.

    What is not over goes on until `now`.
    """
    for mark in marks:
        if mark.is_incident:
            _band(panels, mark, now)
    for mark, lane in named.items():
        _name(panels[0], mark, lane)
    _changes(panels[0], [mark.at for mark in marks if not mark.is_incident])


def legend(marks: Sequence[Mark], named: Mapping[Mark, int]) -> list[Any]:
    """What the signs mean, of those that are there."""
    incidents = sum(mark.is_incident for mark in marks)
    which = "incident" if incidents == len(named) else f"incident ({len(named)} of {incidents} named)"
    band = Patch(facecolor=PURPLE, alpha=0.45, edgecolor=PURPLE, label=which)
    triangle = Line2D([], [], color=TEXT, marker="^", markersize=8, linestyle="none", label="change")
    return [band] * bool(incidents) + [triangle] * (incidents < len(marks))


def _band(panels: Sequence[Axes], mark: Mark, now: float) -> None:
    for axes in panels:
        left, _ = axes.get_xlim()
        until = now if mark.until is None else min(mark.until, now)
        axes.axvspan(max(mark.at, left), max(until, left), color=PURPLE, alpha=0.28, linewidth=0, zorder=0.6)
        if mark.at >= left:
            axes.axvline(mark.at, color=PURPLE, linewidth=1.3, zorder=0.7)


def _changes(axes: Axes, times: Sequence[float]) -> None:
    if not times:  # a line without points has no place, which the layout cannot bear
        return
    (line,) = axes.plot(
        times,
        [0] * len(times),
        "^",
        color=TEXT,
        markersize=9 if len(times) <= FEW_CHANGES else 7,
        markeredgecolor="white",
        transform=axes.get_xaxis_transform(),
        clip_on=False,
        zorder=6,
    )
    line.set_in_layout(False)


def _name(axes: Axes, mark: Mark, lane: int) -> None:
    top = ("data", "axes fraction")
    at = max(mark.at, axes.get_xlim()[0])
    up = 3 + lane * _LANE_POINTS
    axes.annotate(
        "",
        (at, 1),
        (0, up + _SIZE),
        xycoords=top,
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": PURPLE, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0},
        annotation_clip=False,
    ).set_in_layout(False)
    axes.annotate(
        mark.label,
        (at, 1),
        (3, up),
        xycoords=top,
        textcoords="offset points",
        size=_SIZE,
        ha="left",
        va="bottom",
        annotation_clip=False,
    ).set_in_layout(False)
