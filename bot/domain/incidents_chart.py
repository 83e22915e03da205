"""What a chart of incidents shows, and what it says to those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.severity import Severity
from bot.domain.statistics import Statistics, Week
from bot.domain.text import clean, duration

_TITLE = 80
_A_YEAR = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsChart:
    """Incidents by week and severity, and how soon they were taken. `severities`: those of the span."""

    title: str
    alt_text: str
    severities: tuple[Severity, ...]
    weeks: tuple[Week, ...]


def incidents_chart(shown: Statistics, title: str) -> IncidentsChart:
    """The chart of a span in which something was declared. `title` says what is counted."""
    name = clean(title, _TITLE)
    return IncidentsChart(
        title=name,
        alt_text=f"{name}: {conclusion(shown)}.",
        severities=tuple(shown.by_severity),
        weeks=shown.by_week,
    )


def week_name(week: Week, weeks: Sequence[Week]) -> str:
    """The day with which it begins, `2 Mar`; among more weeks than a year has, `2 Mar 26`."""
    year = f" {week.since:%y}" if len(weeks) > _A_YEAR else ""
    return f"{week.since.day} {week.since:%b}{year}"


def conclusion(shown: Statistics) -> str:
    """What somebody sees at a glance."""
    count = shown.all.count
    parts = ", ".join(f"{of.count} {severity}" for severity, of in shown.by_severity.items())
    told = f"{count} incident{'s' if count != 1 else ''} ({parts}){_most(shown.by_week)}"
    taken = shown.all.to_acknowledge
    if taken is None:
        return f"{told}; none was acknowledged"
    return f"{told}; median time to acknowledge {duration(taken.median)}"


def _most(weeks: tuple[Week, ...]) -> str:
    """Which week had the most, where there are several to choose from."""
    if len(weeks) == 1:
        return ""
    most = max(week.count for week in weeks)
    first, *others = [week for week in weeks if week.count == most]
    if others:
        return f", at most {most} a week"
    return f", most ({most}) in the week from {week_name(first, weeks)}"
