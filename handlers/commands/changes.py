"""`/change`, and the same grammar in mentions and direct messages; what of it only looks, and what asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo

from bot.domain.change_policy import ChangeType
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide, Service
from bot.services.change_reader import ChangeReader
from bot.services.requests import Ref, Request
from bot.views.blocks import Message
from bot.views.changes.asking import Wish, ask_message, edit_message
from bot.views.changes.help import COMMAND, change_help
from bot.views.changes.list import change_list, change_message
from bot.views.replies import unknown_word
from handlers.change_grammar import parse_change
from handlers.commands.doers import Doers, doer, looker, together
from handlers.lines import Command, Unknown
from handlers.modals.changes import ChangeForms
from handlers.telling import Tell
from handlers.words.changes import (
    ChangeHelp,
    EditChange,
    ListChanges,
    RequestChange,
    ShowChange,
)


class ChangeCommand:
    """Carries out a line about changes. Whatever it changes is on disk when the answer is returned.

    `guide` says which types and services may be named; `parts` are the doers.
    """

    def __init__(self, *, guide: Callable[[], Guide], parts: Iterable[Doers]) -> None:
        self._guide = guide
        self._doers = together(parts)

    @property
    def kinds(self) -> frozenset[type[Command]]:
        """The kinds of commands that are carried out."""
        return frozenset(self._doers)

    async def carry_out(self, text: str, request: Request, trigger: str | None = None) -> Message | None:
        """Read `text` (as Slack sends it) and do what it asks. Raises DomainError for what it refuses.

        None where a form has been opened instead of an answer; `trigger` is what Slack opens one for.
        """
        guide = self._guide()
        command = parse_change(text, types=_titles(guide.changes.types), services=_titles(guide.services))
        return await self._doers[type(command)](command, request, trigger)

    async def spoken(self, text: str, request: Request, _tell: Tell) -> Message | None:
        """The same where people talk to the bot."""
        return await self.carry_out(text, request)

    async def spoken_of(self, text: str, request: Request, _tell: Tell) -> Message | None:
        """The same after `changes`, which alone asks what there is."""
        return await self.carry_out(text or "list", request)


class ChangeAsking:
    """Opens the form in which a change is asked for, or its plan edited; or offers a button that does."""

    def __init__(self, *, forms: ChangeForms, guide: Guide) -> None:
        self._forms = forms
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {**doer(RequestChange, self._request), **doer(EditChange, self._edit)}

    async def _request(self, command: RequestChange, request: Request, trigger: str | None) -> Message | None:
        wish = Wish(kind=command.kind, service=command.service, title=command.title)
        if trigger is None:
            self._forms.check_may_request(request)
            return ask_message(wish, self._guide.changes.types.values())
        await self._forms.ask(wish, request, trigger)
        return None

    async def _edit(self, command: EditChange, request: Request, trigger: str | None) -> Message | None:
        ref = Ref(number=command.number)
        if trigger is None:
            return edit_message(await self._forms.may_edit(request, ref))
        await self._forms.edit(request, ref, trigger)
        return None


class ChangeLooking:
    """Shows what there is, and what can be asked."""

    def __init__(self, *, reader: ChangeReader, guide: Guide) -> None:
        self._reader = reader
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **looker(ListChanges, self._list),
            **looker(ShowChange, self._show),
            **looker(ChangeHelp, self._help),
            **looker(Unknown, self._unknown),
        }

    async def _list(self, command: ListChanges, request: Request) -> Message:
        return change_list(await self._reader.list(request, command.which, command.service), zone=self._zone)

    async def _show(self, command: ShowChange, request: Request) -> Message:
        return change_message(await self._reader.show(request, Ref(number=command.number)), zone=self._zone)

    async def _help(self, _command: ChangeHelp, _request: Request) -> Message:
        return change_help(self._guide)

    async def _unknown(self, command: Unknown, _request: Request) -> Message:
        raise InvalidError(unknown_word(command.word, command.nearest, command=COMMAND))

    @property
    def _zone(self) -> tzinfo:
        return self._guide.organization.zone


def _titles(named: Mapping[str, ChangeType] | Mapping[str, Service]) -> Mapping[str, str]:
    return {key: one.title for key, one in named.items()}
