"""The form in which a change is asked for, and its plan edited. No error loses what was filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.act import Act
from bot.domain.changes.change import AHEAD, Change, Plan, Risk
from bot.domain.changes.length import read_length
from bot.domain.changes.planning import SHORTEST, faults
from bot.domain.changes.standing import approvals, as_it_is
from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError
from bot.domain.guide import Guide
from bot.domain.slo.objective import PLATFORM
from bot.domain.text import duration
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes
from bot.services.requests import Answer, Ref, Request
from bot.views.changes import form as view
from bot.views.changes.asking import Wish
from handlers.modals.change_words import open_form, told_beside
from handlers.replies import Reply, updated
from handlers.who import Who, told_name


class ChangeForms:
    """Opens the form, and carries out what is sent.

    Who may not do what a form is for is told so before it opens, and again where that has changed since.
    """

    def __init__(
        self,
        *,
        changes: Changes,
        reader: ChangeReader,
        replies: Replies,
        clock: Clock,
        guide: Guide,
        who: Who,
    ) -> None:
        self._changes = changes
        self._reader = reader
        self._replies = replies
        self._clock = clock
        self._guide = guide
        self._who = who

    @property
    def by_callback(self) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Reply]]]:
        """Who takes which form that is sent."""
        return {view.REQUEST_FORM: self._submit}

    def check_may_request(self, request: Request) -> None:
        """Raise ForbiddenError for somebody who may not ask for a change."""
        self._changes.check_may_request(request)

    async def may_edit(self, request: Request, ref: Ref) -> Change:
        """The change whose plan is to be edited. Raises DomainError where that is not theirs, or too late."""
        change = await self._reader.change(request, ref, verb="edit")
        if ref.epoch is not None:
            change.check_epoch(ref.epoch)
        self._changes.check_may(Deed.EDIT_CHANGE, request, change)
        if change.state not in AHEAD:
            raise InvalidError(f"It is too late to edit it: {as_it_is(change, self._act(request))}")
        return change

    async def ask(self, wish: Wish, request: Request, trigger: str) -> None:
        """Open the form for a new change, to start when it may. Raises DomainError where it is not theirs."""
        self.check_may_request(request)
        kind = wish.kind or self._guide.changes.usual.key
        form = view.Form(
            kind=kind,
            starts=await self._reader.opens(kind, wish.service),
            service=wish.service,
            title=wish.title,
            channel=request.channel,
            channel_name=told_name(request),
        )
        await self._open(trigger, form)

    async def edit(self, request: Request, ref: Ref, trigger: str) -> None:
        """Open the same form for a change that there is. Raises DomainError where it may not be edited."""
        change = await self.may_edit(request, ref)
        form = replace(_filled(change, request), mind=_mind(change, self._act(request)))
        await self._open(trigger, form)

    async def _open(self, trigger: str, form: view.Form) -> None:
        shown = view.request_form(form, self._guide, self._clock.now())
        await open_form(self._replies, trigger, shown, "Try it once more.")

    async def _submit(self, body: Mapping[str, Any]) -> Reply:
        """Ask for it, or edit it. When this returns, it is on disk, or the form says what is wrong."""
        form = view.read_form(body["view"])
        request = self._who.view(body, form.channel, form.channel_name)
        plan, unread = self._plan(form)
        if unread:
            return told_beside({**self._faults(plan, request), **unread})
        try:
            answer = await self._carry_out(request, form, plan)
        except DomainError as error:
            return told_beside(self._faults(plan, request) or {view.TITLE: str(error)})
        return updated(view.asked_view(answer.text))

    async def _carry_out(self, request: Request, form: view.Form, plan: Plan) -> Answer:
        if form.change is None:
            return await self._changes.request(request, plan)
        return await self._changes.edit(request, Ref(id=form.change, epoch=form.revision), plan)

    def _plan(self, form: view.Form) -> tuple[Plan, Mapping[str, str]]:
        """What is filled in, and what of it means nothing, by the form's parts. Without a start it is now."""
        wrong: dict[str, str] = {}
        length = SHORTEST
        try:
            length = read_length(form.length)
        except InvalidError as error:
            wrong[view.LENGTH] = str(error)
        if form.kind is None:
            wrong[view.KIND] = "What type of change is it?"
        if form.service is None:
            wrong[view.SERVICE] = "What is changed?"
        plan = Plan(
            kind=form.kind or "",
            service=None if form.service == PLATFORM else form.service,
            title=form.title,
            steps=form.steps,
            validation=form.validation,
            rollback=form.rollback,
            starts=form.starts or self._clock.now(),
            length=length,
            risk=form.risk or Risk.MEDIUM,
        )
        return plan, wrong

    def _faults(self, plan: Plan, request: Request) -> Mapping[str, str]:
        """What is wrong with a plan, by the form's parts: they are called as the plan's."""
        return faults(plan, self._act(request))

    def _act(self, request: Request) -> Act:
        return Act(by=request.actor, now=self._clock.now(), zone=self._guide.organization.zone)


def _mind(change: Change, act: Act) -> str:
    """Whose it is, where it is somebody else's, and how many approvals an edit costs."""
    told = []
    if change.requested_by.id != act.by.id:
        told.append(f"This is {change.requested_by.name}'s change.")
    given = len(change.counting(act.now))
    if given:
        told.append(f"{approvals(given)} will be lost.")
    return " ".join(told)


def _filled(change: Change, request: Request) -> view.Form:
    """The form with a change's plan in it."""
    plan = change.plan
    return view.Form(
        kind=plan.kind,
        service=plan.service or PLATFORM,
        title=plan.title,
        steps=plan.steps,
        validation=plan.validation,
        rollback=plan.rollback,
        starts=plan.starts,
        length=duration(plan.length),
        risk=plan.risk,
        channel=request.channel,
        channel_name=told_name(request),
        change=change.id,
        label=change.label,
        revision=change.revision,
    )
