"""What must hold between a guide's checklists and the rest of it, and within their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.checklist import Cadence, Whose
from bot.domain.evidence import Source
from bot.domain.severity import Severity
from bot.domain.slo.objective import PLATFORM
from bot.guide import words
from bot.guide.checklist_sections import SOURCES, ChecklistPart, EvidencePart
from bot.guide.document import Document, Place
from bot.guide.finding import Finding
from bot.guide.incident_sections import SeverityPart
from bot.guide.schema import DefaultsPart, OrganizationPart, TierPart
from bot.guide.service_sections import ServicePart
from bot.guide.thresholds import threshold

Checklists = Mapping[str, ChecklistPart]

CHECKLIST_WORDS = frozenset(
    {
        *Cadence,
        *("today", "list", "show", "run", "done", "check", "open", "reopen", "na", "take", "give", "note"),
        *("problem", "problems", "solved", "refresh", "history", "report", "help"),
    }
)
"""What `/checklist` takes for something else than a checklist."""

_WEEKS_OF_A_MONTH = 5
_OF_QUERIES = ("unit", "fine", "compare", "chart")
_DAYS_BETWEEN = {Cadence.DAILY: 1, Cadence.WEEKLY: 5, Cadence.MONTHLY: 20}


def nameable(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """No checklist is called as a word of the command that asks for it."""
    for key in checklists:
        if key in CHECKLIST_WORDS:
            text = f'"{key}" is a word of /checklist: a checklist needs another key'
            yield document.error(("checklists", key), text, of_key=True)


def item_keys(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """An item keeps its state by its key: each has its own."""
    for key, checklist in checklists.items():
        seen: dict[str, str] = {}
        for index, item in enumerate(checklist.items):
            name = item.key_at(index)
            if name in seen:
                text = (
                    f'"{seen[name]}" and "{item.title}" of "{key}" both have the key "{name}", by which '
                    f'an item is known: tell them apart by a key: {{key: {name}-2, title: "{item.title}"}}'
                )
                yield document.error(("checklists", key, "items", index), text)
            seen.setdefault(name, item.title)


def its_day_comes(
    document: Document, checklists: Checklists, organization: OrganizationPart
) -> Iterator[Finding]:
    """A checklist is run on days on which somebody works."""
    days = organization.business_hours.days
    working = ", ".join(words.WEEKDAYS[day] for day in sorted(days))
    for key, part in checklists.items():
        if part.weekday is not None and part.weekday not in days:
            day = words.WEEKDAYS[part.weekday]
            text = f"nobody works on a {day}, so its day never comes: choose one of {working}"
            yield document.error(("checklists", key, "weekday"), text)
        most = _WEEKS_OF_A_MONTH * len(days)
        if part.business_day is not None and part.business_day > most:
            text = f"a month has {most} business days at most, so its day never comes"
            yield document.error(("checklists", key, "business_day"), text)


def done_before_the_next(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """A run has its time before the next one begins."""
    for key, part in checklists.items():
        most = _DAYS_BETWEEN[part.cadence]
        if part.days_to_finish > most:
            text = f"the next {part.cadence} run begins before this one is due: at most {most}"
            yield document.warning(("checklists", key, "days"), text)


def owners(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """A rotation is of people; a word stands alone."""
    for key, part in checklists.items():
        place = ("checklists", key, "owner")
        if not part.owner:
            text = "a rotation needs people: write their member ids in order, or anybody, or on-call"
            yield document.error(place, text)
        for index, word in enumerate(part.owner):
            if word in {Whose.ANYBODY, Whose.ON_CALL} and len(part.owner) > 1:
                text = f'"{word}" stands alone: a rotation is of member ids'
                yield document.error((*place, index), text)


def on_call_can_be_asked(
    document: Document,
    checklists: Checklists,
    tiers: Mapping[str, TierPart],
    severities: Mapping[Severity, SeverityPart],
) -> Iterator[Finding]:
    """A hint where nobody can say who is on call."""
    policy = severities.get(Severity.P0)
    tier = tiers.get(policy.path[0]) if policy and policy.path else None
    if tier is None or tier.reach.slack is None:
        return
    if len(tier.mention.people) == 1 and not tier.mention.groups:
        return
    for key, part in checklists.items():
        if Whose.ON_CALL in part.owner:
            text = (
                f'"{tier.title}" is not reached by PagerDuty: who is on call is known only while its mention '
                'comes to one person; else the card says "whoever is on call"'
            )
            yield document.warning(("checklists", key, "owner"), text)


def security_reviews(document: Document, checklists: Checklists, defaults: DefaultsPart) -> Iterator[Finding]:
    """What the security team finds in its reviews is read in the security channel only."""
    for key, part in checklists.items():
        if part.team == defaults.security_team and part.channel != defaults.security:
            text = (
                f'what the security team finds is shown in "{part.channel}", where others read it; in '
                f'"{defaults.security}" it does not leave the channel'
            )
            yield document.warning(("checklists", key, "channel"), text)


def one_source(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """Evidence asks one source."""
    for place, part in _evidence(checklists):
        if not part.named:
            text = f"it says nowhere what to look at: name one of {', '.join(SOURCES)}"
            yield document.error(place, text, of_key=True)
        for name in part.named[1:]:
            text = f'"{part.named[0]}" and "{name}" are two things to look at: give each a title of its own'
            yield document.error((*place, name), text, of_key=True)


def numbers_of_queries(document: Document, checklists: Checklists) -> Iterator[Finding]:
    """What is said of numbers is said of queries; the other sources judge by themselves."""
    for place, part in _evidence(checklists):
        if len(part.named) != 1:
            continue
        if part.source is Source.QUERY:
            yield from _fine(document, place, part)
            continue
        for name in (each for each in _OF_QUERIES if each in part.model_fields_set):
            why = "a page to open has no number" if part.source is Source.LINK else "it has its own judgement"
            text = f'"{name}" is for queries, not for "{part.named[0]}": {why}'
            yield document.error((*place, name), text, of_key=True)


def _fine(document: Document, place: Place, part: EvidencePart) -> Iterator[Finding]:
    if part.fine is None:
        return
    try:
        threshold(part.fine, part.unit)
    except ValueError as error:
        yield document.error((*place, "fine"), str(error))


def promised(
    document: Document, checklists: Checklists, services: Mapping[str, ServicePart]
) -> Iterator[Finding]:
    """How a promise stands is asked of what has one."""
    for place, part in _evidence(checklists):
        service = services.get(part.slo) if part.slo not in {None, PLATFORM} else None
        if service is not None and service.slo is None:
            text = f'the service "{part.slo}" has no objectives, so there is nothing to see: give it an "slo"'
            yield document.error((*place, "slo"), text)


def _evidence(checklists: Checklists) -> Iterator[tuple[Place, EvidencePart]]:
    for key, checklist in checklists.items():
        for index, item in enumerate(checklist.items):
            for title, part in item.evidence.items():
                yield ("checklists", key, "items", index, "evidence", title), part
