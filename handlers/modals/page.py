"""The form in which somebody is paged: opened by a command that does not say all, and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError, NotFoundError, StaleError
from bot.domain.guide import Guide
from bot.domain.rights import Rights
from bot.ports.clock import Clock, IdSource
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.calls import Calls, Wanted
from bot.services.requests import Request
from bot.views.people import page_asked as view
from handlers.replies import Reply, errors, updated
from handlers.who import Who, told_name


class PageForm:
    """Opens the form, and pages what is sent. Nothing that was filled in is lost on an error."""

    def __init__(
        self,
        *,
        calls: Calls,
        rights: Rights,
        replies: Replies,
        guide: Guide,
        clock: Clock,
        ids: IdSource,
        who: Who,
    ) -> None:
        self._calls = calls
        self._rights = rights
        self._replies = replies
        self._guide = guide
        self._clock = clock
        self._ids = ids
        self._who = who

    async def open(self, request: Request, tier: str | None, trigger: str) -> None:
        """Open it. Raises ForbiddenError for who may not page, InvalidError where Slack opens none."""
        self._rights.check_calls(Deed.PAGE, request.actor)
        form = view.Form(
            call=self._ids.new_id(),
            asked=self._clock.now(),
            tier=tier,
            channel=request.channel,
            channel_name=told_name(request),
        )
        try:
            await self._replies.open_view(trigger, view.page_form(form, self._guide))
        except DeliveryFailure as failure:
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `/page team-lead why`."
            ) from failure

    async def submit(self, body: Mapping[str, Any]) -> Reply:
        """Page what is in the form. When this returns, it is on disk, or the form says what is wrong."""
        form = view.read_form(body["view"])
        request = self._who.view(body, form.channel, form.channel_name)
        if form.tier is None:
            return errors({view.TIER: "Who is to be paged?"})
        wanted = Wanted(id=form.call, tier=form.tier, reason=form.reason, asked=form.asked)
        try:
            answer = await self._calls.page(request, wanted)
        except StaleError as stale:
            return updated(view.too_late_view(str(stale)))
        except DomainError as error:
            part = view.TIER if isinstance(error, NotFoundError) else view.REASON
            return errors({part: str(error)})
        return updated(view.paged_view(answer.text))
