"""Joins what is looked at and told about alerts without anybody asking."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.alert_summary import AlertSummaries
from bot.services.watchdogs import Watchdogs

WATCH_SECONDS = 15.0
WATCH = "look for signs of life"
SUMMARY_SECONDS = 60.0
SUMMARIES = "sum up alerts"


def wire_alert_watch(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    watchdogs = Watchdogs(
        store=outside.store, clock=outside.clock, ids=RandomIds(), directory=inside.directory
    )
    summaries = AlertSummaries(store=outside.store, clock=outside.clock, directory=inside.directory)
    return Part(
        jobs=(
            Job(every=WATCH_SECONDS, name=WATCH, do=watchdogs.look),
            Job(every=SUMMARY_SECONDS, name=SUMMARIES, do=summaries.look),
        )
    )
