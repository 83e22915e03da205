"""An incident's notice: the one line in the channel where its card would stand, had it no room of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from bot.domain.card import IncidentCard
from bot.domain.incident import Incident, Status
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.incident import ACKNOWLEDGE, encode_target
from bot.views.markup import Markup, bold, inert
from bot.views.status import headline, in_line, marked_word, public_name, room_of, summary, word

BLOCK_ID = "incident.notice"


def notice(shown: IncidentCard, *, redacted: str | None = None, zone: tzinfo = UTC) -> Message:
    """The line as it is now, and Acknowledge while nobody has it.

    `redacted` is the reason why a security incident shows nothing but its number, severity and state here.
    """
    incident = shown.incident
    if redacted is not None:
        name = inert(public_name(incident))
        text = Markup(f"{bold(name)} · {marked_word(incident.status)}")
        plain = Markup(f"{name}: {word(incident.status).lower()}. {inert(redacted, 300)}")
        return message(plain, [section(text), *_button(incident), context(inert(redacted, 300))])
    where = _where(incident)
    title = inert(headline(incident), 250)
    line = Markup(f"{_marked(incident)} {bold(title)} · {in_line(shown, zone)}{where}")
    plain = Markup(f"{title} · {inert(summary(shown, zone), 300)}{where}")
    return message(plain, [section(line), *_button(incident)])


def _marked(incident: Incident) -> str:
    """Only the emoji: the word is in the line."""
    return marked_word(incident.status).split(" ", 1)[0]


def _where(incident: Incident) -> str:
    return f" · {room_of(incident.room)}" if incident.room else ""


def _button(incident: Incident) -> Iterator[Block]:
    if incident.status is Status.TRIGGERED:
        value = encode_target(incident.id, incident.epoch)
        yield actions(BLOCK_ID, button("Acknowledge", ACKNOWLEDGE, value, style="primary"))
