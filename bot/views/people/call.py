"""A call's card: who pages whom and why, and who has it, or not yet. And the list of calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from bot.domain.call import Call, CallState
from bot.domain.call_card import CallCard
from bot.domain.text import duration
from bot.views.blocks import Block, Message, context, message, section
from bot.views.markup import Markup, bold, inert, moment
from bot.views.paging import pages_so_far
from bot.views.people.call_buttons import card_buttons
from bot.views.status import name

_REASON = 600
_STATES = {
    CallState.WAITING: ("🔴", "Not acknowledged"),
    CallState.ANSWERED: ("🟢", "Acknowledged"),
    CallState.CALLED_OFF: ("⚪", "Called off"),
}


def call_card(shown: CallCard, *, zone: tzinfo = UTC) -> Message:
    """The card as it is now. `zone` is the guide's, for times where Slack cannot show the reader's own."""
    call = shown.call
    lines = [_headline(call), inert(call.reason, _REASON), _state(shown, zone)]
    blocks: list[Block] = [section(Markup("\n".join(lines)))]
    if call.is_open:
        blocks.append(card_buttons(call))
    blocks.extend(_paged(shown, zone))
    return message(Markup(f"{_plain(call)} · {inert(call.reason, _REASON)}"), blocks)


def call_list(calls: Sequence[CallCard], now: datetime, *, zone: tzinfo = UTC) -> Message:
    """What waits for an answer, and the newest of the others."""
    if not calls:
        nothing = Markup("Nobody has been paged by `/page` yet.")
        return message(nothing, [section(nothing)])
    waiting = sum(one.call.is_open for one in calls)
    title = Markup(f"{waiting or 'No'} page{'s' if waiting > 1 else ''} wait{'' if waiting > 1 else 's'}")
    return message(title, [section(bold(title)), *(section(_listed(one, now, zone)) for one in calls)])


def _headline(call: Call) -> Markup:
    who = Markup(f"{name(call.called_by)} pages {inert(call.tier_title)}")
    return Markup(f"📟 {bold(Markup(f'{call.label} · {who}'))}")


def _plain(call: Call) -> Markup:
    return Markup(f"{call.label}: {name(call.called_by)} pages {inert(call.tier_title)}, {_word(call)}")


def _word(call: Call) -> str:
    by = f" by {name(call.closed_by)}" if call.closed_by else ""
    return f"{_STATES[call.state][1].lower()}{by}"


def _state(shown: CallCard, zone: tzinfo) -> Markup:
    """What the reader must see first: has anybody answered, and if not, when they are paged again."""
    call = shown.call
    emoji, text = _STATES[call.state]
    state = f"{emoji} {bold(inert(text))}"
    if call.closed_by is not None and call.closed_at is not None:
        at = moment(call.closed_at, zone, day=call.called_at)
        took = duration(call.closed_at - call.called_at)
        return Markup(f"{state} by {bold(name(call.closed_by))} {at}, {took} after the page")
    if shown.next_step is None:
        return Markup(f"{state} yet")
    again = moment(shown.next_step.due, zone, day=call.called_at)
    return Markup(f"{state} yet\nPaged again {again}")


def _paged(shown: CallCard, zone: tzinfo) -> Iterator[Block]:
    pages = pages_so_far(shown, zone)
    if pages is not None:
        yield context(pages)


def _listed(shown: CallCard, now: datetime, zone: tzinfo) -> Markup:
    call = shown.call
    since = moment(call.called_at, zone, day=now)
    return Markup(f"{_headline(call)} {since}\n{inert(call.reason, _REASON)}\n{_state(shown, zone)}")
