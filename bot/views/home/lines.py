"""The lines of a Home tab: an incident, an item, an alert, a review, a problem, a promise."""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.checklists.run import RunState
from bot.domain.home import (
    HomeAlert,
    HomeCall,
    HomeCheck,
    HomeComing,
    HomeIncident,
    HomeItem,
    HomeProblem,
    HomeReview,
    HomeRun,
    HomeTab,
)
from bot.domain.incident import Status, label
from bot.domain.slo.reading import Reported
from bot.domain.slo.verdict import Status as SloStatus
from bot.domain.slo.verdict import status
from bot.views.checklists.progress import OWNERS_LIMIT, bar_of, short_day, state_words
from bot.views.markup import Markup, bold, cut, inert, link, moment
from bot.views.slo import numbers
from bot.views.slo.words import EMOJIS, WORDS, meaning
from bot.views.status import NAME_LIMIT, marked_word

_TITLE = 160
_LINE = 500
_WORDS = 200


def incident_line(incident: HomeIncident, tab: HomeTab, zone: tzinfo) -> Markup:
    """Which one it is, and in a second line who has it, or who is reached next."""
    standing = _standing(incident, tab, zone)
    if incident.status is not Status.TRIGGERED and incident.taken_by:
        standing = Markup(f"{standing} · {inert(incident.taken_by, NAME_LIMIT)} has it")
    return cut(Markup(f"{_named(incident)}\n{standing}"), _LINE)


def mine_line(incident: HomeIncident, tab: HomeTab, zone: tzinfo) -> Markup:
    """The same for the one who has it: what they are in it."""
    roles = inert(", ".join(incident.mine), _WORDS)
    return cut(Markup(f"{_named(incident)}\n{_standing(incident, tab, zone)} · you: {roles}"), _LINE)


def _named(incident: HomeIncident) -> Markup:
    if incident.title is None:
        test = "TEST " if incident.drill else ""
        return bold(inert(f"{test}Security incident {incident.number}, {incident.severity}"))
    named = label(incident.severity, incident.number, drill=incident.drill)
    parts = [bold(link(incident.url, named)), inert(incident.title, _TITLE)]
    parts += [inert(incident.service, NAME_LIMIT)] if incident.service else []
    return Markup(" · ".join(parts))


def review_line(review: HomeReview, tab: HomeTab, zone: tzinfo) -> Markup:
    """Of what the items beneath are."""
    due = moment(review.due_at, zone, day=tab.at)
    when = f"⏰ was due {due}" if review.overdue else f"due {due}"
    number = f" · {review.in_all} to do" if not review.checks else ""
    whose = bold(link(review.url, f"{review.title} {review.label}"))
    return cut(Markup(f"{whose} · {when}{number}"), _LINE)


def check_line(check: HomeCheck) -> Markup:
    """An item that is to be looked at."""
    return cut(Markup(f"☐ {check.position}. {inert(check.title, _TITLE)}"), _LINE)


def item_line(item: HomeItem) -> Markup:
    """What is to be done after an incident."""
    what = "Details are shown in the incident's channel only" if item.text is None else item.text
    if item.due is None:
        when = "no day"
    else:
        when = f"⏰ was due by {short_day(item.due)}" if item.late else f"by {short_day(item.due)}"
    about = inert(f"Action item {item.number} of {item.incident} · {when}", _WORDS)
    return cut(Markup(f"☐ {bold(inert(what, _TITLE))}\n{about}"), _LINE)


def alert_line(alert: HomeAlert, tab: HomeTab, zone: tzinfo) -> Markup:
    """What fires, and since when."""
    since = moment(alert.since, zone, day=tab.at)
    if alert.title is None:
        return Markup(f"{inert(f'Security alert {alert.label}, {alert.severity}')} · since {since}")
    parts = [bold(inert(alert.severity)), link(alert.url, alert.label), inert(alert.title, _TITLE)]
    parts += [inert(alert.service, NAME_LIMIT)] if alert.service else []
    return cut(Markup(" · ".join([*parts, f"since {since}"])), _LINE)


def call_line(call: HomeCall, tab: HomeTab, zone: tzinfo) -> Markup:
    """Who pages whom, and why."""
    who = bold(Markup(f"{inert(call.caller, NAME_LIMIT)} pages {inert(call.tier, NAME_LIMIT)}"))
    parts = [Markup(f"📟 {link(call.url, call.label)} {who}"), inert(call.reason, _TITLE)]
    parts.append(Markup(f"since {moment(call.since, zone, day=tab.at)}"))
    return cut(Markup(" · ".join(parts)), _LINE)


def run_line(run: HomeRun, tab: HomeTab, zone: tzinfo) -> Markup:
    """How far a review has come."""
    title, done = link(run.url, run.title), f"{run.settled} of {run.items} done"
    if run.state is not RunState.OPEN:
        return cut(Markup(f"{state_words(run.state, late=run.late)}: {title} · {done}"), _LINE)
    due = moment(run.due_at, zone, day=tab.at)
    when = f"⏰ was due {due}" if run.overdue else f"due {due}"
    owner = f" · {inert(run.owner, OWNERS_LIMIT)}" if run.owner else ""
    return cut(
        Markup(f"{bar_of(run.settled, run.items)} {bold(title)} {inert(run.label)} · {done} · {when}{owner}"),
        _LINE,
    )


def coming_line(coming: HomeComing, tab: HomeTab, zone: tzinfo) -> Markup:
    """What comes later today."""
    at = moment(coming.at, zone, day=tab.at)
    return cut(Markup(f"🕑 {at} {inert(coming.title, _TITLE)} · {coming.cadence}"), _LINE)


def problem_line(problem: HomeProblem) -> Markup:
    """What a review has found that is still so."""
    what = "Details are shown in its own channel only" if problem.text is None else problem.text
    where = link(problem.url, f"{problem.run} item {problem.position}")
    parts = [f"⚠️ {bold(inert(what, _TITLE))}", where, inert(problem.item, _TITLE)]
    parts.append(inert(f"since {short_day(problem.since)}"))
    parts += [inert(one, NAME_LIMIT) for one in (problem.incident, problem.owner) if one]
    return cut(Markup(" · ".join(parts)), _LINE)


def slo_line(reported: Reported) -> Markup:
    """How a promise stands, in words."""
    title = bold(inert(reported.promise.title, NAME_LIMIT))
    report = reported.report
    if report is None:
        why = inert(reported.trouble or "no numbers", _WORDS)
        return cut(Markup(f"{EMOJIS[SloStatus.UNKNOWN]} {title} · {WORDS[SloStatus.UNKNOWN]} · {why}"), _LINE)
    how = status(report)
    age = f" · ⚠️ {numbers.about(reported.age)} old" if reported.age is not None else ""
    return cut(Markup(f"{EMOJIS[how]} {title} · {WORDS[how]} · {inert(meaning(report), _WORDS)}{age}"), _LINE)


def _standing(incident: HomeIncident, tab: HomeTab, zone: tzinfo) -> Markup:
    state = marked_word(incident.status)
    step = incident.next_step
    if incident.status is Status.TRIGGERED and step is not None:
        when = moment(step.due, zone, day=tab.at)
        verb = "paged" if step.pages else "mentioned"
        return Markup(f"{state} · next: {inert(step.title, NAME_LIMIT)} is {verb} {when}")
    return state
