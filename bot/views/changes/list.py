"""What `/change list` lists, and one change with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from bot.domain.changes.board import ChangeDetails, ChangeList, ListedChange, Which
from bot.domain.changes.change import RUNNING, Change, ChangeState
from bot.domain.changes.standing import approvals, lacking
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.changes.card import change_card
from bot.views.changes.plan import when
from bot.views.changes.states import change_emoji, change_word
from bot.views.markup import Markup, bold, inert, length, link, moment, plain_moment
from bot.views.status import name

_ROOM = 8400
_TITLE = 80
_PART = 40
_NAMED = 10
_EMPTY = {
    Which.OPEN: "No change is asked for, and none is running",
    Which.MINE: "No open change is yours, and none waits for your approval",
    Which.ALL: "There has been no change yet",
}
_HOW = Markup("`/change show CH12` · `/change list mine`, `all`, or a service · `/change help`")


def change_list(listed: ChangeList, *, zone: tzinfo) -> Message:
    """What is running first, then what waits for approval, then what is planned; all by number."""
    about = f" of {listed.service}" if listed.service else ""
    if not listed.changes:
        nothing = inert(f"{_EMPTY[listed.which]}{about}.")
        return message(nothing, [section(nothing), context(_HOW)])
    parts = [(title, some) for title, some in _parts(listed) if some]
    names = "; ".join(_plain(one, listed.now, zone) for _, some in parts for one in some[:_NAMED])
    title = f"{'All' if listed.which is Which.ALL else 'Open'} changes{about}"
    small = Markup(f"{listed.more} more not shown · {_HOW}") if listed.more else _HOW
    blocks = [header(f"🔧 {title}"), *_blocks(parts, listed.now, zone), context(small)]
    return message(inert(f"{title}: {names}", 2000), blocks)


def change_message(details: ChangeDetails, *, zone: tzinfo) -> Message:
    """One change as its card shows it, with its buttons, and where that stands."""
    shown = change_card(details.card, zone=zone)
    if details.url is None:
        return shown
    where = Markup(f"Its card: {link(details.url, details.card.change.label)}")
    return message(Markup(shown.text), [*shown.blocks, context(where)])


def _parts(listed: ChangeList) -> Iterator[tuple[str, Sequence[ListedChange]]]:
    if listed.which is Which.ALL:
        yield "Newest first", listed.changes
        return
    running = [one for one in listed.changes if one.change.state in RUNNING]
    waiting = [one for one in listed.changes if one.change.state is ChangeState.REQUESTED]
    known = {one.change.id for one in (*running, *waiting)}
    ready = [one for one in listed.changes if one.change.id not in known]
    yield f"🚀 Running ({len(running)})", _by_start(running)
    yield f"🟡 Waiting for approval ({len(waiting)})", _by_start(waiting)
    yield f"🔵 Approved, not started ({len(ready)})", _by_start(ready)


def _by_start(some: Iterable[ListedChange]) -> list[ListedChange]:
    return sorted(some, key=lambda one: (one.change.started or one.change.plan.starts, one.change.number))


def _blocks(
    parts: Sequence[tuple[str, Sequence[ListedChange]]], now: datetime, zone: tzinfo
) -> Iterator[Block]:
    room = _ROOM
    for position, (title, some) in enumerate(parts):
        lines = [_line(one, now, zone) for one in some]
        blocks = packed(Markup(title), lines, room - 500 * (len(parts) - position - 1))
        room -= sum(length(block["text"]["text"]) for block in blocks)
        yield from blocks


def _line(one: ListedChange, now: datetime, zone: tzinfo) -> Markup:
    change = one.change
    named = f"{link(one.url, change.label)} {bold(inert(change.title, _TITLE))}"
    about = f"{inert(one.kind, _PART)}, {inert(one.service, _PART)}"
    return Markup(f"{change_emoji(change.state)} {named}\n      {about} · {_stands(change, now, zone)}")


def _stands(change: Change, now: datetime, zone: tzinfo) -> Markup:
    """What the reader of the list wants to know of it, by how far it is."""
    if change.state is ChangeState.REQUESTED:
        return Markup(f"{when(change.plan, now, zone)} · lacks {approvals(lacking(change, now))}")
    if change.is_running:
        late = change.due is not None and change.due < now
        due = (
            f" · {'⏰ was due' if late else 'due'} {moment(change.due, zone, day=now)}" if change.due else ""
        )
        return Markup(f"{change_word(change.state).lower()}{due} · {name(change.lead)}")
    if change.is_open:
        return Markup(f"{when(change.plan, now, zone)} · {change_word(change.state).lower()}")
    closed = f" {moment(change.closed, zone, day=now)}" if change.closed else ""
    return Markup(f"{change_word(change.state).lower()}{closed}")


def _plain(one: ListedChange, now: datetime, zone: tzinfo) -> str:
    change = one.change
    starts = "" if change.started else f", {plain_moment(change.plan.starts, zone, day=now)}"
    return f"{change.label} {change.title[:_TITLE]} ({change_word(change.state).lower()}{starts})"
