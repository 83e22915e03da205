"""How incidents went, in figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from bot.domain.statistics import NIGHT_FROM, NIGHT_TO, SECURITY, Figures, Statistics, Times
from bot.domain.text import duration
from bot.views.blocks import Block, Message, context, fields, header, message, section
from bot.views.markup import Markup, bold, inert, joined

_TITLE_LIMIT = 60
_SERVICES = 2500


def statistics_message(shown: Statistics, services: Mapping[str, str], *, zone: tzinfo) -> Message:
    """The figures of a span. `services` are titles by key; `zone` says when it is night."""
    title = statistics_title(shown, services)
    if not shown.all.count:
        text = Markup(f"{inert(title)}: no incident was declared.")
        return message(text, [section(text)])
    return message(
        inert(f"{title}: {conclusion(shown.all)}", 500),
        [
            header(title),
            fields(list(_pairs(shown.all, zone))),
            *_parts(shown, services),
            context(_small_print()),
        ],
    )


def chart_comment(shown: Statistics, services: Mapping[str, str], asked_by: str) -> Markup:
    """What is said beside a chart: the figures in one sentence, and who wanted it."""
    told = f"{statistics_title(shown, services)}: {conclusion(shown.all)}."
    return Markup(f"{inert(told, 500)}\n{inert(f'Asked for by {asked_by}')}")


def conclusion(all_of_it: Figures) -> str:
    """The figures in one sentence, for those who see nothing else."""
    told = [_incidents(all_of_it.count)]
    if all_of_it.to_acknowledge:
        told.append(f"acknowledged after {duration(all_of_it.to_acknowledge.median)}")
    if all_of_it.to_resolve:
        told.append(f"resolved after {duration(all_of_it.to_resolve.median)}")
    told.append(f"{_pages(all_of_it.pages)}, {all_of_it.at_night} of them at night")
    return ", ".join(told)


def service_title(key: str | None, services: Mapping[str, str]) -> str:
    """A service's title; what stands for those without one."""
    if key is None:
        return "No service named"
    return "Security incidents" if key == SECURITY else services.get(key, key)


def statistics_title(shown: Statistics, services: Mapping[str, str]) -> str:
    """What is counted."""
    service = shown.span.service
    of = f", {services.get(service, service)}" if service else ""
    return f"Incidents of the last {duration(shown.span.until - shown.span.since)}{of}"


def _pairs(of: Figures, zone: tzinfo) -> Iterator[tuple[str, Markup]]:
    still_open = f", {of.open} not resolved yet" if of.open else ""
    yield "Incidents", inert(f"{of.count}{still_open}")
    yield "Time to acknowledge", inert(_times(of.to_acknowledge))
    yield "Time to resolve", inert(_times(of.to_resolve))
    yield "Escalations", inert(_escalations(of))
    night = f"{of.at_night} at night ({NIGHT_FROM:%H:%M} to {NIGHT_TO:%H:%M} {zone})"
    yield "Pages", inert(f"{of.pages}, {night}")


def _escalations(of: Figures) -> str:
    if not of.escalations:
        return "none: nobody was paged after the first page"
    return f"{_pages(of.escalations)} after the first, in {_incidents(of.escalated)}"


def _parts(shown: Statistics, services: Mapping[str, str]) -> Iterator[Block]:
    severities = ((severity.value, of) for severity, of in shown.by_severity.items())
    yield _table("By severity", severities)
    if shown.span.service is None:
        by_service = ((service_title(key, services), of) for key, of in shown.by_service.items())
        yield _table("By service", by_service)


def _table(title: str, rows: Iterator[tuple[str, Figures]]) -> Block:
    lines = (Markup(f"{bold(inert(name, _TITLE_LIMIT))}  {inert(_row(of))}") for name, of in rows)
    return section(Markup(f"{bold(inert(title))}\n{joined(lines, chr(10), _SERVICES)}"))


def _row(of: Figures) -> str:
    parts = [str(of.count)]
    if of.to_acknowledge:
        parts.append(f"acknowledged after {duration(of.to_acknowledge.median)}")
    if of.to_resolve:
        parts.append(f"resolved after {duration(of.to_resolve.median)}")
    if of.pages:
        parts.append(f"{_pages(of.pages)}" + (f", {of.at_night} at night" if of.at_night else ""))
    return " · ".join(parts)


def _times(times: Times | None) -> str:
    if times is None:
        return "–"  # noqa: RUF001 - nothing to measure yet
    return f"median {duration(times.median)}, mean {duration(times.mean)} (of {times.count})"


def _small_print() -> Markup:
    return Markup(
        "Times run from the declaration to the first acknowledgement and to the last resolve; in lines they "
        "are medians. Drills, false alarms and merged incidents are left out. "
        "`stats chart` posts a chart here."
    )


def _incidents(count: int) -> str:
    return f"{count} incident{'s' if count != 1 else ''}"


def _pages(count: int) -> str:
    return f"{count} page{'s' if count != 1 else ''}"
