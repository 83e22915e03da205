"""The commands about the calendar of changes: what stands on it, windows, and freezes."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.domain.changes.scheduling import Wish, read_wish
from bot.domain.errors import InvalidError
from bot.domain.rights import Rights
from bot.services.calendar import ChangeCalendar
from bot.services.calendar_reading import CalendarReader
from bot.services.find_span import SpanRef
from bot.services.requests import Answer, Request
from bot.views import replies
from bot.views.blocks import Message
from bot.views.changes.calendar import calendar_message
from handlers.commands.doers import Doers, changer, doer, looker
from handlers.modals.calendar import LINES, CalendarForms
from handlers.words.change_calendar import AddSpan, RemoveSpan, ShowCalendar


class CalendarCommands:
    """Shows the calendar, and puts windows and freezes on it, in a line or by a form."""

    def __init__(
        self, *, calendar: ChangeCalendar, reader: CalendarReader, forms: CalendarForms, rights: Rights
    ) -> None:
        self._calendar = calendar
        self._reader = reader
        self._forms = forms
        self._rights = rights

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(ShowCalendar, self._show),
            **doer(AddSpan, self._add),
            **changer(RemoveSpan, self._remove),
        }

    async def _show(self, command: ShowCalendar, request: Request) -> Message:
        agenda = await self._reader.agenda(command.service, command.month)
        may_act = not self._rights.is_outsider(request.actor.id)
        guide = self._reader.guide
        return calendar_message(agenda, guide, may_act=may_act, zone=guide.organization.zone)

    async def _add(self, command: AddSpan, request: Request, trigger: str | None) -> Message | None:
        if not command.said:
            await self._open(command, request, trigger)
            return None

        def read(now: datetime, zone: tzinfo) -> Wish:
            return read_wish(
                command.kind,
                command.said,
                now,
                zone,
                service=command.service,
                change_kind=command.change_kind,
            )

        done = await self._calendar.put(command.kind, request, read)
        return replies.answer(done.text, repeated=done.repeated)

    async def _open(self, command: AddSpan, request: Request, trigger: str | None) -> None:
        """The form, where Slack opens one for what was done."""
        if trigger is None:
            raise InvalidError(f"From when to when, and what for? `{LINES[command.kind]}`.")
        await self._forms.open(
            command.kind,
            request,
            trigger,
            service=command.service,
            change_kind=command.change_kind,
        )

    async def _remove(self, command: RemoveSpan, request: Request) -> Answer:
        ref = SpanRef(number=command.number, said=command.said, only=command.kind)
        return await self._calendar.take_off(request, ref)
