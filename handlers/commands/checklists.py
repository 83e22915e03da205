"""`/checklist`, and the same grammar in mentions and direct messages; and what of it only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo

from bot.domain.checklists.board import RunDetails
from bot.domain.errors import InvalidError
from bot.domain.rights import Rights
from bot.ports.clock import Clock
from bot.services.requests import Ref, Request
from bot.services.run_reader import RunReader
from bot.views.blocks import Message
from bot.views.checklists.board import (
    cadence_message,
    checklist_message,
    problems_message,
    run_message,
    today_message,
)
from bot.views.checklists.help import COMMAND, checklist_help
from bot.views.replies import unknown_word
from handlers.checklist_grammar import parse_checklist
from handlers.commands.doers import Doers, looker, together
from handlers.lines import Command, Unknown
from handlers.telling import Tell
from handlers.words.checklists import (
    ChecklistHelp,
    ListCadence,
    ListProblems,
    ListToday,
    ShowChecklist,
    ShowRun,
)


class ChecklistCommand:
    """Carries out a line about checklists. Whatever it changes is on disk when the answer is returned.

    `titles` says which checklists may be named: titles by key; `parts` are the doers.
    """

    def __init__(self, *, titles: Callable[[], Mapping[str, str]], parts: Iterable[Doers]) -> None:
        self._titles = titles
        self._doers = together(parts)

    @property
    def kinds(self) -> frozenset[type[Command]]:
        """The kinds of commands that are carried out."""
        return frozenset(self._doers)

    async def carry_out(self, text: str, request: Request, trigger: str | None = None) -> Message | None:
        """Read `text` (as Slack sends it) and do what it asks. Raises DomainError for what it refuses."""
        command = parse_checklist(text, self._titles())
        return await self._doers[type(command)](command, request, trigger)

    async def spoken(self, text: str, request: Request, _tell: Tell) -> Message | None:
        """The same where people talk to the bot."""
        return await self.carry_out(text, request)


class ChecklistLooking:
    """Shows what there is, and what can be asked."""

    def __init__(self, *, reader: RunReader, clock: Clock, rights: Rights) -> None:
        self._reader = reader
        self._clock = clock
        self._rights = rights

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(ListToday, self._today),
            **looker(ListCadence, self._cadence),
            **looker(ListProblems, self._problems),
            **looker(ShowRun, self._show),
            **looker(ShowChecklist, self._checklist),
            **looker(ChecklistHelp, self._help),
            **looker(Unknown, self._unknown),
        }

    async def _today(self, _command: ListToday, request: Request) -> Message:
        return today_message(await self._reader.today(request), zone=self._zone)

    async def _cadence(self, command: ListCadence, request: Request) -> Message:
        return cadence_message(await self._reader.by_cadence(request, command.cadence), zone=self._zone)

    async def _problems(self, _command: ListProblems, request: Request) -> Message:
        problems = await self._reader.problems(request)
        may_solve = not self._rights.is_outsider(request.actor.id)
        return problems_message(problems, zone=self._zone, may_solve=may_solve)

    async def _show(self, command: ShowRun, request: Request) -> Message:
        return run_message(await self._reader.show(request, Ref(number=command.number)), zone=self._zone)

    async def _checklist(self, command: ShowChecklist, request: Request) -> Message:
        shown = await self._reader.checklist(request, command.key)
        if isinstance(shown, RunDetails):
            return run_message(shown, zone=self._zone)
        return checklist_message(shown, self._clock.now(), zone=self._zone)

    async def _help(self, _command: ChecklistHelp, _request: Request) -> Message:
        return checklist_help()

    async def _unknown(self, command: Unknown, _request: Request) -> Message:
        raise InvalidError(unknown_word(command.word, command.nearest, command=COMMAND))

    @property
    def _zone(self) -> tzinfo:
        return self._reader.guide.organization.zone
