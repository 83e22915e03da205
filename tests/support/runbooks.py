"""Runbooks for tests: those of the sandbox, and a command that reads none."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from typing_extensions import override

from bot.adapters.runbooks import NoLibrary
from bot.domain.guide import Guide, Runbook
from bot.ports.conversation import Replies
from bot.services.requests import Answer, Ref, Request
from bot.services.runbook_reader import RunbookReader
from bot.services.runbooks import Runbooks
from handlers.after_ack import AfterAck
from handlers.commands.runbooks import RunbookCommand
from tests.support.fakes_services import FakeQuestions
from tests.support.harness import a_staffed_guide

EXAMPLES = Path(str(files("bot.sandbox").joinpath("runbooks")))


def with_runbooks(guide: Guide | None = None, folder: Path = EXAMPLES) -> Guide:
    """The guide with its runbooks in a folder."""
    given = guide or a_staffed_guide()
    books = {key: replace(book, is_readable=True) for key, book in given.runbooks.items()}
    return replace(given, runbooks=books, runbook_folder=folder)


def at_address(base: str, guide: Guide | None = None) -> Guide:
    """The guide with its runbooks under an address."""
    given = guide or a_staffed_guide()
    books = {
        key: replace(book, url=f"{base}/{book.file}", is_readable=True)
        for key, book in given.runbooks.items()
    }
    return replace(given, runbooks=books)


class FakeRunbooks(Runbooks):
    """What is done with runbooks, where nothing is stored."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    @override
    async def is_inside(self, request: Request) -> bool:
        return False

    @override
    async def own(self, request: Request) -> Runbook | None:
        return None

    @override
    async def open(self, request: Request, ref: Ref, words: str = "") -> Answer:
        self.opened.append(words)
        return Answer(text="It opens.")


def runbook_command(guide: Guide, replies: Replies, after_ack: AfterAck) -> RunbookCommand:
    """The command, of a guide that has names only."""
    return RunbookCommand(
        reader=RunbookReader(guide=guide, library=NoLibrary()),
        runbooks=FakeRunbooks(),
        questions=FakeQuestions(),
        replies=replies,
        after_ack=after_ack,
    )
