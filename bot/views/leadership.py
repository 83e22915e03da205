"""An incident for those who run the business: who is hurt, since when, who leads, when to hear more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from bot.domain.card import IncidentCard
from bot.domain.incident import Incident, Status
from bot.domain.text import duration
from bot.views.blocks import Block, Message, context, fields, header, message, plain_section, section
from bot.views.markup import Markup, bold, inert, moment
from bot.views.status import name, public_name

UPDATE_SHOWN = 1000
"""Characters of the latest update that are shown."""

_STATES = {
    Status.TRIGGERED: ("🔴", "We are calling those who can mend it. Nobody has taken it yet."),
    Status.ACKNOWLEDGED: ("🟡", "We are working on it."),
    Status.MITIGATED: ("🔵", "Users are no longer hurt. We are looking for the cause."),
    Status.RESOLVED: ("🟢", "It is over."),
    Status.CANCELLED: ("⚪", "It was a false alarm."),
    Status.MERGED: ("⚪", "It is part of another incident."),
}


def leadership(shown: IncidentCard, *, redacted: str | None = None, zone: tzinfo = UTC) -> Message:
    """The incident in business words, without buttons and mentions.

    `redacted` is the reason why of a security incident nothing but number, severity and state is told.
    """
    incident = shown.incident
    state = _state(shown)
    if redacted is not None:
        text = Markup(f"{inert(public_name(incident))}: {inert(state)}")
        return message(text, [header(public_name(incident)), section(_marked(incident, state))])
    about = incident.impact or incident.title
    line = f"{incident.label} · {about}"
    return message(Markup(f"{inert(line, 1000)}: {inert(state)}"), _blocks(shown, about, state, zone))


def _blocks(shown: IncidentCard, about: str, state: str, zone: tzinfo) -> Iterator[Block]:
    incident = shown.incident
    yield header(f"{incident.label} {shown.severity_title}".rstrip())
    yield plain_section(about)
    yield section(_marked(incident, state))
    yield fields(list(_facts(shown, zone)))
    if incident.update:
        yield plain_section(f"Latest update: {incident.update[:UPDATE_SHOWN]}")
    if incident.status.is_open and not shown.followed:
        yield context(
            Markup(f"Lowered to {incident.severity}. Here is said only once more: when it is over.")
        )


def _facts(shown: IncidentCard, zone: tzinfo) -> Iterator[tuple[str, Markup]]:
    incident = shown.incident
    since = _since(incident)
    yield "Since", moment(since, zone)
    if incident.ended_at is not None:
        yield "Until", moment(incident.ended_at, zone)
        if incident.ended_at > since:
            yield "How long", inert(duration(incident.ended_at - since))
    if shown.leader is not None:
        yield ("Led by" if not incident.status.is_open else "Who leads"), name(shown.leader)
    if incident.impact and incident.title != incident.impact:
        yield "What is wrong", inert(incident.title)
    if incident.update_due is not None and shown.followed:
        yield "Next update", moment(incident.update_due, zone, day=incident.declared_at)


def _state(shown: IncidentCard) -> str:
    incident = shown.incident
    _, words = _STATES[incident.status]
    if incident.status is Status.RESOLVED and incident.ended_at is not None:
        return f"It is over, after {duration(incident.ended_at - _since(incident))}."
    if incident.status is Status.MERGED and incident.merged_into is not None:
        return f"It is part of #{incident.merged_into}, where it goes on."
    return words


def _marked(incident: Incident, state: str) -> Markup:
    emoji, _ = _STATES[incident.status]
    return Markup(f"{emoji} {bold(inert(state))}")


def _since(incident: Incident) -> datetime:
    return incident.started_at or incident.detected_at or incident.declared_at
