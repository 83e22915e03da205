"""The form in which an update is written: opened by a question's button, and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError
from bot.domain.updates import pace
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.requests import Ref, Request
from bot.services.updates import Updates, Word
from bot.views import update_form as view
from bot.views.inputs import View
from bot.views.prompts import answered_in_words
from handlers.after_ack import AfterAck
from handlers.replies import Reply, errors
from handlers.who import Who, told_name


class UpdateForm:
    """Opens the form, and writes what is sent. Nothing that was filled in is lost on an error."""

    def __init__(
        self,
        *,
        updates: Updates,
        incidents: Incidents,
        reader: IncidentReader,
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._updates = updates
        self._incidents = incidents
        self._reader = reader
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def open(
        self, request: Request, ref: Ref, trigger: str, *, question: view.Question | None = None
    ) -> None:
        """Open it. Raises DomainError for somebody who may not write, or where Slack opens none."""
        form = await self.laid_out(request, ref, question=question)
        try:
            await self._replies.open_view(trigger, form)
        except DeliveryFailure as failure:
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `/incident update rolled back`."
            ) from failure

    async def laid_out(self, request: Request, ref: Ref, *, question: view.Question | None = None) -> View:
        """The form as it is now. Raises ForbiddenError for somebody who may not write."""
        card = await self._reader.card(request, ref)
        incident = card.incident
        self._incidents.check_may(Deed.REPORT, request, incident)
        shown = self._reader.may_show(card, request.channel)
        written = view.Written(
            incident_id=incident.id,
            channel=request.channel,
            channel_name=told_name(request),
            impact=(incident.impact or "") if shown else "",
            question=question,
        )
        every = pace(incident, self._reader.guide.severities[incident.severity].update_every)
        return view.update_form(written, incident, every)

    async def submit(self, body: Mapping[str, Any]) -> Reply:
        """Write what is in the form. When this returns, it is on disk, or the form says what is wrong."""
        written = view.read_form(body["view"])
        request = self._who.view(body, written.channel, written.channel_name)
        word = Word(text=written.text, impact=written.impact, next_in=written.next_in, never=written.never)
        try:
            await self._updates.write(request, Ref(id=written.incident_id), word)
        except DomainError as error:
            return errors({view.TEXT: str(error).replace("`", "")})
        if written.question is not None:
            self._show_answered(written.question, request.actor.name)
        return Reply()

    def _show_answered(self, question: view.Question, name: str) -> None:
        """Take the buttons off the question. Losing that is accepted: they say what is true when pressed."""
        shown = answered_in_words(question.text, f"{name} has written an update.")
        self._after_ack.start(
            self._replies.replace(question.response_url, text=shown.text, blocks=shown.blocks),
            what="showing an answer",
        )
