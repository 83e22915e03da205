"""Draws one chart: JSON on the standard input, a PNG on the standard output. Run, never imported.

It ends with 2 for what is no chart, and with 3 where there is no matplotlib.
"""

from __future__ import annotations

import json
import math
import signal
import sys
from dataclasses import dataclass
from io import BytesIO
from typing import Any

try:
    from matplotlib import rc_context
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
except ImportError:
    sys.exit(3)

LONGEST_SECONDS = 30
"""Whoever asked is gone by then, or has been killed: no process stays behind."""

MOST_WEEKS = 110
MOST_INCIDENTS = 1_000_000
_LABELS = 5
_COUNTED = 16
"""Up to so many weeks each bar says its number."""

_COLOURS = {"P0": "#D55E00", "P1": "#E69F00", "P2": "#56B4E9", "P3": "#A9A9A9"}
"""Of Okabe and Ito's, told apart by those who see no red or no green."""

_LINE, _TEXT, _GRID = "#0B3C5D", "#222222", "#DDDDDD"
_UNITS = ((60 * 24 * 2, 60 * 24, "days"), (120, 60, "hours"), (0, 1, "minutes"))
_STYLE: dict[Any, Any] = {
    "font.size": 13,
    "text.parse_math": False,  # a service's title may have dollars
    "text.color": _TEXT,
    "axes.labelcolor": _TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": _GRID,
    "legend.frameon": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be drawn: a week is its name, its numbers by severity, and minutes or nothing."""

    title: str
    severities: tuple[str, ...]
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    minutes: tuple[float, ...]


def read(text: bytes) -> Asked:
    """Read it. Raises ValueError, KeyError or TypeError for what is no chart."""
    given = json.loads(text)
    severities = tuple(given["severities"])
    weeks = given["weeks"]
    if not set(severities) <= _COLOURS.keys() or not 0 < len(weeks) <= MOST_WEEKS:
        raise ValueError("severities or weeks are not as they must be")
    return Asked(
        title=_text(given["title"]),
        severities=severities,
        names=tuple(_text(week["from"]) for week in weeks),
        counts=tuple(_counts(week["counts"], len(severities)) for week in weeks),
        minutes=tuple(_minutes(week["minutes"]) for week in weeks),
    )


def draw(asked: Asked) -> bytes:
    """Draw it: as wide as a phone is, in twice its sharpness."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(6.4, 6.0), dpi=160, layout="constrained")
        FigureCanvasAgg(figure)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        figure.suptitle(asked.title, x=0.02, ha="left", weight="bold", size=15, wrap=True)
        _bars(upper, asked)
        _times(lower, asked)
        made = BytesIO()
        figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()


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
    axes.plot(range(len(shown)), shown, color=_LINE, marker="o", linewidth=2, markersize=size)
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


def _text(given: Any) -> str:
    if not isinstance(given, str) or len(given) > 200:  # noqa: PLR2004 - far more than is ever sent
        raise ValueError("a text is none, or too long")
    return given


def _counts(given: Any, number: int) -> tuple[int, ...]:
    if len(given) != number or not all(type(one) is int and 0 <= one <= MOST_INCIDENTS for one in given):
        raise ValueError("numbers are not as they must be")
    return tuple(given)


def _minutes(given: Any) -> float:
    if given is None:
        return math.nan
    minutes = float(given)
    if not 0 <= minutes < math.inf:
        raise ValueError("a time is none")
    return minutes


def main() -> int:
    """Read, draw, write."""
    signal.alarm(LONGEST_SECONDS)
    try:
        asked = read(sys.stdin.buffer.read())
    except (ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"this is no chart: {type(error).__name__}\n")
        return 2
    sys.stdout.buffer.write(draw(asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
