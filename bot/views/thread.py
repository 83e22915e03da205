"""Lines of a card's thread: what has happened, in a sentence each, and whom it notifies."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard, Mentions
from bot.domain.event import Event, EventKind
from bot.domain.subject_card import SubjectCard
from bot.views.blocks import Block, Message, context, message, plain_section, section
from bot.views.markup import Markup, cut, inert, length, mention
from bot.views.prompts import buttons_of
from bot.views.status import headline, public_name
from bot.views.told import (
    afterwards,
    alert_links,
    alerts,
    budgets,
    calls,
    changes,
    checklists,
    course,
    merging,
    paging,
    room,
    runbooks,
    silences,
    timeline,
    updates,
)
from bot.views.told.telling import Told

_TOP_LIMIT = 2000

_TOLD: Mapping[EventKind, Told] = {
    **course.TOLD,
    **paging.TOLD,
    **merging.TOLD,
    **alert_links.TOLD,
    **updates.TOLD,
    **timeline.TOLD,
    **room.TOLD,
    **afterwards.TOLD,
    **alerts.TOLD,
    **silences.TOLD,
    **budgets.TOLD,
    **checklists.TOLD,
    **changes.TOLD,
    **calls.TOLD,
    **runbooks.TOLD,
}


def line(
    event: Event,
    card: SubjectCard,
    mentions: Mentions,
    *,
    labelled: bool = False,
    redacted: bool = False,
    answer: str | None = None,
) -> Message:
    """The event's line. `labelled` says of which subject, for a line outside the card's thread.

    `answer` is what became of what it asks.

    `redacted` says only what kind of thing has happened to which subject: nothing that people wrote.
    """
    who = mention(mentions.who)
    if redacted:
        text = f"{public_name(card.subject)}: {_public(event)}."
    else:
        text = sentence(event, card, mentioned=bool(who))
        text = f"{headline(card.subject)}: {text}" if labelled else text
    if mentions.names and not who:
        text = f"{text} Nobody is mentioned: the guide names nobody for {', '.join(mentions.names)}."
    blocks: list[Block] = [plain_section(text)]
    if who:
        blocks.append(section(who))
    told = _TOLD.get(event.kind)
    if told is not None and told.buttons is not None and not redacted:
        under = told.buttons(event, card)
        blocks += [under] if under else []
    asked = buttons_of(event.kind, card.incident) if isinstance(card, IncidentCard) else None
    if asked is not None:
        blocks.append(asked)
    if answer is not None and not redacted:
        blocks.append(context(inert(answer)))
    shown = cut(inert(text, _TOP_LIMIT), max(_TOP_LIMIT - length(who), 1))
    return message(Markup(f"{shown} {who}".rstrip()), blocks)


def sentence(event: Event, card: SubjectCard, *, mentioned: bool = False) -> str:
    """What has happened, as plain text from which nothing is escaped yet."""
    if event.kind is EventKind.PAGED and event.data.get("reached") is False:
        return paging.unreached(event, mentioned=mentioned)
    told = _TOLD.get(event.kind)
    return told.sentence(event, card) if told else f"Something else has happened: {event.kind}."


def _public(event: Event) -> str:
    told = _TOLD.get(event.kind)
    return told.public if told else "changed"
