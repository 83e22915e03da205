"""An incident's times: when each moment was, and how long it took to get there."""

from __future__ import annotations

from datetime import UTC, tzinfo

from bot.domain.card import IncidentCard
from bot.domain.text import duration
from bot.domain.times import Moment, Times, times_of
from bot.views.blocks import Message, context, fields, header, message, section
from bot.views.markup import NOTHING, Markup, inert, moment
from bot.views.status import public_name

_ASSUMED = {
    Moment.STARTED: "when it was detected, as far as anybody said",
    Moment.DETECTED: "when it was declared",
}


def times_message(card: IncidentCard, *, redacted: bool = False, zone: tzinfo = UTC) -> Message:
    """All five, and how they are corrected. `redacted` tells outsiders only where they are shown."""
    incident = card.incident
    if redacted:
        text = inert(f"{public_name(incident)}: its times are shown in its own channel only.")
        return message(text, [section(text)])
    times = times_of(incident)
    title = f"Times of {incident.label}"
    pairs = [(one.capitalize(), _when(one, times, zone)) for one in Moment]
    how = Markup(f"To correct one: `times {incident.number} started 14:05` or `… started 20m ago`")
    words = "; ".join(f"{label} {value}" for label, value in pairs)
    return message(Markup(f"{title}: {words}"), [header(title), fields(pairs), context(how)])


def _when(one: Moment, times: Times, zone: tzinfo) -> Markup:
    at = times.at[one]
    if at is None:
        return Markup(NOTHING)
    shown = moment(at, zone)
    if one in times.assumed:
        return Markup(f"{shown} ({_ASSUMED[one]})")
    took = times.between(Moment.DETECTED, one) if one not in {Moment.STARTED, Moment.DETECTED} else None
    return Markup(f"{shown}, {duration(took)} after it was detected") if took is not None else shown
