"""How routine reviews went, in figures: a line for each checklist or item, which reads on a phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo

from bot.domain.checklists.figures import ChecklistFigures, ItemFigures, OpenProblem, Problems, Report, Tally
from bot.domain.checklists.monthly import ChannelReport
from bot.domain.checklists.report_chart import conclusion, problems_in_words, report_title, span_in_words
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, fields, header, message, section
from bot.views.checklists.progress import local_day
from bot.views.markup import Markup, bold, inert

_NAME = 60
_TEXT = 200
_CHECKLISTS = 4000
_ITEMS = 4000
_PROBLEMS = 2500
_MOST_PROBLEMS = 10
_SAID = 700


def report_message(
    report: Report, problems: Iterable[OpenProblem] = (), *, title: str | None = None, zone: tzinfo
) -> Message:
    """The figures of a span, for the one who asks: by checklist, or of the one of that title by item."""
    title = f"{title} {span_in_words(report.span, zone)}" if title else report_title(report, zone)
    if report.is_empty:
        nothing = Markup(f"{inert(title)}: none was planned.")
        return message(nothing, [section(nothing)])
    blocks = [header(title), *_body(report, problems, zone), context(_small_print(report))]
    return message(inert(f"{title}: {conclusion(report)}", _SAID), blocks)


def monthly_report(told: ChannelReport, *, zone: tzinfo, redacted: bool = False) -> Message:
    """How a channel's reviews went in a month. `redacted`: others can read there what is secret."""
    report, title = told.report, report_title(told.report, zone)
    problems = [replace(one, text=None, by=None) for one in told.problems] if redacted else told.problems
    small = Markup("`/checklist report` counts any time, `/checklist problems` lists what is open.")
    blocks = [header(title), *_body(report, problems, zone), context(small)]
    return message(inert(f"{title}: {conclusion(report)}", _SAID), blocks)


def chart_comment(report: Report, zone: tzinfo, asked_by: str) -> Markup:
    """What is said beside a chart that somebody wanted."""
    told = f"{report_title(report, zone)}: {conclusion(report)}."
    return Markup(f"{inert(told, _SAID)}\n{inert(f'Asked for by {asked_by}')}")


def _body(report: Report, problems: Iterable[OpenProblem], zone: tzinfo) -> Iterator[Block]:
    yield fields(list(_pairs(report)))
    if report.span.checklist is None:
        yield from packed(Markup("By checklist"), [_line(one) for one in report.checklists], _CHECKLISTS)
    for one in report.checklists if report.span.checklist else ():
        yield from packed(Markup("By item"), [_item(item) for item in one.items], _ITEMS)
    listed = list(problems)
    lines = [_problem(one, zone) for one in listed[:_MOST_PROBLEMS]]
    if len(listed) > len(lines):
        lines.append(Markup(f"and {len(listed) - len(lines)} more: `/checklist problems`"))
    if lines:
        yield from packed(Markup("Still open"), lines, _PROBLEMS)


def _pairs(report: Report) -> Iterator[tuple[str, Markup]]:
    runs = report.runs
    yield "Done in time", inert(_share(runs))
    yield "Late", inert(str(runs.late))
    yield "Carried over", inert(str(runs.carried))
    yield "Missed", inert(str(runs.missed))
    if runs.open or runs.skipped:
        rest = ((runs.open, "open now"), (runs.skipped, "skipped: opsbot was down"))
        yield "Besides", inert(", ".join(f"{count} {word}" for count, word in rest if count))
    if report.off_schedule:
        yield "Off schedule", inert(str(report.off_schedule))
    yield "Problems", inert(problems_in_words(report.problems))


def _share(runs: Tally) -> str:
    if not runs.over:
        return "none has ended yet"
    share = round(100 * runs.in_time / runs.over)
    return f"{runs.in_time} of {runs.over} ({min(share, 99) if runs.in_time < runs.over else 100} %)"


def _line(one: ChecklistFigures) -> Markup:
    """`Health Check  18 of 20 in time · 1 late · 1 missed · 2 problems, 1 open`."""
    runs = one.runs
    parts = [f"{runs.in_time} of {runs.over} in time"] if runs.over else []
    rest = (
        (runs.late, "late"),
        (runs.carried, "carried over"),
        (runs.missed, "missed"),
        (runs.skipped, "skipped"),
        (runs.open, "open"),
        (one.off_schedule, "off schedule"),
    )
    parts += [f"{count} {word}" for count, word in rest if count]
    parts += _problems(one.problems)
    return Markup(f"{bold(inert(one.title, _NAME))}  {inert(' · '.join(parts))}")


def _problems(problems: Problems) -> list[str]:
    if not problems.found:
        return []
    still_open = f", {problems.open} open" if problems.open else ""
    return [f"{problems.found} problem{'s' if problems.found != 1 else ''}{still_open}"]


def _item(item: ItemFigures) -> Markup:
    """`Every service answers  20 of 22 done · 1 not applicable · 1 problem`."""
    problems = "problem" if item.problems == 1 else "problems"
    rest = (
        (item.not_applicable, "not applicable"),
        (item.problems, problems),
        (item.missed, "missed"),
        (item.open, "open"),
    )
    parts = [f"{item.done} of {item.asked} done", *(f"{count} {word}" for count, word in rest if count)]
    carried = f" ({item.carried} carried over)" if item.carried else ""
    return Markup(f"{bold(inert(item.title, _NAME))}  {inert(' · '.join(parts) + carried)}")


def _problem(one: OpenProblem, zone: tzinfo) -> Markup:
    found = local_day(one.found_at, zone)
    about = f"{bold(Markup(one.run))} {inert(one.title, _NAME)}, {inert(one.item, _NAME)}"
    if one.text is None:
        return Markup(f"{about}: _told in its own channel only_ · {found}")
    return Markup(f"{about}: {inert(one.text, _TEXT)} · {inert(one.by or '', _NAME)}, {found}")


def _small_print(report: Report) -> Markup:
    more = (
        "`/checklist history` lists each run."
        if report.span.checklist
        else "`/checklist report health` shows its items."
    )
    return Markup(
        "A run counts on the day for which it was planned, and was in time if nothing was open when it was "
        f"due. An item that was carried over counts once, for the run that asked first. {more}"
    )
