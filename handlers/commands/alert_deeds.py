"""The commands that change alerts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.errors import DomainError, InvalidError
from bot.domain.silencing import SilenceFor
from bot.services.alert_reader import AlertReader
from bot.services.alerts import Alerts
from bot.services.requests import Answer, Ref, Request
from bot.services.silences import Silences
from handlers.commands.doers import Doers, changer, doer
from handlers.modals.declare import DeclareForm
from handlers.words.alert_deeds import DeclareForAlert, EscalateAlert, GiveBackAlerts, TakeAlerts
from handlers.words.alert_silences import SilenceAlerts, UnsilenceAlerts

Change = Callable[[Request, Ref], Awaitable[Answer]]
"""Changes one alert group. Raises DomainError for what it refuses."""


class AlertDeeds:
    """Takes alerts, gives them back, silences them, reaches the next tier, declares an incident."""

    def __init__(
        self, *, alerts: Alerts, silences: Silences, reader: AlertReader, declare: DeclareForm
    ) -> None:
        self._alerts = alerts
        self._silences = silences
        self._reader = reader
        self._form = declare

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **changer(TakeAlerts, self._take),
            **changer(GiveBackAlerts, self._give_back),
            **changer(SilenceAlerts, self._silence),
            **changer(UnsilenceAlerts, self._unsilence),
            **changer(EscalateAlert, self._escalate),
            **doer(DeclareForAlert, self._declare),
        }

    async def _take(self, command: TakeAlerts, request: Request) -> Answer:
        return await _each(self._alerts.acknowledge, request, command.numbers)

    async def _give_back(self, command: GiveBackAlerts, request: Request) -> Answer:
        return await _each(self._alerts.unacknowledge, request, command.numbers)

    async def _silence(self, command: SilenceAlerts, request: Request) -> Answer:
        how_long = SilenceFor(length=command.length)

        async def silence(one: Request, ref: Ref) -> Answer:
            return await self._silences.silence(one, ref, how_long, command.reason)

        return await _each(silence, request, command.numbers)

    async def _unsilence(self, command: UnsilenceAlerts, request: Request) -> Answer:
        return await _each(self._silences.unsilence, request, command.numbers)

    async def _escalate(self, command: EscalateAlert, request: Request) -> Answer:
        return await self._alerts.escalate(request, Ref(number=command.number))

    async def _declare(self, command: DeclareForAlert, request: Request, trigger: str | None) -> None:
        if trigger is None:
            raise InvalidError(
                "A mention opens no form: use the card's menu, or `/alerts declare A12` in the channel."
            )
        group = await self._reader.which(request, Ref(number=command.number), verb="declare")
        await self._form.for_alert(request, group, trigger)


async def _each(change: Change, request: Request, numbers: tuple[int, ...]) -> Answer:
    """Change several, each for itself: what is refused of one does not hold up the others.

    Each is a request of its own, so that the same line again does nothing twice.
    """
    if len(numbers) < 2:  # noqa: PLR2004 - one, or the one that is meant
        return await change(request, Ref(number=numbers[0] if numbers else None))
    answers = [await _one(change, request, number) for number in numbers]
    return Answer(
        text="\n".join(answer.text for answer in answers), repeated=any(one.repeated for one in answers)
    )


async def _one(change: Change, request: Request, number: int) -> Answer:
    own = replace(request, delivery_id=f"{request.delivery_id}/A{number}")
    try:
        return await change(own, Ref(number=number))
    except DomainError as error:
        return Answer(text=f"A{number}: {error}")
