"""The commands of the timeline, and the button for what is earlier in it."""

from __future__ import annotations

from bot.domain.errors import InvalidError
from bot.services.incident_reader import IncidentReader
from bot.services.marks import Marks
from bot.services.requests import Answer, Ref, Request
from bot.views import timeline as view
from bot.views.blocks import Message
from bot.views.times import times_message
from handlers.commands.doers import Doers, changer, looker
from handlers.words.timeline import Amend, Note, SetTime, ShowTimes, Timeline


class Timelines:
    """Shows timelines, and adds to them."""

    def __init__(self, *, reader: IncidentReader, marks: Marks) -> None:
        self._reader = reader
        self._marks = marks

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(Timeline, self._timeline),
            **changer(Note, self._note),
            **changer(Amend, self._amend),
            **looker(ShowTimes, self._times),
            **changer(SetTime, self._set_time),
        }

    async def earlier(self, request: Request, value: str) -> Message:
        """What is before the page whose button was pressed."""
        asked = view.decode_earlier(value)
        if asked is None:
            raise InvalidError("That button is of another version of opsbot. `timeline 42` shows it anew.")
        return await self._page(request, Ref(id=asked.incident), before=asked.before)

    async def _timeline(self, command: Timeline, request: Request) -> Message:
        return await self._page(request, Ref(number=command.number))

    async def _page(self, request: Request, ref: Ref, *, before: int | None = None) -> Message:
        card, page = await self._reader.show(request, ref, verb="timeline", before=before)
        redacted = not self._reader.may_show(card, request.channel)
        return view.timeline(card, page, redacted=redacted, zone=self._reader.guide.organization.zone)

    async def _note(self, command: Note, request: Request) -> Answer:
        return await self._marks.note(request, Ref(number=command.number), command.text)

    async def _amend(self, command: Amend, request: Request) -> Answer:
        ref = Ref(number=command.number)
        amend = self._marks.strike if command.strike else self._marks.correct
        return await amend(request, ref, command.entry, command.text)

    async def _times(self, command: ShowTimes, request: Request) -> Message:
        card = await self._reader.card(request, Ref(number=command.number), verb="times")
        redacted = not self._reader.may_show(card, request.channel)
        return times_message(card, redacted=redacted, zone=self._reader.guide.organization.zone)

    async def _set_time(self, command: SetTime, request: Request) -> Answer:
        return await self._marks.set_time(request, Ref(number=command.number), command.moment, command.when)
