"""`/incident`, and the same grammar in a mention."""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.errors import InvalidError
from bot.domain.severity import Severity
from bot.ports.clock import Clock
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.requests import Answer, Declaration, Ref, Request
from bot.views import replies
from bot.views.blocks import Message
from handlers.grammar import parse
from handlers.lines import (
    Acknowledge,
    Ask,
    Change,
    ChangeSeverity,
    Declare,
    Escalate,
    GiveRole,
    Help,
    ListOpen,
    Look,
    Reopen,
    Show,
    TakeTurn,
    Turn,
    Unknown,
    Update,
)
from handlers.modals.declare import DeclareForm


class IncidentCommand:
    """Carries out a line. Whatever it changes is on disk when the answer is returned."""

    def __init__(
        self, *, incidents: Incidents, reader: IncidentReader, form: DeclareForm, clock: Clock
    ) -> None:
        self._incidents = incidents
        self._reader = reader
        self._form = form
        self._clock = clock

    async def carry_out(self, text: str, request: Request, trigger: str | None = None) -> Message | None:
        """Read `text` (as Slack sends it) and do what it asks. Raises DomainError for what it refuses.

        None where a form has been opened instead of an answer; `trigger` is what Slack opens one for.
        """
        command = parse(text, self._reader.guide.services)
        match command:
            case Declare():
                return _message(await self._declare(command, request))
            case Ask():
                return await self._ask(command, request, trigger)
            case ListOpen() | Show() | Help() | Unknown():
                return await self._look(command, request)
            case (
                Acknowledge() | ChangeSeverity() | Escalate() | Update() | TakeTurn() | GiveRole() | Reopen()
            ):
                return _message(await self._change(command, request))

    async def _declare(self, command: Declare, request: Request) -> Answer:
        return await self._incidents.declare(
            request,
            Declaration(
                severity=command.severity,
                title=command.title,
                service=command.service,
                security=command.security,
                drill=command.drill,
            ),
        )

    async def _ask(self, command: Ask, request: Request, trigger: str | None) -> Message | None:
        """Open the form. A mention cannot: it is told how to say it in one line."""
        if trigger is not None:
            await self._form.ask(command, request, trigger)
            return None
        if command == Ask():
            return self._help()
        severity = command.severity or Severity.P0
        raise InvalidError(f"What is wrong? `{severity.lower()} checkout is down`.")

    def _help(self) -> Message:
        services = self._reader.guide.services.values()
        return replies.help_message({service.key: service.title for service in services})

    async def _change(self, command: Change, request: Request) -> Answer:
        ref = Ref(number=command.number)
        match command:
            case Acknowledge():
                return await self._incidents.acknowledge(request, ref)
            case ChangeSeverity():
                return await self._incidents.change_severity(request, ref, command.severity)
            case Escalate():
                return await self._incidents.escalate(request, ref)
            case Update():
                return await self._incidents.report(request, ref, command.text)
            case TakeTurn():
                return await self._turn(command, request, ref)
            case GiveRole():
                return await self._give_role(command, request, ref)
            case Reopen():
                return await self._incidents.reopen(request, ref)

    async def _give_role(self, command: GiveRole, request: Request, ref: Ref) -> Answer:
        to = None if command.nobody else command.to or request.actor
        return await self._incidents.give_role(request, ref, command.role, to)

    async def _turn(self, command: TakeTurn, request: Request, ref: Ref) -> Answer:
        match command.turn:
            case Turn.MITIGATE:
                return await self._incidents.mitigate(request, ref, command.text)
            case Turn.RESOLVE:
                return await self._incidents.resolve(request, ref, command.text)
            case Turn.CANCEL:
                return await self._incidents.cancel(request, ref, command.text)

    async def _look(self, command: Look, request: Request) -> Message:
        match command:
            case ListOpen():
                cards = await self._reader.open(request.channel)
                return replies.incident_list(cards, self._clock.now(), zone=self._zone)
            case Show():
                return await self._show(request, Ref(number=command.number))
            case Help():
                return self._help()
            case Unknown():
                return replies.unknown_word(command.word, command.nearest, command.typed)

    async def _show(self, request: Request, ref: Ref) -> Message:
        card, events = await self._reader.show(request, ref)
        redacted = not self._reader.may_show(card, request.channel)
        return replies.incident_details(card, events, redacted=redacted, zone=self._zone)

    @property
    def _zone(self) -> tzinfo:
        return self._reader.guide.organization.zone


def _message(answer: Answer) -> Message:
    return replies.answer(answer.text, repeated=answer.repeated)
