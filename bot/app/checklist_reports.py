"""Joins what is told of a month's routine reviews without anybody asking."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.monthly_report import MonthlyReports

REPORT_SECONDS = 60.0
FIRST_REPORT_SECONDS = 3.0
REPORTS = "tell how reviews went"


def wire_checklist_reports(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    reports = MonthlyReports(store=outside.store, clock=outside.clock, directory=inside.directory)
    return Part(jobs=(Job(every=REPORT_SECONDS, name=REPORTS, do=reports.look, first=FIRST_REPORT_SECONDS),))
