"""The forms of the calendar of changes: opened, and sent. No error loses what was filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from bot.domain.changes.scheduling import FURTHEST, LONGEST, Wish
from bot.domain.changes.span import SpanKind
from bot.domain.errors import DomainError, InvalidError
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.calendar import ChangeCalendar
from bot.services.requests import Request
from bot.views.changes import calendar_forms as view
from handlers.replies import Reply, errors, updated
from handlers.who import Who, told_name

LINES = {
    SpanKind.WINDOW: "/change calendar add 2026-12-05 22:00 for 4h Database upgrade",
    SpanKind.FREEZE: "/change freeze until fri 18:00 Black Friday",
}
"""What to type where a form does not open."""


class CalendarForms:
    """Opens them, and carries out what is sent. Who may not is told so before one opens."""

    def __init__(
        self, *, calendar: ChangeCalendar, replies: Replies, guide: Guide, clock: Clock, who: Who
    ) -> None:
        self._calendar = calendar
        self._clock = clock
        self._replies = replies
        self._guide = guide
        self._who = who

    @property
    def by_callback(self) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Reply]]]:
        """Who takes which form that is sent."""
        return {view.WINDOW_FORM: self._take, view.FREEZE_FORM: self._take}

    async def open(
        self,
        kind: SpanKind,
        request: Request,
        trigger: str,
        *,
        service: str | None = None,
        change_kind: str | None = None,
    ) -> None:
        """Open the form. Raises DomainError where it is not for this person."""
        self._calendar.check_may(kind, request)
        form = view.span_form(
            kind,
            self._guide,
            self._clock.now(),
            channel=request.channel,
            channel_name=told_name(request),
            service=service,
            change_kind=change_kind,
        )
        try:
            await self._replies.open_view(trigger, form)
        except DeliveryFailure as failure:
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `{LINES[kind]}`."
            ) from None

    async def _take(self, body: Mapping[str, Any]) -> Reply:
        sent = view.read_sent(body["view"])
        request = self._who.view(body, sent.channel, sent.channel_name)
        wrong: dict[str, DomainError] = {}

        def read(now: datetime, _zone: tzinfo) -> Wish:
            return _wish(sent, now, wrong)

        try:
            done = await self._calendar.put(sent.kind, request, read)
        except DomainError as error:
            part, said = next(iter(wrong.items()), (_part_of(sent, self._clock.now()), error))
            return errors({part: str(said).replace("`", "")})
        return updated(view.done_view(done.text))


def _wish(sent: view.Sent, now: datetime, wrong: dict[str, DomainError]) -> Wish:
    """What is wanted. `wrong` gets the part that cannot be meant, and why."""
    starts, ends = sent.starts, sent.ends
    if starts is None:
        raise _noted(wrong, view.STARTS, "Choose when it begins.")
    if ends is None:
        raise _noted(wrong, view.ENDS, "Choose when it ends.")
    if ends <= starts:
        raise _noted(wrong, view.ENDS, "It ends before it begins.")
    if ends <= now:
        raise _noted(wrong, view.ENDS, "That is past already.")
    return Wish(
        kind=sent.kind,
        title=sent.title,
        starts=starts,
        ends=ends,
        service=sent.service,
        change_kind=sent.change_kind,
    )


def _noted(wrong: dict[str, DomainError], part: str, why: str) -> DomainError:
    wrong[part] = InvalidError(why)
    return wrong[part]


def _part_of(sent: view.Sent, now: datetime) -> str:
    """Where is told what is wrong with all of it."""
    if sent.kind is SpanKind.FREEZE and not sent.title.strip():
        return view.TITLE
    if sent.starts is None or sent.ends is None:
        return view.ENDS
    is_far = sent.starts > now + FURTHEST and sent.ends - sent.starts <= LONGEST[sent.kind]
    return view.STARTS if is_far else view.ENDS
