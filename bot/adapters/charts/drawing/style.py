"""How every chart looks: as wide as a phone is, in twice its sharpness."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from io import BytesIO
from textwrap import wrap
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

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

MINUS = "\N{MINUS SIGN}"

LINE_CHARACTERS = 46
"""Of a title."""

GAP = "////"
"""How it looks where nothing is known."""

_LETTERS = "LNPZ"
"""Categories of what is shown in any case, be it as a box: to leave out a letter changes what is said."""

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
        canvas = FigureCanvasAgg(figure)
        lines = wrap(drawable(title), LINE_CHARACTERS)  # matplotlib's own wrapping reads dollars as formulas
        figure.suptitle("\n".join(lines), x=0.02, ha="left", weight="bold", size=15)
        fill(figure)
        made = BytesIO()
        # Draws once; `savefig` would draw twice. matplotlib has no types for it.
        canvas.print_png(made, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return made.getvalue()


def drawable(text: str) -> str:
    """The text without emoji and other signs that the font does not have."""
    return " ".join("".join(one for one in text if _is_shown(one)).split())


def _is_shown(character: str) -> bool:
    return unicodedata.category(character)[0] in _LETTERS or ord(character) in _known()


@cache
def _known() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties())).get_charmap())
