"""Joins what is looked at while production is being changed."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.change_watching import ChangeWatch

WATCH_CHANGES = "look what breaks after changes"
WATCH_CHANGES_SECONDS = 5.0
"""A look while nothing is being changed reads one index."""


def wire_change_watch(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    watch = ChangeWatch(store=outside.store, clock=outside.clock, directory=inside.directory)
    return Part(jobs=(Job(every=WATCH_CHANGES_SECONDS, name=WATCH_CHANGES, do=watch.look),))
