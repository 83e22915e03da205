"""What a guide says about routine reviews, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.checklist import AfterOutage, Cadence, Checklist, Unfinished, Whose
from bot.domain.checklists.amounts import wanted
from bot.domain.evidence import EvidenceSpec, Source
from bot.domain.guide import Guide
from bot.domain.text import duration
from bot.guide import words
from bot.guide.layout import NONE, Row

_UNFINISHED = {Unfinished.CARRY: "carried over", Unfinished.CLOSE: "missed"}
_AFTER_OUTAGE = {AfterOutage.POST: "posted late", AfterOutage.SKIP: "skipped"}


def checklist_tables(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Titles, heads and rows."""
    for cadence in Cadence:
        chosen = [each for each in guide.checklists.values() if each.cadence is cadence]
        head = ("checklist", "title", "purpose", "when", "who and where", "items")
        yield f"{cadence.capitalize()} operations", head, (_checklist(guide, each) for each in chosen)
    yield (
        "Reviews",
        ("checklist", "owner", "due at the close of", "left open", "time missed"),
        (_review(each) for each in guide.checklists.values()),
    )
    yield (
        "Evidence",
        ("item", "evidence", "fine", "from", "compared with", "chart"),
        (
            (f"{each.key} {number}", spec.title, _fine(spec), _from(spec), *_spans(spec))
            for each in guide.checklists.values()
            for number, item in enumerate(each.items, start=1)
            for spec in item.evidence
        ),
    )
    at = guide.reviews.report_at
    told = f"first business day of a month, {at:%H:%M}" if at else words.NEVER
    yield "Report of the reviews", ("", ""), [("posted", told)]


def _checklist(guide: Guide, each: Checklist) -> Row:
    day = ""
    if each.weekday is not None:
        day = f"{words.WEEKDAYS[each.weekday][:3]} "
    elif each.business_day is not None:
        day = f"business day {each.business_day}, "
    when, where = f"{day}{each.at:%H:%M}", f"{each.team} #{guide.channels[each.channel].name}"
    return each.key, each.title, each.purpose, when, where, str(len(each.items))


def _review(each: Checklist) -> Row:
    days = "the same day" if each.days == 1 else f"business day {each.days}"
    return each.key, _owner(each), days, _UNFINISHED[each.unfinished], _AFTER_OUTAGE[each.after_outage]


def _owner(each: Checklist) -> str:
    match each.owner.whose:
        case Whose.ANYBODY:
            return "whoever takes it"
        case Whose.ON_CALL:
            return "on call"
        case Whose.ROTATION:
            return f"in turn: {', '.join(each.owner.people)}"


def _fine(spec: EvidenceSpec) -> str:
    return NONE if spec.fine is None else wanted(spec.fine, spec.unit)


def _from(spec: EvidenceSpec) -> str:
    """Its source. Queries and addresses would not fit, and are for machines."""
    if spec.source in {Source.QUERY, Source.LINK}:
        return str(spec.source)
    return f"{spec.source}: {spec.of}"


def _spans(spec: EvidenceSpec) -> tuple[str, str]:
    compared = f"{duration(spec.compare)} ago" if spec.compare else NONE
    return compared, duration(spec.chart) if spec.chart else NONE
