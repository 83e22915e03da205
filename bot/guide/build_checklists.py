"""From the checked sections about routine reviews to the domain's values."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.checklist import Checklist, ChecklistItem, Owner, ReviewPolicy, Whose
from bot.domain.evidence import EvidenceSpec, Source
from bot.guide.checklist_sections import ChecklistPart, EvidencePart, ItemPart, ReviewsPart
from bot.guide.thresholds import threshold

Addresses = Mapping[str, str]
"""The address of each dashboard, by its key."""


def checklist(key: str, part: ChecklistPart, dashboards: Addresses) -> Checklist:
    """A procedure that recurs."""
    return Checklist(
        key=key,
        title=part.title,
        purpose=part.purpose,
        cadence=part.cadence,
        at=part.at,
        channel=part.channel,
        team=part.team,
        items=tuple(_item(index, item, dashboards) for index, item in enumerate(part.items)),
        weekday=part.weekday,
        business_day=part.business_day,
        runbook=part.runbook,
        days=part.days_to_finish,
        owner=_owner(part.owner),
        unfinished=part.unfinished,
        after_outage=part.after_outage,
    )


def review_policy(part: ReviewsPart) -> ReviewPolicy:
    """What is told about the reviews as a whole."""
    return ReviewPolicy(report_at=part.report_at)


def _item(index: int, part: ItemPart, dashboards: Addresses) -> ChecklistItem:
    return ChecklistItem(
        key=part.key_at(index),
        title=part.title,
        evidence=tuple(_evidence(title, each, dashboards) for title, each in part.evidence.items()),
    )


def _evidence(title: str, part: EvidencePart, dashboards: Addresses) -> EvidenceSpec:
    if part.source is not Source.QUERY:
        of = part.of if part.dashboard is None else dashboards[part.dashboard]
        return EvidenceSpec(title=title, source=part.source, of=of, compare=None)
    return EvidenceSpec(
        title=title,
        source=Source.QUERY,
        of=part.of,
        unit=part.unit,
        fine=None if part.fine is None else threshold(part.fine, part.unit),
        compare=part.compare,
        chart=part.chart,
    )


def _owner(words: list[str]) -> Owner:
    if words in ([Whose.ANYBODY], [Whose.ON_CALL]):
        return Owner(whose=Whose(words[0]))
    return Owner(whose=Whose.ROTATION, people=tuple(words))
