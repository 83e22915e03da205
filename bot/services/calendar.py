"""What leads do with the calendar of changes: windows and freezes, put on it and taken off.

One transaction each, which holds the calendar: a freeze is before a change's start, or after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from bot.domain.changes import scheduling
from bot.domain.changes.change import Change
from bot.domain.changes.scheduling import Wish
from bot.domain.changes.span import Span, SpanKind
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.outcome import Happened
from bot.domain.rights import Rights
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.services.calendar_answers import added_text, removed_text
from bot.services.find_span import SpanRef, find_span
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Request
from bot.services.span_timers import leave_span, watch_span

ReadWish = Callable[[datetime, tzinfo], Wish]
"""What is wanted, read by the instant at which it is written, and the guide's clocks. Raises DomainError."""

DEEDS = {SpanKind.WINDOW: Deed.PLAN_WINDOW, SpanKind.FREEZE: Deed.FREEZE}


class ChangeCalendar:
    """Every method raises DomainError in words for the one who asked."""

    def __init__(
        self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory, rights: Rights
    ) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._ids = ids
        self._directory = directory
        self._rights = rights

    def check_may(self, kind: SpanKind, request: Request) -> None:
        """Raise ForbiddenError for somebody who may not, before a form asks them for more."""
        self._rights.check_changes(DEEDS[kind], request.actor)

    async def put(self, kind: SpanKind, request: Request, read: ReadWish) -> Answer:
        """Put on the calendar what `read` says is wanted."""
        span_id = self._ids.new_id()

        def act(record: Record) -> Answer:
            self._rights.check_changes(DEEDS[kind], request.actor)
            record.tx.spans.freeze_calendar()
            wish = read(record.now, self._zone)
            furthest = record.now + scheduling.FURTHEST + scheduling.LONGEST[SpanKind.FREEZE]
            standing = record.tx.spans.between(record.now, furthest)
            span = scheduling.put(
                wish,
                request.actor,
                record.now,
                self._directory.guide.changes,
                standing,
                span_id=span_id,
                channel=self._directory.guide.defaults.ops,
            )
            return self._add(record, span, standing)

        return await self._carry_out(DEEDS[kind], request, act)

    async def take_off(self, request: Request, ref: SpanRef) -> Answer:
        """Take a window off the calendar, or lift a freeze."""

        def act(record: Record) -> Answer:
            record.tx.spans.freeze_calendar()
            was = find_span(record.tx, ref, record.now, lock=True)
            self._rights.check_changes(DEEDS[was.kind], request.actor)
            span = scheduling.take_off(was, request.actor, record.now)
            record.tx.spans.save(span)
            record.tell(span, scheduling.removed(span))
            leave_span(record, span)
            record.show(span)
            return Answer(text=removed_text(span, _planned_in(record.tx, was)))

        return await self._carry_out(DEEDS[ref.only], request, act)

    def _add(self, record: Record, span: Span, standing: Sequence[Span]) -> Answer:
        """Write it, and say so where something is being changed meanwhile."""
        caught = _locked(record.tx, scheduling.caught(span, record.tx.changes.running()))
        kept_out = scheduling.kept_out(span, record.tx.changes.open())
        added = record.tx.spans.add(span)
        entry = scheduling.added(added, self._zone, service=self._service(added), kind=self._kind(added))
        record.note(added.id, entry)
        record.show_face(added, Face.SPAN, posted=False)
        watch_span(record, added)
        for change in caught:
            told = Happened(kind=entry.kind, data={**entry.data, "running": change.label}, told=True)
            record.tell(change, told)
        frozen = scheduling.frozen_over(added, standing)
        return Answer(text=added_text(added, self._directory, caught, kept_out, frozen))

    async def _carry_out(self, deed: Deed, request: Request, act: Callable[[Record], Answer]) -> Answer:
        return await self._frame.once(deed, request, name="change_calendar", act=act)

    def _service(self, span: Span) -> str | None:
        service = self._directory.guide.services.get(span.service or "")
        return service.title if service else span.service

    def _kind(self, span: Span) -> str | None:
        kind = self._directory.guide.changes.types.get(span.change_kind or "")
        return kind.title if kind else span.change_kind

    @property
    def _zone(self) -> tzinfo:
        return self._directory.guide.organization.zone


def _locked(tx: Transaction, running: Sequence[Change]) -> tuple[Change, ...]:
    """Those that still run once they are held, in the order of their ids."""
    held = (tx.changes.by_id(one.id, lock=True) for one in sorted(running, key=lambda each: each.id))
    return tuple(one for one in held if one is not None and one.is_running)


def _planned_in(tx: Transaction, span: Span) -> tuple[Change, ...]:
    """The changes that were to start in a window."""
    if span.kind is not SpanKind.WINDOW:
        return ()
    return tuple(
        one
        for one in tx.changes.open()
        if not one.is_running
        and one.plan.kind == span.change_kind
        and span.is_about(one.service)
        and span.starts <= one.plan.starts < span.ends
    )
