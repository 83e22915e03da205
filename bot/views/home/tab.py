"""A Home tab: what is mine and waits first, then what is open, then how things stand.

What is open comes first of all where nobody has taken it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.domain.home import HomeTab
from bot.domain.incident import Status
from bot.domain.slo.verdict import Status as SloStatus
from bot.views.alert_list import packed
from bot.views.blocks import Block, context, header, section
from bot.views.dashboards import dashboards_line
from bot.views.home import lines
from bot.views.home.buttons import acknowledge_button, check_button, item_button, take_button, top_buttons
from bot.views.home.changes import change_lines
from bot.views.inputs import View
from bot.views.markup import Markup, bold, inert, moment
from bot.views.slo.words import EMOJIS

CALLBACK = "home"
HOME_BLOCKS = 100
"""Slack's limit; the parts of a tab are limited by the domain so that they stay far below."""

_ROOM = 2900
_BRIEF = 300
_DIVIDER: Block = {"type": "divider"}


def home_view(tab: HomeTab, *, zone: tzinfo) -> View:
    """The tab. `zone` is the guide's, for times where Slack cannot show the reader's own."""
    urgent = any(incident.status is Status.TRIGGERED for incident in tab.incidents)
    mine = list(_mine(tab, zone))
    happening = [*_incidents(tab, zone), *_calls(tab, zone), *_alerts(tab, zone)]
    blocks = [
        top_buttons(may_act=tab.may_act),
        *(happening if urgent else mine),  # what nobody has taken is to be seen first, whatever else waits
        _DIVIDER,
        *(mine if urgent else happening),
        _DIVIDER,
        *_reviews(tab, zone),
        *_problems(tab),
        *_changes(tab, zone),
        *_slos(tab),
        *dashboards_line(tab.dashboards),
    ]
    shown = [*blocks[: HOME_BLOCKS - 1], _small_print(tab, zone)]
    return {"type": "home", "callback_id": CALLBACK, "blocks": shown}


def _mine(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    if not tab.waits:
        yield section(Markup("Nothing waits for you."))
        return
    yield header(f"{_counted(tab.waits, 'thing waits', 'things wait')} for you")
    for incident in tab.mine:
        yield section(lines.mine_line(incident, tab, zone))
    yield from _more(len(tab.mine), tab.mine_in_all, "incidents that you have")
    for review in tab.reviews:
        yield section(lines.review_line(review, tab, zone))
        for check in review.checks:
            button = check_button(review, check) if tab.may_act else None
            yield _with(section(lines.check_line(check)), button)
        yield from _more(len(review.checks) or review.in_all, review.in_all, "on its card")
    yield from _more(len(tab.reviews), tab.reviews_in_all, "reviews: `/checklist`")
    for problem in tab.found:
        yield section(lines.problem_line(problem))
    yield from _more(len(tab.found), tab.found_in_all, "problems that you follow: `/checklist problems`")
    for item in tab.items:
        yield _with(section(lines.item_line(item)), item_button(item) if tab.may_act else None)
    yield from _more(len(tab.items), tab.items_in_all, "action items: `/incident items`")


def _incidents(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    if not tab.incidents_in_all:
        yield section(Markup("No incident is open."))
        return
    yield header(_counted(tab.incidents_in_all, "open incident", "open incidents"))
    first = next((one for one in tab.incidents if one.status is Status.TRIGGERED), None)
    for incident in tab.incidents:
        offered = tab.may_act and incident.status is Status.TRIGGERED
        button = acknowledge_button(incident, first=incident is first) if offered else None
        yield _with(section(lines.incident_line(incident, tab, zone)), button)
    yield from _more(len(tab.incidents), tab.incidents_in_all, "less urgent ones: `/incident list`")


def _calls(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    if not tab.calls_in_all:
        return
    yield header(_counted(tab.calls_in_all, "page is", "pages are") + " not acknowledged")
    yield from packed(None, [lines.call_line(one, tab, zone) for one in tab.calls], _ROOM)
    yield from _more(len(tab.calls), tab.calls_in_all, "pages: `/page list`")


def _alerts(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    alerts = tab.alerts
    if not alerts.count:
        yield section(Markup("No alert waits to be acknowledged."))
        return
    yield header(_counted(alerts.count, "alert is", "alerts are") + " not acknowledged")
    yield from packed(None, [lines.alert_line(one, tab, zone) for one in alerts.worst], _ROOM)
    if alerts.count > len(alerts.worst):
        yield context(Markup("The button Alerts above lists them all."))


def _reviews(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    if not (tab.runs or tab.coming):
        yield section(Markup("No review is due today."))
        return
    yield header("Reviews today")
    free = [run for run in tab.runs if run.free and tab.may_act]
    for run in free:
        yield _with(section(lines.run_line(run, tab, zone)), take_button(run))
    told = [lines.run_line(run, tab, zone) for run in tab.runs if run not in free]
    told += [lines.coming_line(one, tab, zone) for one in tab.coming]
    if told:
        yield from packed(None, told, _ROOM)
    yield from _more(len(tab.runs), tab.runs_in_all, "reviews: `/checklist`")


def _problems(tab: HomeTab) -> Iterator[Block]:
    if not tab.problems_in_all:
        return
    yield header(_counted(tab.problems_in_all, "problem is", "problems are") + " open")
    yield from packed(None, [lines.problem_line(one) for one in tab.problems], _ROOM)
    yield from _more(len(tab.problems), tab.problems_in_all, "problems: `/checklist problems`")


def _changes(tab: HomeTab, zone: tzinfo) -> Iterator[Block]:
    if tab.changes is None:
        return
    yield header("Changes today" if tab.changes.in_all else "Changes")
    yield from packed(None, list(change_lines(tab.changes, tab, zone)), _ROOM)


def _slos(tab: HomeTab) -> Iterator[Block]:
    if not tab.measures:
        return
    yield header("Error budgets")
    if not tab.slos:
        yield section(Markup("Prometheus has not answered yet."))
    elif all(one.report is None for one in tab.slos):
        why = inert(tab.slos[0].trouble or "", _BRIEF)
        yield section(Markup(f"{EMOJIS[SloStatus.UNKNOWN]} {bold(Markup('There are no numbers.'))} {why}"))
    else:
        yield from packed(None, [lines.slo_line(one) for one in tab.slos], _ROOM)


def _small_print(tab: HomeTab, zone: tzinfo) -> Block:
    told = [Markup(f"Updated {moment(tab.at, zone, day=tab.at)}")]
    if not tab.measures:
        told.append(Markup("Nobody measures what was promised: PROMETHEUS_URL is not set"))
    if not tab.may_act:
        told.append(Markup("Guests look; somebody of the team acts"))
    return context(*told)


def _with(block: Block, accessory: Block | None) -> Block:
    return block if accessory is None else {**block, "accessory": accessory}


def _more(shown: int, in_all: int, what: str) -> Iterator[Block]:
    if in_all > shown:
        yield context(Markup(f"and {in_all - shown} more {what}"))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
