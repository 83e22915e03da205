"""The forms behind an incident's menu: opened by a choice, and sent. No error loses what was filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.actor import Actor
from bot.domain.card import IncidentCard
from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError, StaleError
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.requests import Answer, Ref, Request
from bot.views import card_forms as view
from bot.views.incident import CHANGE_SEVERITY, DO_MORE, GIVE_ROLES, Target
from bot.views.inputs import View
from handlers.modals.others import UPDATE, Others
from handlers.modals.update import UpdateForm
from handlers.replies import Reply, errors, updated
from handlers.who import Who, told_name


class CardForms:
    """Opens the forms of a card's menu, and carries out what is sent.

    Who may not do what a form is for is told so before it opens, and again where that has changed since.
    `others` is what the form "More" offers.
    """

    def __init__(
        self,
        *,
        incidents: Incidents,
        others: Others,
        update: UpdateForm,
        reader: IncidentReader,
        replies: Replies,
        who: Who,
    ) -> None:
        self._incidents = incidents
        self._reader = reader
        self._replies = replies
        self._who = who
        self._others = others
        self._update = update

    @property
    def by_callback(self) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Reply]]]:
        """Who takes which form that is sent."""
        return {
            view.SEVERITY_FORM: self.change_severity,
            view.ROLES_FORM: self.give_roles,
            view.MORE_FORM: self.do_more,
        }

    async def open(self, choice: str, request: Request, target: Target, trigger: str) -> None:
        """Open the form of a menu's choice. Raises DomainError where it is not for this person, or now."""
        card = await self._reader.card(request, Ref(id=target.id))
        self._incidents.check_may(_DEEDS[choice], request, card.incident)
        card.incident.check_epoch(target.epoch)
        asked = view.Asked(target=target, channel=request.channel, channel_name=told_name(request))
        try:
            await self._replies.open_view(trigger, self._form(choice, asked, card, request.actor.id))
        except DeliveryFailure as failure:
            line = f"/incident {_LINES[choice].format(card.incident.number)}"
            raise InvalidError(
                f"Slack does not open the form: {failure.reason} In one line: `{line}`."
            ) from None

    async def change_severity(self, body: Mapping[str, Any]) -> Reply:
        """Carry out the form "Severity"."""
        sent, request = self._sent(body)
        severity = sent.severity
        if severity is None:
            return errors({view.SEVERITY: "How bad is it? P0 is the worst, P3 the least."})
        return await self._carry_out(
            CHANGE_SEVERITY,
            sent,
            request,
            view.SEVERITY,
            lambda ref: self._incidents.change_severity(request, ref, severity),
        )

    async def give_roles(self, body: Mapping[str, Any]) -> Reply:
        """Carry out the form "Roles": only what was chosen anew, and what one takes oneself."""
        sent, request = self._sent(body)
        given: dict[str, Actor | None] = {
            role: Actor(id=person, name=self._who.name_of(person) or person) if person else None
            for role, person in view.changes_of(sent).items()
        }
        first = self._reader.guide.incidents.first_role
        if sent.take and first:
            given[first.key] = request.actor
        if not given:
            return Reply()
        part = view.role_part(next(iter(given)))
        return await self._carry_out(
            GIVE_ROLES,
            sent,
            request,
            part,
            lambda ref: self._incidents.give_roles(request, ref, given, sent.asked.held),
        )

    async def do_more(self, body: Mapping[str, Any]) -> Reply:
        """Carry out the form "More": the entry that was chosen, with its words.

        An update without words is asked for in the form of its own.
        """
        sent, request = self._sent(body)
        if sent.what == UPDATE and not sent.words.strip():
            try:
                return updated(await self._update.laid_out(request, Ref(id=sent.asked.target.id)))
            except DomainError as error:
                return errors({view.WHAT: str(error).replace("`", "")})
        do = next((do for entry, do in self._others if entry.key == sent.what), None)
        if do is None:
            return errors({view.WHAT: "Choose what is to be done."})
        return await self._carry_out(
            DO_MORE, sent, request, view.WORDS, lambda ref: do(request, ref, sent.words)
        )

    async def _carry_out(
        self,
        choice: str,
        sent: view.Sent,
        request: Request,
        part: str,
        do: Callable[[Ref], Awaitable[Answer]],
    ) -> Reply:
        target = sent.asked.target
        try:
            await do(Ref(id=target.id, epoch=target.epoch))
        except StaleError:
            return await self._as_it_is_now(choice, sent, request)
        except DomainError as error:
            return errors({part: str(error).replace("`", "")})
        return Reply()

    async def _as_it_is_now(self, choice: str, sent: view.Sent, request: Request) -> Reply:
        """The form again, of the incident's present epoch, with what had been filled in."""
        card = await self._reader.card(request, Ref(id=sent.asked.target.id))
        now = replace(sent.asked.target, epoch=card.incident.epoch)
        asked = replace(sent.asked, target=now)
        return updated(self._form(choice, asked, card, request.actor.id, sent))

    def _sent(self, body: Mapping[str, Any]) -> tuple[view.Sent, Request]:
        sent = view.read_sent(body["view"])
        return sent, self._who.view(body, sent.asked.channel, sent.asked.channel_name)

    def _form(
        self, choice: str, asked: view.Asked, card: IncidentCard, asker: str, sent: view.Sent | None = None
    ) -> View:
        guide = self._reader.guide
        if choice == CHANGE_SEVERITY:
            return view.severity_form(asked, card, guide, sent=sent)
        if choice == GIVE_ROLES:
            hidden = not self._reader.may_show(card, asked.channel)
            return view.roles_form(asked, card, guide, asker=asker, hidden=hidden, sent=sent)
        return view.more_form(asked, card, tuple(entry for entry, _ in self._others), sent=sent)


_DEEDS = {CHANGE_SEVERITY: Deed.CHANGE_SEVERITY, GIVE_ROLES: Deed.GIVE_ROLE, DO_MORE: Deed.REPORT}
_LINES = {CHANGE_SEVERITY: "sev {} p1", GIVE_ROLES: "role {} commander", DO_MORE: "help"}
"""What to type where a form does not open."""
