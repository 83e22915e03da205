"""The post-mortems that are still to be written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.domain.due import local
from bot.domain.incident import Incident
from bot.domain.postmortem import Duty
from bot.views.blocks import Message, context, header, message, section
from bot.views.markup import Markup, bold, inert, joined
from bot.views.status import NAME_LIMIT, public_name

_LINES = 2900


def postmortem_list(owed: Sequence[tuple[Duty, Incident, bool]], now: datetime, *, zone: tzinfo) -> Message:
    """Each with its incident, and whether that one's title may be shown; the earliest deadline first."""
    if not owed:
        nothing = Markup("No post-mortem is owed.")
        return message(nothing, [section(nothing)])
    late = sum(duty.is_late(now) for duty, _, _ in owed)
    title = f"{len(owed)} post-mortem{'s' if len(owed) > 1 else ''} to write" + (
        f", {late} late" if late else ""
    )
    lines = [_line(duty, incident, now, zone, shown=shown) for duty, incident, shown in owed]
    how = Markup(
        "`/incident postmortem 42 done https://…` where it is written, `… not-needed why` where none is."
    )
    return message(inert(title), [header(title), section(joined(lines, "\n", _LINES)), context(how)])


def _line(duty: Duty, incident: Incident, now: datetime, zone: tzinfo, *, shown: bool) -> Markup:
    label = f"{incident.label} {incident.title}" if shown else public_name(incident)
    who = inert(duty.owner.name if duty.owner and shown else "the team", NAME_LIMIT)
    when = f"was due by {local(duty.due, zone)}" if duty.is_late(now) else f"by {local(duty.due, zone)}"
    return Markup(f"{bold(inert(label, 120))}: {who}, {inert(when)}")
