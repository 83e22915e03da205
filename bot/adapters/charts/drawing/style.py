"""How every chart looks: as wide as a phone is, in twice its sharpness."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

TEXT, GRID = "#222222", "#DDDDDD"
BLUE, DARK_BLUE, SKY, VERMILION, ORANGE, PURPLE, GREY = (
    "#0072B2",
    "#0B3C5D",
    "#56B4E9",
    "#D55E00",
    "#E69F00",
    "#CC79A7",
    "#A9A9A9",
)
"""Of Okabe and Ito's, told apart by those who see no red or no green."""

STYLE: dict[Any, Any] = {
    "font.size": 13,
    "text.parse_math": False,  # a service's title may have dollars
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
}


def picture(title: str, fill: Callable[[Figure], None]) -> bytes:
    """A PNG with a title, of what `fill` draws."""
    with rc_context(STYLE):
        figure = Figure(figsize=(6.4, 6.0), dpi=160, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(title, x=0.02, ha="left", weight="bold", size=15, wrap=True)
        fill(figure)
        made = BytesIO()
        figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()
