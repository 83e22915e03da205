"""Joins what belongs to the timeline: notes, corrections, people's messages; reading and exporting it."""

from __future__ import annotations

from bot.adapters.slack.exports import SlackExports
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.exports import Exports
from bot.services.marking import Marking
from bot.services.marks import Marks
from bot.views.mark_form import CALLBACK, SHORTCUT
from bot.views.timeline import EARLIER
from handlers.commands.exporting import Exporting
from handlers.commands.timeline import Timelines
from handlers.events.marks import MarkEvents
from handlers.modals.marks import MarkForm


def wire_timeline(inside: Inside) -> Part:
    """Join it."""
    guide = inside.outside.guide
    marks = Marks(changes=inside.incident_changes, zone=guide.organization.zone)
    timelines = Timelines(reader=inside.reader, marks=marks)
    marking = _marking(inside)
    adding = MarkForm(marking=marking, replies=inside.replies, after_ack=inside.after_ack, who=inside.who)
    hearing = MarkEvents(marking=marking, who=inside.who, reaction=guide.incidents.timeline_reaction)
    return Part(
        doers=(timelines.doers, _exporting(inside).doers),
        buttons={EARLIER: timelines.earlier},
        shortcuts={SHORTCUT: adding.from_message},
        forms={CALLBACK: adding.submit},
        events=hearing.by_subscription,
    )


def _marking(inside: Inside) -> Marking:
    outside = inside.outside
    return Marking(
        store=outside.store,
        clock=outside.clock,
        directory=inside.directory,
        workspace=outside.workspace,
        rights=inside.rights,
    )


def _exporting(inside: Inside) -> Exporting:
    outside = inside.outside
    return Exporting(
        exports=Exports(
            store=outside.store,
            changes=inside.incident_changes,
            reader=inside.reader,
            directory=inside.directory,
        ),
        files=SlackExports(outside.slack),
        replies=inside.replies,
        after_ack=inside.after_ack,
        zone=outside.guide.organization.zone,
    )
