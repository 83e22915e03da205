"""The answer about one promise. Its first two lines say all; the rest says how each number comes about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, tzinfo

from bot.domain.slo.reading import ALMOST_ALL, Report, Reported
from bot.domain.slo.verdict import Status, status
from bot.views.blocks import Block, Message, context, message, section
from bot.views.dashboards import dashboards_line
from bot.views.markup import Markup, bold, inert, moment
from bot.views.slo import numbers
from bot.views.slo.buttons import report_buttons
from bot.views.slo.objective import in_brief, objective_block
from bot.views.slo.words import judged, marked, meaning, verdict_line

_BRIEF = 600
_TROUBLE = 700
_WARNINGS = 3


def report_message(reported: Reported, *, zone: tzinfo) -> Message:
    """How a promise stands."""
    report = reported.report
    if report is None:
        return _without_numbers(reported)
    line = verdict_line(report)
    text = f"{line}{_ago(reported)}. {_brief(report)}."
    return message(
        inert(text, 2000),
        [
            section(Markup(f"{_headline(report)}{_ago(reported)}\n{inert(_brief(report), _BRIEF)}")),
            *_old(reported),
            *(objective_block(report, measured, how, zone) for measured, how in judged(report)),
            _small_print(report, zone),
            *dashboards_line(report.promise.dashboards),
            report_buttons(report.promise, report.window),
        ],
    )


def chart_comment(report: Report) -> Markup:
    """The verdict in one line, beside its chart."""
    return inert(f"{verdict_line(report)} · {numbers.days(report.window)}", 500)


def _headline(report: Report) -> Markup:
    name = bold(Markup(f"{marked(status(report))} · {inert(report.promise.title)}"))
    return Markup(f"{name} · {inert(meaning(report), _BRIEF)}")


def _brief(report: Report) -> str:
    told = " · ".join(in_brief(measured) for measured in report.measured)
    return f"Last {numbers.days(report.window)}: {told}"


def _ago(reported: Reported) -> str:
    return f", {numbers.about(reported.age)} ago" if reported.age is not None else ""


def _old(reported: Reported) -> Iterator[Block]:
    if reported.age is None:
        return
    age = bold(Markup(f"These numbers are {numbers.about(reported.age)} old"))
    why = inert(reported.trouble or "Prometheus does not answer.", _TROUBLE)
    yield section(Markup(f"⚠️ {age}, and nothing follows from them for now. {why}"))


def _without_numbers(reported: Reported) -> Message:
    """Why there are none, and what can be done about it."""
    title = reported.promise.title
    why = reported.trouble or "Prometheus gave no numbers."
    headline = bold(Markup(f"{marked(Status.UNKNOWN)} · {inert(title)}"))
    blocks = [section(Markup(f"{headline} · there are no numbers\n{inert(why, _TROUBLE)}"))]
    blocks += dashboards_line(reported.promise.dashboards)
    if reported.promise.objectives:
        blocks.append(report_buttons(reported.promise, reported.window))
    return message(inert(f"{marked(Status.UNKNOWN)} · {title} · there are no numbers. {why}", 2000), blocks)


def _small_print(report: Report, zone: tzinfo) -> Block:
    window = numbers.days(report.window)
    coverages = [one.coverage for one in report.measured if one.coverage is not None]
    share = min(coverages, default=None)
    covered = "not known how much of it was measured" if share is None else _covered(report.window, share)
    told = [
        Markup(f"Window: {window} until {moment(report.at, zone, day=report.at)}, {covered}."),
        Markup(f"Burn rate 1× = the budget is exactly used up at the end of {window}."),
    ]
    slo = report.promise.slo
    if slo is not None and slo.window != report.window:
        promised = numbers.days(slo.window)
        told.append(Markup(f"Promised over {promised}: the gate and the alerts go by that."))
    told += [inert(f"Prometheus warns: {warning}", 300) for warning in report.warnings[:_WARNINGS]]
    return context(*told)


def _covered(window: timedelta, share: float) -> str:
    if share >= 1:
        return "all of it measured"
    part = numbers.days(window, share)
    return f"{part} measured" if share >= ALMOST_ALL else f"partial: {part}"
