"""An incident's state in a word, an emoji beside it, and who is next."""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.card import IncidentCard, NextStep
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run
from bot.domain.incident import Incident, Room, Status
from bot.views.markup import Markup, bold, inert, link, moment, plain_moment

NAME_LIMIT = 80
"""Characters of a person's, tier's or team's name that are shown."""

_WORDS = {
    Status.TRIGGERED: ("🔴", "Not acknowledged"),
    Status.ACKNOWLEDGED: ("🟡", "Acknowledged"),
    Status.MITIGATED: ("🔵", "Mitigated"),
    Status.RESOLVED: ("🟢", "Resolved"),
    Status.CANCELLED: ("⚪", "Cancelled, a false alarm"),
    Status.MERGED: ("⚪", "Merged into another"),
}


def word(status: Status) -> str:
    """The state for people: `Not acknowledged`."""
    return _WORDS[status][1]


def marked_word(status: Status) -> Markup:
    """The state with its emoji."""
    emoji, text = _WORDS[status]
    return Markup(f"{emoji} {bold(inert(text))}")


def public_name(subject: Incident | AlertGroup | Call | Run | Change | Span) -> str:
    """All that outsiders may read of a security incident, or alert: `Security incident 42, P0`.

    Of a run its title, too, which is the guide's. Changes, their calendar and calls are no secret.
    """
    match subject:
        case AlertGroup():
            return f"Security alert {subject.label}, {subject.severity}"
        case Call() | Run() | Change() | Span():
            return f"{subject.label} {subject.public_title}"
        case Incident():
            test = "TEST " if subject.drill else ""
            return f"{test}Security incident {subject.number}, {subject.severity}"


def headline(subject: Incident | AlertGroup | Call | Run | Change | Span) -> str:
    """How people name it, and its title."""
    return f"{subject.label} · {subject.title}"


def name(actor: Actor | None) -> Markup:
    """Who did something, by name."""
    return inert(actor.name if actor else "nobody", NAME_LIMIT)


def situation(card: IncidentCard, zone: tzinfo) -> Markup:
    """What the reader must see first: is it acknowledged and by whom, or else who is next and when."""
    incident = card.incident
    state = marked_word(incident.status)
    match incident.status:
        case Status.TRIGGERED:
            return Markup(f"{state}\n{_coming(card, zone)}")
        case Status.ACKNOWLEDGED:
            return Markup(f"{state} by {bold(name(incident.acknowledged_by))}{_when(incident, zone)}")
        case Status.MITIGATED:
            return Markup(f"{state}{_when(incident, zone)}\nAcknowledged by {name(incident.acknowledged_by)}")
        case Status.MERGED:
            by = f"by {bold(name(incident.ended_by))}{_when(incident, zone)}"
            return Markup(f"{state} {by}\nIt goes on as {_other(card)}")
        case Status.RESOLVED | Status.CANCELLED:
            return Markup(f"{state} by {bold(name(incident.ended_by))}{_when(incident, zone)}")


def summary(card: IncidentCard, zone: tzinfo) -> str:
    """The same in words, for one line."""
    incident = card.incident
    state = word(incident.status).lower()
    if incident.status is Status.TRIGGERED:
        step = card.next_step
        return f"{state}, next: {_next_plain(step, incident, zone)}" if step else state
    who = incident.acknowledged_by if incident.status.is_open else incident.ended_by
    return f"{state} by {who.name}" if who else state


def in_line(card: IncidentCard, zone: tzinfo) -> Markup:
    """The same where Slack shows readers their own time."""
    step = card.next_step
    if card.incident.status is not Status.TRIGGERED or step is None:
        return inert(summary(card, zone), 300)
    when = moment(step.due, zone, day=card.incident.epoch_at)
    state = word(card.incident.status).lower()
    return Markup(f"{state}, next: {inert(step.title, NAME_LIMIT)} is {_verb(step)} {when}")


def _other(card: IncidentCard) -> Markup:
    """The one into which it was merged, by number, with a link where its card is known to stand."""
    label = f"#{card.incident.merged_into}" if card.incident.merged_into else "another one"
    return link(card.merged_url, label)


def _coming(card: IncidentCard, zone: tzinfo) -> Markup:
    step = card.next_step
    if step is None:
        return Markup("Nobody else is reached by itself.")
    when = moment(step.due, zone, day=card.incident.epoch_at)
    return Markup(f"Next: {bold(inert(step.title, NAME_LIMIT))} is {_verb(step)} {when}")


def _next_plain(step: NextStep, incident: Incident, zone: tzinfo) -> str:
    return f"{step.title} is {_verb(step)} at {plain_moment(step.due, zone, day=incident.epoch_at)}"


def _verb(step: NextStep) -> str:
    return "paged" if step.pages else "mentioned"


def _when(incident: Incident, zone: tzinfo) -> str:
    at = incident.ended_at or incident.mitigated_at or incident.acknowledged_at
    return f", {moment(at, zone)}" if at else ""


def room_of(room: Room) -> Markup:
    """An incident's own channel, as a link, and whether it is closed."""
    return Markup(f"<#{room.id}>{', archived' if room.archived_at else ''}")
