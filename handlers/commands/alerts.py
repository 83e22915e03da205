"""`/alerts`, and the same grammar in a mention; and what of it only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo

from bot.domain.errors import InvalidError
from bot.services.alert_noise import NoiseReader
from bot.services.alert_reader import AlertReader
from bot.services.requests import Ref, Request
from bot.views.alert_details import alert_details
from bot.views.alert_help import COMMAND, alert_help
from bot.views.alert_list import alert_list, silence_list, storm_details
from bot.views.blocks import Message
from bot.views.noise import noise_message
from bot.views.replies import unknown_word
from handlers.alert_grammar import parse_alerts
from handlers.commands.doers import Doers, looker, together
from handlers.lines import Command, Unknown
from handlers.words.alerts import AlertHelp, ListAlerts, ListSilences, ShowAlert, ShowStorm
from handlers.words.noise import CountNoise


class AlertCommand:
    """Carries out a line about alerts. Whatever it changes is on disk when the answer is returned.

    `services` says which services may be named: titles by key; `parts` are the doers.
    """

    def __init__(self, *, services: Callable[[], Mapping[str, str]], parts: Iterable[Doers]) -> None:
        self._services = services
        self._doers = together(parts)

    @property
    def kinds(self) -> frozenset[type[Command]]:
        """The kinds of commands that are carried out."""
        return frozenset(self._doers)

    async def carry_out(self, text: str, request: Request, trigger: str | None = None) -> Message | None:
        """Read `text` (as Slack sends it) and do what it asks. Raises DomainError for what it refuses.

        None where a form has been opened instead of an answer; `trigger` is what Slack opens one for.
        """
        command = parse_alerts(text, self._services())
        return await self._doers[type(command)](command, request, trigger)


class AlertLooking:
    """Shows what there is, and what can be asked."""

    def __init__(self, *, reader: AlertReader, noise: NoiseReader) -> None:
        self._reader = reader
        self._noise = noise

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(ListAlerts, self._list),
            **looker(ShowAlert, self._show),
            **looker(ShowStorm, self._storm),
            **looker(ListSilences, self._silences),
            **looker(CountNoise, self._count),
            **looker(AlertHelp, self._help),
            **looker(Unknown, self._unknown),
        }

    async def _list(self, command: ListAlerts, request: Request) -> Message:
        listing = await self._reader.firing(request, severity=command.severity, service=command.service)
        return alert_list(listing, zone=self._zone, flapping=self._flapping)

    async def _show(self, command: ShowAlert, request: Request) -> Message:
        shown = await self._reader.show(request, Ref(number=command.number))
        return alert_details(shown, zone=self._zone, flapping=self._flapping)

    async def _storm(self, command: ShowStorm, request: Request) -> Message:
        shown = await self._reader.storm(request, Ref(number=command.number))
        return storm_details(shown, zone=self._zone, flapping=self._flapping)

    async def _silences(self, _command: ListSilences, request: Request) -> Message:
        return silence_list(await self._reader.silences(request), zone=self._zone)

    async def _count(self, command: CountNoise, request: Request) -> Message:
        report = await self._noise.of(command.length, request.channel, command.service)
        titles = {service.key: service.title for service in self._reader.guide.services.values()}
        return noise_message(report, titles, service=command.service)

    async def _help(self, _command: AlertHelp, _request: Request) -> Message:
        return alert_help()

    async def _unknown(self, command: Unknown, _request: Request) -> Message:
        raise InvalidError(unknown_word(command.word, command.nearest, command=COMMAND))

    @property
    def _zone(self) -> tzinfo:
        return self._reader.guide.organization.zone

    @property
    def _flapping(self) -> int:
        return self._reader.guide.alerting.flapping.times
