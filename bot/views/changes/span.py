"""The message that tells of a window or a freeze, and its button."""

from __future__ import annotations

from datetime import UTC, tzinfo

from bot.domain.changes.span import Span, SpanKind, SpanPhase
from bot.domain.changes.span_card import SpanCard
from bot.views.blocks import Message, actions, button, confirm, context, header, message, section
from bot.views.changes.calendar_buttons import BLOCK_ID, REMOVE, Pressed, encode
from bot.views.markup import Markup, bold, inert, moment, plain_moment
from bot.views.status import name

_TITLE = 120
_NAME = 80
_STANDING = frozenset({SpanPhase.AHEAD, SpanPhase.ON})
_FIRST = {SpanPhase.ON: "On now: ", SpanPhase.OVER: "Over: ", SpanPhase.OFF: "Off the calendar: "}


def span_card(card: SpanCard, *, zone: tzinfo = UTC) -> Message:
    """What is on the calendar, from when to when, for which changes; who put it there, and took it off."""
    span = card.span
    sign = emoji(span, card.phase)
    blocks = [header(f"{sign} {span.label} {span.title[:_TITLE]}"), section(_when(card, zone))]
    if card.phase in _STANDING:
        blocks.append(actions(BLOCK_ID, _remove_button(span)))
    blocks.append(context(_who(span, zone)))
    return message(one_line(card, zone), blocks)


def one_line(card: SpanCard, zone: tzinfo) -> Markup:
    """All of it in words, for notifications and screen readers."""
    span = card.span
    starts, ends = plain_moment(span.starts, zone), plain_moment(span.ends, zone, day=span.starts)
    said = f"{_what(card)} {span.label}: {span.title}, {starts} until {ends}"
    return inert(f"{_FIRST.get(card.phase, '')}{said}", 500)


def emoji(span: Span, phase: SpanPhase) -> str:
    """What it is, at a glance."""
    if phase not in _STANDING:
        return "☑️"
    return "🧊" if span.kind is SpanKind.FREEZE else "🛠️"


def _when(card: SpanCard, zone: tzinfo) -> Markup:
    span = card.span
    times = Markup(f"{moment(span.starts, zone)} until {moment(span.ends, zone, day=span.starts)}")
    if span.removed is not None:
        how = "Lifted" if span.kind is SpanKind.FREEZE else "Taken off the calendar"
        return Markup(f"{bold(Markup(how))} {moment(span.removed, zone)}. It was: {times}")
    if card.phase is SpanPhase.OVER:
        return Markup(f"{bold(Markup('Over'))}. It was: {times}")
    if card.phase is SpanPhase.ON:
        times = Markup(f"{bold(Markup('On now'))}: {times}")
    if span.kind is SpanKind.FREEZE:
        about = inert(card.service, _NAME) if card.service else Markup("any service")
        return Markup(f"{times}\nNo change of {bold(about)} starts, but for emergencies.")
    about = inert(card.service, _NAME) if card.service else Markup("all services")
    return Markup(f"{times}\n{bold(inert(card.kind or '', _NAME))} of {about} may start.")


def _what(card: SpanCard) -> str:
    what = "Freeze" if card.span.kind is SpanKind.FREEZE else f"Window for {card.kind}"
    return f"{what} of {card.service}" if card.service else what


def _who(span: Span, zone: tzinfo) -> Markup:
    who = f"Put on the calendar by {name(span.by)} {moment(span.at, zone)}"
    if span.removed_by is not None:
        how = "lifted" if span.kind is SpanKind.FREEZE else "taken off"
        who += f" · {how} by {name(span.removed_by)}"
    return Markup(who)


def _remove_button(span: Span) -> dict[str, object]:
    value = encode(Pressed(action=REMOVE, span=span.id))
    if span.kind is SpanKind.FREEZE:
        asked = confirm(
            "Lift the freeze?",
            f"Changes may start again, unless something else is in the way: {span.title}",
            yes="Lift it",
            no="Leave it",
        )
        return button("Lift", REMOVE, value, confirm=asked, spoken=f"Lift {span.label}")
    asked = confirm(
        "Take it off the calendar?",
        f"No change may start then: {span.title}",
        yes="Take it off",
        no="Leave it",
    )
    return button("Take off", REMOVE, value, confirm=asked, spoken=f"Take off {span.label}")
