"""What alerts cost people: the noisiest, their pages, and what nobody took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from bot.domain.alert_summary import AlertSummary
from bot.domain.noise import Noise, NoiseReport
from bot.domain.text import duration
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, fields, header, message, section
from bot.views.markup import Markup, bold, inert, moment

_NAME = 80
_ALERTS = 4000
_SERVICES = 2000
_MOST = 15
_MOST_SUMMED = 5


def noise_message(report: NoiseReport, services: Mapping[str, str], *, service: str | None = None) -> Message:
    """The noise of a span, for the one who asks. `services` are titles by key."""
    about = f" of {_service(service, services)}" if service else ""
    title = f"Alerts{about} in the last {duration(report.until - report.since)}"
    if not report.all.fired:
        nothing = Markup(f"{inert(title)}: none fired.{_hidden(report.hidden)}")
        return message(nothing, [section(nothing)])
    return message(
        inert(f"{title}: fired {conclusion(report)}", 500),
        [header(title), fields(list(_pairs(report.all))), *_tables(report, services), _small_print(report)],
    )


def alert_summary(
    summary: AlertSummary, services: Mapping[str, str], *, zone: tzinfo, redacted: bool = False
) -> Message:
    """What fired in a channel since the summary before. `redacted`: others may read of security alerts."""
    report = summary.report
    since = moment(report.since, zone)
    if redacted:
        what = f"Security alerts fired {_times(report.all.fired)}, with {_pages(report.all.pages)}"
        where = Markup("Others can read this channel, so that none is named.")
        blocks = [section(Markup(f"{what} since {since}.")), context(where)]
        return message(Markup(f"{what}. {where}"), blocks)
    lines = loudest(report, services, _MOST_SUMMED)
    more = _more(len(report.by_alert) - len(lines))
    return message(
        inert(f"Alerts since the last summary: fired {conclusion(report)}", 500),
        [
            header("Alerts since the last summary"),
            section(Markup(f"Since {since}: fired {inert(_row(report.all))}.")),
            *packed(Markup("The noisiest"), [*lines, *more], _ALERTS),
            context(Markup("`/alerts noisy 7d` counts a week, `/alerts` lists what is firing now.")),
        ],
    )


def conclusion(report: NoiseReport) -> str:
    """The noise in one sentence, for those who see nothing else."""
    (name, _), loudest = report.by_alert[0]
    all_of_it = report.all
    return (
        f"{_times(all_of_it.fired)}, {_pages(all_of_it.pages)}; {_untaken(all_of_it)}. "
        f"Noisiest: {name}, {_times(loudest.fired)}"
    )


def noise_line(position: int, name: str, service: str | None, noise: Noise) -> Markup:
    """One alert's noise."""
    of = f" ({inert(service, _NAME)})" if service else ""
    parts = [_times(noise.fired)]
    if noise.groups < noise.fired:
        parts.append(f"in {noise.groups} group{'s' if noise.groups != 1 else ''}")
    if noise.pages:
        parts.append(_pages(noise.pages))
    parts.append(_untaken(noise))
    told = inert(" · ".join(parts))
    return Markup(f"{position}. {bold(inert(name, _NAME))}{of}  {told}")


def loudest(report: NoiseReport, services: Mapping[str, str], most: int = _MOST) -> list[Markup]:
    """The noisiest alerts, a line each."""
    return [
        noise_line(position, name, _service(service, services) if service else None, noise)
        for position, ((name, service), noise) in enumerate(report.by_alert[:most], start=1)
    ]


def _tables(report: NoiseReport, services: Mapping[str, str]) -> Iterator[Block]:
    lines = loudest(report, services)
    left = len(report.by_alert) - len(lines)
    yield from packed(Markup("The noisiest"), [*lines, *_more(left)], _ALERTS)
    if len(report.by_service) > 1:
        rows = [
            Markup(f"{bold(inert(_service(service, services), _NAME))}  {inert(_row(noise))}")
            for service, noise in report.by_service
        ]
        yield from packed(Markup("By service"), rows, _SERVICES)


def _more(count: int) -> list[Markup]:
    return [Markup(f"and {count} more")] if count > 0 else []


def _row(noise: Noise) -> str:
    return " · ".join((_times(noise.fired), _pages(noise.pages), _untaken(noise)))


def _pairs(noise: Noise) -> Iterator[tuple[str, Markup]]:
    yield "Fired", inert(_times(noise.fired))
    yield "Pages", inert(str(noise.pages))
    yield "Acknowledged by nobody", inert(f"{noise.unacknowledged} of {noise.groups} groups")


def _small_print(report: NoiseReport) -> Block:
    what = "An alert fires once each time it begins; how often it is told makes no difference."
    return context(Markup(f"{what}{_hidden(report.hidden)}"))


def _hidden(noise: Noise) -> str:
    if not noise.fired:
        return ""
    told = f"Security alerts fired {_times(noise.fired)}, with {_pages(noise.pages)}"
    return f" {told}: their channel shows them."


def _service(key: str | None, services: Mapping[str, str]) -> str:
    return "No service named" if key is None else services.get(key, key)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _pages(count: int) -> str:
    return f"{count} page{'s' if count != 1 else ''}"


def _untaken(noise: Noise) -> str:
    if not noise.unacknowledged:
        return "all acknowledged"
    if noise.unacknowledged == noise.groups:
        return "acknowledged by nobody"
    return f"{noise.unacknowledged} of {noise.groups} acknowledged by nobody"
