"""An alert group's state in a word, an emoji beside it, and who is next."""

from __future__ import annotations

from datetime import timedelta, tzinfo

from bot.domain.alert import AlertGroup, AlertState, SilenceState
from bot.domain.alert_card import AlertCard
from bot.domain.text import duration
from bot.views.markup import Markup, bold, inert, link, moment, plain_moment
from bot.views.status import NAME_LIMIT, name

_COMMENT = 150
_WORDS = {
    AlertState.FIRING: ("🔴", "Firing"),
    AlertState.ACKNOWLEDGED: ("👀", "Acknowledged"),
    AlertState.SILENCED: ("🔕", "Silenced"),
    AlertState.RESOLVED: ("✅", "Resolved"),
}


def group_word(group: AlertGroup) -> str:
    """The state for people: `Firing`."""
    return _WORDS[group.state][1]


def group_emoji(group: AlertGroup) -> str:
    """The emoji that stands beside the state's word."""
    return _WORDS[group.state][0]


def alert_word(shown: AlertCard) -> str:
    """The state as the card says it: `Firing, flapping`."""
    return f"{group_word(shown.group)}{', flapping' if shown.flapping else ''}"


def counted(group: AlertGroup) -> str:
    """How many of it fire, and how many are over."""
    over = f"{group.resolved} resolved"
    if not group.is_open:
        return over
    return f"{group.firing} firing, {over}" if group.resolved else f"{group.firing} firing"


def situation(shown: AlertCard, zone: tzinfo) -> list[Markup]:
    """A line each: who has it or who is next, until when it is quiet, and to which incident it belongs."""
    group = shown.group
    lines = [_state(shown, zone)]
    if group.state is not AlertState.ACKNOWLEDGED and group.acknowledged_by is not None:
        lines.append(_acknowledged(group, zone))
    lines.append(_trouble(shown))
    if shown.incident is not None:
        lines.append(Markup(f"Part of {link(shown.incident.url, shown.incident.label)}"))
    return [line for line in lines if line]


def in_words(shown: AlertCard, zone: tzinfo) -> str:
    """Who has it or who is next, for one line of plain text; empty where there is nothing to say."""
    group = shown.group
    match group.state:
        case AlertState.FIRING if shown.next_step is not None:
            step = shown.next_step
            verb = "paged" if step.pages else "mentioned"
            return f"next: {step.title} is {verb} at {plain_moment(step.due, zone, day=group.changed_at)}"
        case AlertState.ACKNOWLEDGED if group.acknowledged_by is not None:
            return f"by {group.acknowledged_by.name}"
        case AlertState.SILENCED if group.silenced_until is not None:
            by = f"by {group.silenced_by.name} " if group.silenced_by else ""
            return f"{by}until {plain_moment(group.silenced_until, zone, day=group.changed_at)}"
        case AlertState.RESOLVED if group.resolved_at is not None:
            return f"after {_took(group)}"
        case _:
            return ""


def _state(shown: AlertCard, zone: tzinfo) -> Markup:
    group = shown.group
    match group.state:
        case AlertState.FIRING:
            return _coming(shown, zone)
        case AlertState.ACKNOWLEDGED:
            return _acknowledged(group, zone)
        case AlertState.SILENCED:
            until = moment(group.silenced_until, zone, day=group.changed_at) if group.silenced_until else ""
            by = f" by {bold(name(group.silenced_by))}" if group.silenced_by else ""
            return Markup(f"Silenced{by} until {until}{_why(shown)}")
        case AlertState.RESOLVED:
            at = f" {moment(group.resolved_at, zone, day=group.started_at)}" if group.resolved_at else ""
            return Markup(f"Resolved{at}, after {_took(group)}")


def _why(shown: AlertCard) -> str:
    """Where it was silenced, where that was not here, and what whoever did it has said."""
    silence = shown.silence
    if silence is None:
        return ""
    where = ", in Alertmanager itself" if silence.foreign else ""
    return f"{where}: {inert(silence.comment, _COMMENT)}" if silence.comment else where


def _coming(shown: AlertCard, zone: tzinfo) -> Markup:
    step = shown.next_step
    if step is not None:
        when = moment(step.due, zone, day=shown.group.changed_at)
        verb = "paged" if step.pages else "mentioned"
        return Markup(f"Next: {bold(inert(step.title, NAME_LIMIT))} is {verb} {when}")
    in_its_place = shown.incident is not None and shown.incident.is_open
    return Markup("" if shown.pages or in_its_place else "Nobody is paged for it")


def _acknowledged(group: AlertGroup, zone: tzinfo) -> Markup:
    at = f", {moment(group.acknowledged_at, zone, day=group.changed_at)}" if group.acknowledged_at else ""
    return Markup(f"Acknowledged by {bold(name(group.acknowledged_by))}{at}")


def _trouble(shown: AlertCard) -> Markup:
    """What became of a silence that does not keep it quiet yet, or never will."""
    silence = shown.silence
    if silence is None or not shown.group.is_open:
        return Markup("")
    if silence.state is SilenceState.WANTED and silence.told_at is not None:
        return Markup("⚠️ Alertmanager has not taken the silence yet")
    if silence.state is SilenceState.FAILED and shown.group.waits:
        return Markup("⚠️ Alertmanager refused the silence")
    return Markup("")


def _took(group: AlertGroup) -> str:
    ended = group.resolved_at or group.changed_at
    return duration(max(ended - group.started_at, timedelta()))
