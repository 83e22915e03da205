"""What only the person who asked reads: answers, refusals, help, lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from bot.domain.card import IncidentCard
from bot.domain.text import clean, duration
from bot.domain.timeline import TimelinePage
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.incident import details, top
from bot.views.markup import Markup, bold, inert, moment, said
from bot.views.status import marked_word, name, public_name, room_of, summary, word
from bot.views.timeline import packed

_TYPED_LIMIT = 500
_ECHOED = 120
_MOST_LISTED = 40
_MOST_EVENTS = 25
_TIMELINE = 2900
_HISTORY = 5000


def answer(text: str, *, repeated: bool = False, offered: Block | None = None) -> Message:
    """A service's answer. `repeated`: it had been carried out before; `offered`: the buttons under it."""
    shown = said(text)
    blocks: list[Block] = [section(shown), *([offered] if offered else [])]
    if repeated:
        blocks.append(context(Markup("This had been done already; nothing was done twice.")))
    return message(shown, blocks)


def refusal(text: str) -> Message:
    """Why something was not done, and what to do instead."""
    shown = said(text)
    return message(shown, [section(shown)])


def unknown_word(word: str, nearest: str | None, *, command: str = "/incident") -> str:
    """No command begins so: the nearest that does, and how to see them all. Nothing is escaped yet."""
    meant = f" Did you mean `{nearest}`?" if nearest else ""
    return f"There is no command “{clean(word, 60)}”.{meant} `{command} help` shows them all."


def said_of_reviews(word: str, typed: str) -> str:
    """The word that a line begins with is one of another command's. Nothing is escaped yet."""
    line = clean(typed, _ECHOED).replace("`", "")
    return (
        f"“{word}” is said of reviews: `/checklist {line}`, or where you talk to the bot `checklist {line}`."
    )


def said_elsewhere(word: str, typed: str, command: str) -> str:
    """The same for a word that only `command`, with its slash, has. Nothing is escaped yet."""
    line = clean(typed, _ECHOED).replace("`", "")
    return (
        f"`/incident` has no “{clean(word, 60)}”. Do you mean `{command} {line}`, or where you talk to the "
        f"bot `{command.removeprefix('/')} {line}`?"
    )


def incident_list(
    cards: Iterable[IncidentCard], now: datetime, *, hidden: int = 0, zone: tzinfo = UTC
) -> Message:
    """What is open, most urgent first, then newest first; `hidden` are security incidents, only counted."""
    listed = sorted(cards, key=_urgency)
    secret = _counted(hidden)
    if not listed:
        nothing = Markup(f"No {'other ' if hidden else ''}incident is open.{secret}")
        return message(nothing, [section(nothing)])
    title = f"{len(listed)} open incident{'s' if len(listed) > 1 else ''}"
    blocks = [header(title), *(_listed(card, now, zone) for card in listed[:_MOST_LISTED])]
    left = len(listed) - _MOST_LISTED
    if left > 0:
        blocks.append(context(Markup(f"{left} less urgent or older ones are not shown")))
    if secret:
        blocks.append(context(Markup(secret.strip())))
    names = "; ".join(f"{card.incident.label} {card.incident.title}" for card in listed[:10])
    return message(Markup(f"{title}: {inert(names, 2000)}{secret and f'.{secret}'}"), blocks)


def _counted(hidden: int) -> str:
    """How many security incidents are open beside those that are listed."""
    if not hidden:
        return ""
    if hidden == 1:
        return " 1 security incident is open; its channel shows it."
    return f" {hidden} security incidents are open; their channel shows them."


def incident_details(
    card: IncidentCard, page: TimelinePage, *, redacted: bool = False, zone: tzinfo = UTC
) -> Message:
    """One incident with its newest history, oldest first. `redacted` shows outsiders its number and state."""
    incident = card.incident
    if redacted:
        title = public_name(incident)
        where = inert("Its details are shown in its own channel only.")
        text = Markup(f"{inert(title)}: {word(incident.status).lower()}. {where}")
        return message(text, [header(title), section(marked_word(incident.status)), context(where)])
    text = inert(f"{incident.label} {incident.title} · {summary(card, zone)}", 500)
    _, history = packed(card, page.newest(_MOST_EVENTS), room=_HISTORY, zone=zone)
    own = [context(Markup(f"Its own channel: {room_of(incident.room)}"))] if incident.room else []
    return message(text, [*top(card, zone), *own, *details(card, zone), *history])


def _urgency(card: IncidentCard) -> tuple[int, float]:
    return card.incident.severity.rank, -card.incident.declared_at.timestamp()


def _listed(card: IncidentCard, now: datetime, zone: tzinfo) -> Block:
    incident = card.incident
    age = duration(max(now - incident.declared_at, timedelta()))
    facts = [marked_word(incident.status), inert(f"open for {age}")]
    facts += [inert(card.service)] if card.service else []
    facts += [Markup(f"by {name(incident.acknowledged_by)}")] if incident.acknowledged_by else []
    if card.next_step:
        due = moment(card.next_step.due, zone, day=now)
        facts.append(Markup(f"next: {inert(card.next_step.title)} {due}"))
    facts += [room_of(incident.room)] if incident.room else []
    label = bold(inert(incident.label))
    return section(Markup(f"{label} {inert(incident.title)}\n{' · '.join(facts)}"))
