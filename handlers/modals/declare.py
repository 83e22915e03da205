"""The form in which an incident is declared: opened by a command or a message's menu, and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.actor import Actor
from bot.domain.errors import DomainError, InvalidError, NotFoundError
from bot.domain.guide import Guide
from bot.domain.quote import QUOTE_LIMIT, Quote
from bot.domain.text import TITLE_LIMIT, clean
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.alert_declaring import AlertDeclaring
from bot.services.incidents import Incidents
from bot.services.problem_declaring import ProblemDeclaring
from bot.services.requests import Declaration, ProblemRef, Request
from bot.views import declare as view
from bot.views.inputs import View
from handlers.replies import Reply, errors, updated
from handlers.slack_text import plain
from handlers.who import Who, is_closed, name_of, told_name
from handlers.words.declaring import Ask


class DeclareForm:
    """Opens the form, and declares what is sent. Nothing that was filled in is lost on an error."""

    def __init__(
        self,
        *,
        incidents: Incidents,
        alerts: AlertDeclaring,
        problems: ProblemDeclaring,
        replies: Replies,
        guide: Guide,
        who: Who,
    ) -> None:
        self._incidents = incidents
        self._alerts = alerts
        self._problems = problems
        self._replies = replies
        self._guide = guide
        self._who = who

    async def ask(self, asked: Ask, request: Request, trigger: str) -> None:
        """Open the form for a command that does not say all.

        Raises ForbiddenError for somebody who may not declare, InvalidError where Slack opens none.
        """
        self._incidents.check_may_declare(request)
        form = view.Form(
            severity=asked.severity,
            service=asked.service,
            security=asked.security,
            drill=asked.drill,
            channel=request.channel,
            channel_name=told_name(request),
        )
        await self._open_for(form, trigger)

    async def for_alert(self, request: Request, group_id: str, trigger: str) -> None:
        """Open the form, filled in for an alert group.

        Raises ForbiddenError for somebody who may not declare, AlreadyError where the alert has an incident,
        InvalidError where Slack opens none.
        """
        self._incidents.check_may_declare(request)
        group, readable = await self._alerts.alert(request, group_id)
        form = view.Form(
            severity=group.severity,
            title=clean(group.title, TITLE_LIMIT) if readable else "",
            service=group.service if group.service in self._guide.services else None,
            security=group.security,
            channel=request.channel,
            channel_name=told_name(request),
            alert=group.id,
            alert_label=group.label,
        )
        await self._open_for(form, trigger)

    def check_may(self, request: Request) -> None:
        """Raise ForbiddenError for somebody who may not declare."""
        self._incidents.check_may_declare(request)

    async def for_problem(self, request: Request, problem: ProblemRef) -> View:
        """The form, filled in for a problem that a review has found.

        Raises ForbiddenError for somebody who may not declare, AlreadyError where an incident is open for it.
        """
        self._incidents.check_may_declare(request)
        found = await self._problems.problem(request, problem)
        said = found.item.problem.text if found.item.problem and found.readable else ""
        form = view.Form(
            title=clean(said, TITLE_LIMIT),
            security=found.run.security,
            channel=request.channel,
            channel_name=told_name(request),
            run=problem.run,
            position=problem.position,
            problem_label=f"{found.run.label} {problem.position}",
        )
        return view.declare_form(form, self._guide)

    async def from_message(self, body: Mapping[str, Any]) -> None:
        """Open the form for a message. Raises DeliveryFailure where Slack does not, and ForbiddenError."""
        self._incidents.check_may_declare(self._who.shortcut(body))
        message = body["message"]
        text = plain(str(message.get("text") or ""))
        author = str(message.get("user") or message.get("bot_id") or "")
        quote = Quote(
            channel=body["channel"]["id"],
            ts=message["ts"],
            author=Actor(id=author, name=self._who.name_of(author) or author or "somebody"),
            text=clean(text, QUOTE_LIMIT),
            private=is_closed(body["channel"]),
        )
        form = view.Form(
            title=clean(text, TITLE_LIMIT),
            channel=quote.channel,
            channel_name=name_of(body["channel"]),
            quote=quote,
        )
        await self._open(form, body["trigger_id"])

    async def submit(self, body: Mapping[str, Any]) -> Reply:
        """Declare what is in the form. When this returns, it is on disk, or the form says what is wrong."""
        form = view.read_form(body["view"])
        request = self._who.view(body, form.channel, form.channel_name)
        if form.severity is None:
            return errors({view.SEVERITY: "How bad is it? P0 is the worst, P3 the least."})
        said = Declaration(
            severity=form.severity,
            title=form.title,
            service=form.service,
            security=form.security,
            drill=form.drill,
            impact=form.impact,
            quote=form.quote,
            alert=form.alert,
            problem=_problem(form),
        )
        try:
            answer = await self._incidents.declare(request, said)
        except DomainError as error:
            return errors({_part(error): str(error)})
        return updated(view.declared_view(answer.text))

    async def _open_for(self, form: view.Form, trigger: str) -> None:
        """Open it for a request that is answered by words where Slack opens none."""
        try:
            await self._open(form, trigger)
        except DeliveryFailure as failure:
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `p0 checkout is down`."
            ) from failure

    async def _open(self, form: view.Form, trigger: str) -> None:
        await self._replies.open_view(trigger, view.declare_form(form, self._guide))


def _problem(form: view.Form) -> ProblemRef | None:
    if form.run is None or form.position is None:
        return None
    return ProblemRef(run=form.run, position=form.position)


def _part(error: DomainError) -> str:
    return view.SERVICE if isinstance(error, NotFoundError) else view.TITLE
