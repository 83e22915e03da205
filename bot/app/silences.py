"""Joins what has to do with Alertmanager's side of alerts: looking at it."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.alert_sync import AlertSync

LOOK_SECONDS = 60.0
LOOK_JOB = "look at Alertmanager"


def wire_alert_sync(inside: Inside) -> Part:
    """The look at Alertmanager; none where nobody knows where it is."""
    outside = inside.outside
    if not outside.silencer.is_there:
        return Part()
    sync = AlertSync(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=inside.directory,
        silencer=outside.silencer,
    )
    return Part(jobs=(Job(every=LOOK_SECONDS, name=LOOK_JOB, do=sync.look),))
