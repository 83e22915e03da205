"""The commands that look and change nothing."""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.services.incident_reader import IncidentReader
from bot.services.requests import Ref, Request
from bot.views import replies
from bot.views.blocks import Message
from bot.views.help import help_message
from bot.views.severities import severities_message
from handlers.alert_grammar import WORDS as ALERT_WORDS
from handlers.change_grammar import WORDS as CHANGE_WORDS
from handlers.checklist_grammar import WORDS as CHECKLIST_WORDS
from handlers.commands.doers import Doers, looker
from handlers.lines import Unknown
from handlers.words.checklist_numbers import run_number
from handlers.words.looking import Help, ListOpen, Show, ShowSeverities


class Looking:
    """Shows what there is, and what can be asked."""

    def __init__(self, *, reader: IncidentReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(ListOpen, self._list),
            **looker(Show, self._show),
            **looker(ShowSeverities, self._severities),
            **looker(Help, self._help),
            **looker(Unknown, self._unknown),
        }

    async def _list(self, _command: ListOpen, request: Request) -> Message:
        cards, hidden = await self._reader.open(request.channel)
        return replies.incident_list(cards, self._clock.now(), hidden=hidden, zone=self._zone)

    async def _show(self, command: Show, request: Request) -> Message:
        card, events = await self._reader.show(request, Ref(number=command.number))
        redacted = not self._reader.may_show(card, request.channel)
        return replies.incident_details(card, events, redacted=redacted, zone=self._zone)

    async def _severities(self, _command: ShowSeverities, _request: Request) -> Message:
        return severities_message(self._reader.guide)

    async def _help(self, _command: Help, _request: Request) -> Message:
        return help_on(self._reader.guide)

    async def _unknown(self, command: Unknown, _request: Request) -> Message:
        if command.word.lower() in CHECKLIST_WORDS or run_number(command.word) is not None:
            raise InvalidError(replies.said_of_reviews(command.word, command.typed))
        for other, words in _ELSEWHERE.items():
            if command.word.lower() in words:
                raise InvalidError(replies.said_elsewhere(command.word, command.typed, other))
        raise InvalidError(replies.unknown_word(command.word, command.nearest))

    @property
    def _zone(self) -> tzinfo:
        return self._reader.guide.organization.zone


_ELSEWHERE = {"/change": CHANGE_WORDS, "/alerts": ALERT_WORDS}
"""The words of the other commands: none of them is a slip for one of an incident's, which changes it."""


def help_on(guide: Guide) -> Message:
    """What can be asked, with the services that the guide has."""
    return help_message({service.key: service.title for service in guide.services.values()})
