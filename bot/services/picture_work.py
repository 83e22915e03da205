"""A chart that is to hang under a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery
from bot.domain.evidence import EvidenceSpec
from bot.ports.charts import Chart
from bot.ports.workspace import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAsked:
    """A chart of what a query gives until an instant, which is to be asked first."""

    spec: EvidenceSpec
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is to be drawn, and in the thread of which message it hangs.

    `name` is the file's: no other file of the bot's has it. Beside it the chart's conclusion is said, after
    what it is `about`, in plain words. `told`: it hangs nowhere where the texts of that may not be read.
    """

    name: str
    at: MessageRef
    drawn: Chart | CourseAsked
    about: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPicture:
    """Draw it and hang it there. None where there is nothing to draw any more."""

    delivery: Delivery
    sketch: Sketch | None
