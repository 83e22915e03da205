"""A post-mortem's draft as a Markdown file, and what is said with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from bot.domain.draft import PLACES, Draft
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.item import Item, ItemState
from bot.domain.page import PageRecord, PageState
from bot.domain.slo.note import BudgetNote, Noted, read_note
from bot.domain.template import filled_in
from bot.domain.text import duration
from bot.domain.timeline import Entry
from bot.views.budget_note import WHEN, cost, standing, title
from bot.views.markdown import bullets, plain
from bot.views.markup import Markup, inert, mention, plain_moment
from bot.views.status import public_name
from bot.views.timeline import plain as as_it_holds

_NOTHING = timedelta()
_STILL_ASKED = timedelta(minutes=90)
"""For how long after a moment its error budget may still come to be known."""

_LEFT_OUT = frozenset(
    {
        EventKind.REFUSED,
        EventKind.PAGE_CONFIRMED,
        EventKind.DELIVERY_DIED,
        EventKind.ITEM_REMINDED,
        EventKind.POSTMORTEM_ASKED,
        EventKind.POSTMORTEM_DRAFTED,
        EventKind.POSTMORTEM_REMINDED,
        EventKind.POSTMORTEM_DONE,
        EventKind.POSTMORTEM_WAIVED,
        EventKind.POSTMORTEM_GIVEN,
        EventKind.SLO_NOTED,  # which has a place of its own
    }
)
"""What says nothing of how the incident went."""

_PAGE_WORDS = {
    PageState.WAITING: "not taken by PagerDuty",
    PageState.ACCEPTED: "taken by PagerDuty",
    PageState.CONFIRMED: "PagerDuty notified",
    PageState.DROPPED: "not needed any more",
    PageState.UNREACHABLE: "mentioned in Slack, not paged",
}


def draft_file(draft: Draft, zone: tzinfo) -> str:
    """The draft, by its template. What people wrote formats nothing in it."""
    card, incident = draft.card, draft.card.incident
    values = {
        "label": plain(incident.label),
        "number": str(incident.number),
        "severity": incident.severity.value,
        "title": plain(incident.title),
        "service": plain(card.service or "no service named"),
        "summary": _summary(draft, zone),
        "impact": plain(incident.impact) if incident.impact else _to_write("who was hurt, how, how long"),
        "times": bullets(_times(incident, zone), ""),
        "escalation": bullets((_page(page, incident, zone) for page in card.pages), "Nobody was paged."),
        "roles": bullets((f"{plain(title)}: {plain(who.name)}" for title, who in card.roles), "Nobody said."),
        "timeline": bullets(_timeline(draft, zone), "Nothing yet."),
        "budget": bullets(_budget(draft), draft.unmeasured or "Nothing was measured."),
        "items": bullets(map(_item, draft.items), f"None yet. `/incident item {incident.number} add …`"),
    }
    assert values.keys() == PLACES
    return filled_in(draft.template, values)


def draft_comment(draft: Draft, *, redacted: bool = False, without: str | None = None) -> Markup:
    """What is said with the draft. `redacted` tells outsiders no more than that one is owed.

    `without` says why the file is missing.
    """
    who = mention(draft.mentions.who)
    if redacted:
        text = inert(f"{public_name(draft.card.incident)}: its post-mortem is only in its own channel.", 500)
    else:
        parts = [inert(_asked(draft), 600)]
        parts += [inert(f"The draft could not be attached: {without}", 500)] if without else []
        parts.append(_how(draft, again=without is not None))
        text = Markup("\n".join(parts))
    return Markup(f"{text} {who}".rstrip())


def file_title(draft: Draft) -> str:
    """The file's title."""
    return f"Post-mortem of {draft.card.incident.label}, a draft"


def _asked(draft: Draft) -> str:
    incident, asked = draft.card.incident, draft.asked
    if asked.kind is EventKind.POSTMORTEM_DRAFTED:
        return f"The post-mortem of {incident.label} as a draft, asked for by {asked.actor.name}."
    owner = asked.data.get("owner") or draft.card.team
    return f"{owner}: the post-mortem of {incident.label} is due by {asked.data.get('due')}."


def _how(draft: Draft, *, again: bool) -> Markup:
    number = draft.card.incident.number
    word = f"`/incident postmortem {number}"
    ways = f"Written? {word} done https://…`. None needed? {word} not-needed why`."
    return Markup(f"{ways} Another try: {word}`." if again else ways)


def _summary(draft: Draft, zone: tzinfo) -> str:
    incident = draft.card.incident
    what = f"{incident.label} ({draft.card.service})" if draft.card.service else incident.label
    declared = f"declared by {incident.declared_by.name} at {plain_moment(incident.declared_at, zone)}"
    parts = [f"{what} was {declared}: {incident.title}."]
    if incident.ended_at and incident.ended_by and incident.status is Status.RESOLVED:
        lasted = duration(max(incident.ended_at - incident.declared_at, _NOTHING))
        parts.append(f"{incident.ended_by.name} resolved it after {lasted}.")
    said = [word for entry in draft.page.entries if (word := _last_word(entry))]
    parts += [f"Last word: {said[-1]}."] if said else []
    if incident.update:
        parts.append(f"Latest update: {incident.update}.")
    return plain(" ".join(part.replace("..", ".") for part in parts))


def _last_word(entry: Entry) -> str | None:
    """What was said when it got better, as it holds: nothing that was struck out."""
    if entry.event.kind not in {EventKind.MITIGATED, EventKind.RESOLVED}:
        return None
    said = entry.newest or entry.event
    text = said.data.get("text")
    return str(text) if text and said.kind is not EventKind.STRUCK else None


def _times(incident: Incident, zone: tzinfo) -> Iterator[str]:
    ended = "Resolved" if incident.status is Status.RESOLVED else "Ended"
    known = (
        ("Started", incident.started_at),
        ("Detected", incident.detected_at),
        ("Declared", incident.declared_at),
        ("Acknowledged", incident.acknowledged_at),
        ("Mitigated", incident.mitigated_at),
        (ended, incident.ended_at),
    )
    for name, at in known:
        if at is not None:
            yield f"{name}: {plain_moment(at, zone)}{_since(incident.declared_at, at)}"


def _since(declared: datetime, at: datetime) -> str:
    if at == declared:
        return ""
    return f", {duration(abs(at - declared))} {'after' if at > declared else 'before'} the declaration"


def _page(page: PageRecord, incident: Incident, zone: tzinfo) -> str:
    at = plain_moment(page.requested_at, zone, day=incident.declared_at)
    return plain(f"{at}  {page.title}: {_PAGE_WORDS[page.state]}")


def _timeline(draft: Draft, zone: tzinfo) -> Iterable[str]:
    day, earlier = draft.card.incident.declared_at, draft.page.earlier
    if earlier:
        entries = "entry is" if earlier == 1 else "entries are"
        export = f"`/incident export {draft.card.incident.number}`"
        yield f"*The {earlier} earliest {entries} left out here: {export} has them.*"
    for entry in draft.page.entries:
        event = entry.event
        if event.kind not in _LEFT_OUT:
            yield f"{plain_moment(event.at, zone, day=day)}  {plain(as_it_holds(entry, draft.card))}"


def _budget(draft: Draft) -> Iterator[str]:
    """How the error budget stood at each moment, and what the incident cost, where anybody measures."""
    moments = draft.budget
    if draft.unmeasured and not any(entry for _, entry in moments):
        return
    for moment, entry in moments:
        stood = _stood(draft, entry) if entry else _why_missing(draft, moment)
        yield plain(f"{WHEN[moment].capitalize()}: {stood}")
    spent = [cost(note) for moment, entry in moments if (note := _note_of(entry))]
    if spent and spent[-1]:
        yield plain(f"What it cost: {spent[-1]}")


def _stood(draft: Draft, entry: Entry) -> str:
    note = _note_of(entry)
    return f"{title(note)}, {standing(note)}" if note else as_it_holds(entry, draft.card)


def _why_missing(draft: Draft, moment: Noted) -> str:
    incident = draft.card.incident
    if draft.page.earlier:
        return "not among the entries below"
    ats = {Noted.ACKNOWLEDGED: incident.acknowledged_at, Noted.RESOLVED: incident.ended_at}
    recent = draft.asked.at - (ats.get(moment) or incident.declared_at) < _STILL_ASKED
    return "not measured yet" if recent and draft.unmeasured is None else "not measured"


def _note_of(entry: Entry | None) -> BudgetNote | None:
    """What an entry says, unless somebody has said otherwise since."""
    return None if entry is None or entry.newest else read_note(entry.event.data)


def _item(item: Item) -> str:
    box = "[ ]" if item.is_open else "[x]"
    who = item.owner.name if item.owner else "nobody yet"
    when = f", by {item.due.isoformat()}" if item.due else ""
    dropped = f" (dropped: {item.reason})" if item.state is ItemState.DROPPED else ""
    return f"{box} {item.number}. {plain(f'{item.text}{dropped}: {who}{when}')}"


def _to_write(what: str) -> str:
    return f"*To be written: {what}.*"
