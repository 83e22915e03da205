"""How everything stands: the platform on top, then the services, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.slo.objective import PLATFORM
from bot.domain.slo.reading import Reported
from bot.domain.slo.verdict import Status, order, status
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, message, section
from bot.views.dashboards import dashboards_line
from bot.views.markup import Markup, bold, inert, moment
from bot.views.slo import numbers
from bot.views.slo.buttons import service_buttons
from bot.views.slo.objective import in_brief
from bot.views.slo.words import EMOJIS, WORDS, marked, meaning

_ROOM = 8400
_BRIEF = 500
_NAME = 60


def overview_message(all_of_them: Sequence[Reported], *, zone: tzinfo) -> Message:
    """Two lines for each: how it stands, and its numbers."""
    shared = _shared_trouble(all_of_them)
    if shared is not None:
        text = Markup(f"{marked(Status.UNKNOWN)} · there are no numbers. {inert(shared, _BRIEF)}")
        return message(text, [section(text)])
    promised = [one for one in all_of_them if one.promise.objectives]
    headline = _headline(promised)
    names = "; ".join(f"{one.promise.title} {WORDS[_status(one)]}" for one in promised)
    blocks: list[Block] = [section(bold(Markup(headline)))]
    one_window = len({one.window for one in promised}) == 1
    blocks += packed(None, [_lines(one, its_window=not one_window) for one in all_of_them], _ROOM)
    blocks.append(_small_print(promised, zone))
    whole = next((one.promise for one in all_of_them if one.promise.key == PLATFORM), None)
    blocks += dashboards_line(whole.dashboards if whole is not None else ())
    if promised:
        blocks.append(service_buttons({one.promise.key: one.promise.title for one in promised}))
    return message(inert(f"{headline}: {names}", 2000), blocks)


def _headline(promised: Sequence[Reported]) -> str:
    if not promised:
        return "The guide promises nothing that is measured"
    counts = Counter(_status(one) for one in promised)
    told = (f"{counts[one]} {WORDS[one]}" for one in sorted(counts, key=order))
    return f"Error budgets: {', '.join(told)}"


def _lines(reported: Reported, *, its_window: bool) -> Markup:
    promise, report = reported.promise, reported.report
    title = bold(inert(promise.title, _NAME))
    if report is None:
        why = inert(reported.trouble or "no numbers", _BRIEF)
        return Markup(f"{EMOJIS[Status.UNKNOWN]} {title}\n      {why}")
    how = status(report)
    word = f"{bold(Markup(WORDS[how]))} · " if how is not Status.OK else ""
    age = f" ⚠️ {numbers.about(reported.age)} old" if reported.age is not None else ""
    told = " · ".join(in_brief(measured) for measured in report.measured)
    over = f" · over {numbers.days(report.window)}" if its_window else ""
    first = f"{EMOJIS[how]} {title} · {word}{inert(meaning(report), _BRIEF)}{over}{age}"
    return Markup(f"{first}\n      {inert(told, _BRIEF)}")


def _status(reported: Reported) -> Status:
    return Status.UNKNOWN if reported.report is None else status(reported.report)


def _shared_trouble(all_of_them: Sequence[Reported]) -> str | None:
    """Why there is nothing to tell of any, where that is one reason."""
    troubles = {one.trouble for one in all_of_them if one.report is None and one.promise.objectives}
    nothing = all(one.report is None for one in all_of_them)
    return troubles.pop() if nothing and len(troubles) == 1 else None


def _small_print(promised: Sequence[Reported], zone: tzinfo) -> Block:
    measured = [one.report for one in promised if one.report is not None]
    told = [Markup("`/slo payment` tells more, with a chart; `/slo help` shows what else can be asked.")]
    if measured:
        windows = {numbers.days(report.window) for report in measured}
        window = f"Over {windows.pop()}, " if len(windows) == 1 else ""
        at = min(report.at for report in measured)
        told.insert(0, Markup(f"{window}{'measured' if window else 'Measured'} {moment(at, zone, day=at)}."))
    away = next((one.trouble for one in promised if one.age is not None and one.trouble), None)
    if away is not None:
        told.insert(0, Markup(f"⚠️ What is marked so is old: {inert(away, _BRIEF)}"))
    return context(*told)
