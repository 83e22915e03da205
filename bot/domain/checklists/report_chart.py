"""What a chart of routine reviews shows, and what it says to those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo

from bot.domain.checklists.figures import ChecklistFigures, Problems, Report, ReviewWeek, Span, Tally
from bot.domain.text import clean, duration

_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsChart:
    """Runs by week: done in time, done late, carried over, missed."""

    title: str
    alt_text: str
    weeks: tuple[ReviewWeek, ...]


def reviews_chart(shown: Report, title: str) -> ReviewsChart:
    """The chart of a span in which something was planned. `title` says what is counted."""
    name = clean(title, _TITLE)
    return ReviewsChart(title=name, alt_text=f"{name}: {conclusion(shown)}.", weeks=shown.weeks)


def report_title(report: Report, zone: tzinfo) -> str:
    """What is counted: `Routine reviews in the last 30 d`, `Health Check in October 2026`."""
    alone = report.span.checklist is not None and len(report.checklists) == 1
    what = report.checklists[0].title if alone else "Routine reviews"
    return f"{what} {span_in_words(report.span, zone)}"


def span_in_words(span: Span, zone: tzinfo) -> str:
    """A month that is meant as such by its name, else how long it is until now."""
    if span.whole_month:
        return f"in {span.since.astimezone(zone):%B %Y}"
    return f"in the last {duration(span.until - span.since)}"


def week_named(monday: date, *, year: bool = False) -> str:
    """The day with which a week begins: `2 Nov`, or with its `year` `2 Nov 26`."""
    return f"{monday.day} {monday:%b}" + (f" {monday:%y}" if year else "")


def conclusion(shown: Report) -> str:
    """What somebody sees at a glance."""
    told = [", ".join(outcomes(shown.runs))]
    if shown.off_schedule:
        told.append(f"{shown.off_schedule} off schedule")
    told.append(problems_in_words(shown.problems))
    if worst := _least_done(shown):
        told.append(f"least in time: {worst.title}, {worst.runs.in_time} of {worst.runs.over}")
    return "; ".join(told)


def outcomes(runs: Tally) -> Iterator[str]:
    """What became of runs, in words: those in time of those that have ended, then whatever there is."""
    if not runs.planned:
        yield "none was planned"
    elif not runs.over:
        yield "none has ended"
    else:
        yield f"{runs.in_time} of {runs.over} done in time"
    rest = {
        "late": runs.late,
        "carried over": runs.carried,
        "missed": runs.missed,
        "skipped": runs.skipped,
        "open": runs.open,
    }
    yield from (f"{count} {word}" for word, count in rest.items() if count)


def problems_in_words(problems: Problems) -> str:
    """How many were found, how many are open, and how long closing took."""
    if not problems.found:
        return "no problem found"
    told = f"{problems.found} problem{'s' if problems.found != 1 else ''} found"
    if problems.open:
        told += f", {problems.open if problems.open < problems.found else 'all'} still open"
    if problems.to_close is not None:
        told += f", closed after {duration(problems.to_close)} in the median"
    return told


def _least_done(shown: Report) -> ChecklistFigures | None:
    """The checklist with the smallest share in time, where there are several and not all are alike."""
    there = [one for one in shown.checklists if one.runs.over]
    shares = {one.runs.in_time / one.runs.over for one in there}
    if len(shares) < 2:  # noqa: PLR2004 - one share is everybody's
        return None
    return min(there, key=lambda one: (one.runs.in_time / one.runs.over, -one.runs.over))
