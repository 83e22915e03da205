"""The forms behind the buttons of a run's card: opened, and sent. No error loses what was filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.actor import Actor
from bot.domain.checklists.choosing import check_open
from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.requests import Answer, ProblemRef, Ref, Request
from bot.services.run_reader import RunReader
from bot.services.runs import Runs
from bot.views.checklists import buttons
from bot.views.checklists import forms as view
from bot.views.inputs import View
from handlers.modals.declare import DeclareForm
from handlers.replies import Reply, errors, updated
from handlers.who import Who, told_name

Do = Callable[[Request, Ref, view.Sent], Awaitable[Answer]]
"""Carries out one form. Raises DomainError for what it refuses."""


class RunForms:
    """Opens the forms of a run's card, and carries out what is sent.

    Who may not do what a form is for is told so before it opens, and again where that has changed since.
    """

    def __init__(
        self, *, runs: Runs, reader: RunReader, declare: DeclareForm, replies: Replies, who: Who
    ) -> None:
        self._runs = runs
        self._reader = reader
        self._declare = declare
        self._replies = replies
        self._who = who

    @property
    def by_callback(self) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Reply]]]:
        """Who takes which form that is sent."""
        return {
            view.PROBLEM_FORM: self._report,
            view.SOLVED_FORM: self._taker(self._solve),
            view.NOTE_FORM: self._taker(self._note),
            view.NOT_APPLICABLE_FORM: self._taker(self._drop),
            view.GIVE_FORM: self._taker(self._give),
            view.REOPEN_FORM: self._taker(self._reopen),
        }

    async def open(self, request: Request, pressed: buttons.Pressed, trigger: str) -> None:
        """Open the form of a button. Raises DomainError where it is not for this person, or not now."""
        run = await self._reader.run(request, Ref(id=pressed.run))
        self._runs.check_may(_DEEDS.get(pressed.action, Deed.CHECK), request, run)
        if pressed.action in _WHILE_OPEN:
            check_open(run)
        asked = view.Asked(
            run=run.id,
            position=pressed.position,
            channel=request.channel,
            channel_name=told_name(request),
        )
        line = f"/checklist {_LINES[pressed.action].format(run.label)}"
        await self._open(trigger, view.run_form(pressed.action, asked, run), line)

    async def declare(self, request: Request, pressed: buttons.Pressed, trigger: str) -> None:
        """Open the form in which an incident is declared, filled in for a problem. Raises DomainError."""
        problem = ProblemRef(run=pressed.run, position=pressed.position or 0)
        form = await self._declare.for_problem(request, problem)
        await self._open(trigger, form, "/incident p2 what is wrong")

    async def _open(self, trigger: str, form: View, line: str) -> None:
        """Open a form; where Slack does not, say in which line the same can be typed."""
        try:
            await self._replies.open_view(trigger, form)
        except DeliveryFailure as failure:
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `{line}`."
            ) from None

    async def _report(self, body: Mapping[str, Any]) -> Reply:
        """Commit the problem; where an incident is to be declared for it, go on with the form for that."""
        sent, request = self._sent(body)
        if sent.position is None:
            return errors({view.ITEM: "With which item?"})
        if not sent.words.strip():
            return errors({view.WORDS: "What is wrong?"})
        try:
            if sent.declare:
                self._declare.check_may(request)
            await self._runs.report(request, Ref(id=sent.asked.run), sent.position, sent.words)
            if not sent.declare:
                return Reply()
            problem = ProblemRef(run=sent.asked.run, position=sent.position)
            return updated(await self._declare.for_problem(request, problem))
        except DomainError as error:
            return _errors(view.WORDS, error)

    def _taker(self, do: Do) -> Callable[[Mapping[str, Any]], Awaitable[Reply]]:
        async def take(body: Mapping[str, Any]) -> Reply:
            sent, request = self._sent(body)
            try:
                await do(request, Ref(id=sent.asked.run), sent)
            except DomainError as error:
                return _errors(_part_of(body["view"]), error)
            return Reply()

        return take

    async def _solve(self, request: Request, ref: Ref, sent: view.Sent) -> Answer:
        return await self._runs.solve(request, ref, _item(sent), sent.words)

    async def _note(self, request: Request, ref: Ref, sent: view.Sent) -> Answer:
        return await self._runs.note(request, ref, sent.position, sent.words)

    async def _drop(self, request: Request, ref: Ref, sent: view.Sent) -> Answer:
        return await self._runs.not_applicable(request, ref, (_item(sent),), sent.words)

    async def _give(self, request: Request, ref: Ref, sent: view.Sent) -> Answer:
        if sent.person is None:
            raise InvalidError("Choose who is to have it.")
        to = Actor(id=sent.person, name=self._who.name_of(sent.person) or sent.person)
        items = () if sent.whole else (_item(sent),)
        return await self._runs.give(request, ref, items, to)

    async def _reopen(self, request: Request, ref: Ref, sent: view.Sent) -> Answer:
        return await self._runs.reopen(request, ref, (_item(sent),))

    def _sent(self, body: Mapping[str, Any]) -> tuple[view.Sent, Request]:
        sent = view.read_sent(body["view"])
        return sent, self._who.view(body, sent.asked.channel, sent.asked.channel_name)


def _item(sent: view.Sent) -> int:
    if sent.position is None:
        raise InvalidError("Which item?")
    return sent.position


def _part_of(form: Mapping[str, Any]) -> str:
    """Where a form tells what is wrong: at its last part but boxes."""
    return {view.GIVE_FORM: view.PERSON, view.REOPEN_FORM: view.ITEM}.get(form["callback_id"], view.WORDS)


def _errors(part: str, error: DomainError) -> Reply:
    return errors({part: str(error).replace("`", "")})


_DEEDS = {buttons.PROBLEM: Deed.REPORT_PROBLEM, buttons.SOLVED: Deed.SOLVE_PROBLEM}
_WHILE_OPEN = frozenset({buttons.PROBLEM, buttons.NOT_APPLICABLE, buttons.GIVE})
"""What is refused before anything is filled in, where an old card offers it of a run that is over."""
_LINES = {
    buttons.PROBLEM: "problem {} 2 disk is full",
    buttons.SOLVED: "solved {} 2 disk replaced",
    buttons.NOTE: "note {} 2 disk is at 78 %",
    buttons.NOT_APPLICABLE: "na {} 2 no deploys",
    buttons.GIVE: "give {} 2 @ben",
    buttons.REOPEN: "open {} 2",
}
"""What to type where a form does not open."""
