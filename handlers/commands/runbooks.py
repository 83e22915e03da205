"""`/runbook`, and the same grammar in mentions and direct messages.

What has to be read is read after the acknowledgement: a server that hangs delays nobody. Answers are for the
one who asks; inside an incident a runbook is opened for everybody, on disk when the answer is returned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.store import StoreUnavailable
from bot.services.questions import Questions
from bot.services.requests import Ref, Request
from bot.services.runbook_reader import Opened, RunbookReader
from bot.services.runbooks import Runbooks
from bot.views.blocks import Message
from bot.views.replies import answer, refusal
from bot.views.runbooks.help import runbook_help
from bot.views.runbooks.listing import not_found, runbook_list, search_result
from bot.views.runbooks.page import page_message
from handlers.after_ack import AfterAck
from handlers.lines import Command
from handlers.replies import refused
from handlers.runbook_grammar import parse_runbook
from handlers.telling import Tell, tell_slash
from handlers.words.runbooks import ListRunbooks, OpenRunbook, RunbookHelp, SearchRunbooks, ShowRunbook

ANSWER_SECONDS = 9.0
"""From the acknowledgement to the answer: less than is allowed then, so that there is time to say so."""

_AGAIN = "Ask again in a moment."

_log = logging.getLogger(__name__)


class RunbookCommand:
    """Carries out a line about runbooks."""

    def __init__(
        self,
        *,
        reader: RunbookReader,
        runbooks: Runbooks,
        questions: Questions,
        replies: Replies,
        after_ack: AfterAck,
    ) -> None:
        self._reader = reader
        self._runbooks = runbooks
        self._questions = questions
        self._replies = replies
        self._after_ack = after_ack
        self._answers: Mapping[type[Command], Callable[[Any], Awaitable[Message]]] = {
            OpenRunbook: self._best,
            ShowRunbook: self._one,
            SearchRunbooks: self._search,
        }

    async def slash(self, text: str, request: Request, _trigger: str) -> Message | None:
        """Carry out the slash command."""
        return await self.spoken(text, request, tell_slash(self._replies, request))

    async def spoken(self, text: str, request: Request, tell: Tell) -> Message | None:
        """Carry out a line. None where the answer comes later, by `tell`. Raises DomainError."""
        return await self.do(parse_runbook(text), request, tell)

    async def do(self, command: Command, request: Request, tell: Tell) -> Message | None:
        """What needs no text is answered at once, anything else later and once.

        Inside an incident a runbook is opened there instead, for everybody. In the thread of an alert or a
        review its own is meant where none is named.
        """
        if isinstance(command, OpenRunbook) and await self._is_to_be_opened(command, request):
            opened = await self._runbooks.open(request, Ref(), command.words)
            return answer(opened.text, repeated=opened.repeated)
        if command == OpenRunbook() and (own := await self._runbooks.own(request)) is not None:
            command = ShowRunbook(words=own.key)
        known = self._known(command)
        if known is not None:
            return known
        if not await self._questions.is_new(request):
            return None
        if self._after_ack.start(self._answered(command, tell), what="answering about a runbook"):
            return None
        return refusal(f"opsbot has too much to do just now, and nothing was read. {_AGAIN}")

    async def _is_to_be_opened(self, command: OpenRunbook, request: Request) -> bool:
        """Whether it is asked inside an incident, for one that can be opened by its name."""
        if not self._reader.is_there:
            return False
        if command.words and self._reader.by_name(command.words) is None:
            return False  # what is only found by the words in it is shown, and opened by its name then
        return await self._runbooks.is_inside(request)

    def _known(self, command: Command) -> Message | None:
        match command:
            case RunbookHelp():
                return runbook_help()
            case ListRunbooks() | OpenRunbook(words=""):
                books = self._reader.guide.runbooks.values()
                return runbook_list(books, is_there=self._reader.is_there)
            case _:
                return None

    async def _answered(self, command: Command, tell: Tell) -> None:
        """Answer; or say why there is no answer."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await tell.alone(await self._answers[type(command)](command))
        except TimeoutError:
            _log.warning("an answer about a runbook took longer than %g s", ANSWER_SECONDS)
            await tell.alone(refusal(f"The answer took too long. {_AGAIN}"))
        except DomainError as error:
            await tell.alone(refused(error))
        except StoreUnavailable:
            await tell.alone(refusal(f"The database does not answer. {_AGAIN}"))
        except DeliveryFailure:
            raise  # Slack does not take the answer: there is nobody to tell
        except Exception:
            await tell.alone(refusal("opsbot failed to answer, which is a bug in it; its log says more."))
            raise

    async def _best(self, command: OpenRunbook) -> Message:
        found = await self._reader.find(command.words)
        return (
            not_found(command.words, self._reader.nearest(command.words)) if found is None else _page(found)
        )

    async def _one(self, command: ShowRunbook) -> Message:
        runbook = self._reader.by_name(command.words)
        if runbook is None:
            return not_found(command.words, self._reader.nearest(command.words))
        return _page(await self._reader.open(runbook))

    async def _search(self, command: SearchRunbooks) -> Message:
        done = await self._reader.search(command.words)
        return search_result(done.words, done.found, done.unread, is_there=self._reader.is_there)


def _page(opened: Opened) -> Message:
    return page_message(opened.runbook, opened.page, why=opened.why, age=opened.age, others=opened.others)
