"""Use cases that change an incident: one public method each, one transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import escalation
from bot.domain.actor import Actor
from bot.domain.checklists.run import Run
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import DomainError, InvalidError
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.domain.quote import Quote
from bot.domain.rights import Rights
from bot.domain.roles import check_holders, give_role, give_roles
from bot.domain.severity import Severity
from bot.domain.text import TITLE_LIMIT, UPDATE_LIMIT, clean
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace
from bot.services.alert_declaring import begin_with_alert, lock_alert
from bot.services.answers import declared
from bot.services.beginning import fresh_incident
from bot.services.cards import read_card
from bot.services.incident_changes import IncidentChanges
from bot.services.merging import ask_whether_same, tell_left
from bot.services.problem_declaring import link_problem, lock_problem
from bot.services.receipts import Refusal, answered, earlier_reply, keep_answer, keep_refusal
from bot.services.record import Record
from bot.services.requests import Answer, Declaration, Ref, Request
from bot.services.writing import write_beginning


class Incidents:
    """What people do with incidents. Every method raises DomainError in words for the one who asked."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: IdSource,
        directory: Directory,
        workspace: Workspace,
        rights: Rights,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory
        self._workspace = workspace
        self._rights = rights
        self._change = IncidentChanges(store=store, clock=clock, directory=directory, rights=rights).change

    async def declare(self, request: Request, said: Declaration) -> Answer:
        """Declare an incident: when this returns, it and its first page are on disk.

        What is declared in the security channel is a security incident.
        """
        title = clean(said.title, TITLE_LIMIT)
        if not title:
            raise InvalidError(f"What is wrong? `{said.severity.lower()} checkout is down`.")
        now = self._clock.now()
        security = said.security or self._is_security_channel(request)
        draft = fresh_incident(
            replace(said, title=title, security=security),
            request.actor,
            now,
            incident_id=self._ids.new_id(),
            directory=self._directory,
        )
        directory = self._directory

        def body(tx: Transaction) -> Answer | Refusal:
            earlier = earlier_reply(tx, request)
            if earlier is not None:
                return earlier
            record = Record(tx=tx, now=now, actor=request.actor, directory=directory)
            try:
                self._rights.check(Deed.DECLARE, request.actor)
                run = lock_problem(record, said.problem, request, self._rights) if said.problem else None
                begun = self._as_secret_as(tx, request, draft, run)
                group = lock_alert(record, said.alert, begun) if said.alert and not run else None
            except DomainError as error:
                return keep_refusal(record, request, error, Deed.DECLARE)
            told = self._told(said.quote, begun)
            outcome = escalation.begin(begun, now, directory.business, quote=told)
            incident = begin_with_alert(record, outcome, group) if group else write_beginning(record, outcome)
            question, offer = ask_whether_same(record, incident)
            linked = (
                link_problem(record, run, said.problem.position, incident) if run and said.problem else ""
            )
            here = request.channel is not None and request.channel == self._home(incident)
            card = read_card(tx, incident, directory)
            with_alert = f" {group.label} belongs to it." if group else ""
            text = declared(card, now, directory, here=here) + with_alert + linked + question
            answer = Answer(text=text, card=card, offer=offer)
            return keep_answer(record, request, answer)

        return answered(await self._store.transaction("declare", body))

    def check_may_declare(self, request: Request) -> None:
        """Raise ForbiddenError for somebody who may not, before they are asked for more."""
        self._rights.check(Deed.DECLARE, request.actor)

    def check_may(self, deed: Deed, request: Request, incident: Incident) -> None:
        """Raise ForbiddenError for somebody who may not, before a form asks them for more."""
        self._rights.check_on(deed, request.actor, incident, request.channel)

    async def acknowledge(self, request: Request, ref: Ref) -> Answer:
        """Take it: timers stop, pages are acknowledged."""
        return await self._change(
            Deed.ACKNOWLEDGE,
            request,
            ref,
            lambda one, record: escalation.acknowledge(
                one, request.actor, record.now, role=record.directory.first_role
            ),
        )

    async def mitigate(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        """Users are no longer hurt."""
        said = _optional(text)
        return await self._change(
            Deed.MITIGATE,
            request,
            ref,
            lambda one, record: escalation.mitigate(one, request.actor, record.now, said),
        )

    async def resolve(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        """It is over."""
        said = _optional(text)
        return await self._change(
            Deed.RESOLVE,
            request,
            ref,
            lambda one, record: escalation.resolve(one, request.actor, record.now, said),
        )

    async def cancel(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        """It was a false alarm."""
        said = _optional(text)
        return await self._change(
            Deed.CANCEL,
            request,
            ref,
            lambda one, record: escalation.cancel(one, request.actor, record.now, said),
        )

    async def reopen(self, request: Request, ref: Ref) -> Answer:
        """It was not over."""
        directory = self._directory

        def decide(incident: Incident, record: Record) -> Outcome:
            path = directory.path(incident.severity)
            outcome = escalation.reopen(incident, path, record.now, directory.business)
            tell_left(record, incident)
            return outcome

        return await self._change(Deed.REOPEN, request, ref, decide)

    async def change_severity(self, request: Request, ref: Ref, severity: Severity) -> Answer:
        """Raise or lower the severity."""
        directory = self._directory

        def decide(incident: Incident, record: Record) -> Outcome:
            if incident.severity.is_worse_than(severity):
                self._rights.check_on(Deed.LOWER, request.actor, incident, request.channel)
            return escalation.change_severity(
                incident,
                severity,
                directory.path(severity),
                record.now,
                directory.business,
                by_the_one_on_call=directory.is_the_one_on_call(request.actor),
                was_reached=_was_reached(record.tx, incident),
            )

        return await self._change(Deed.CHANGE_SEVERITY, request, ref, decide, word=f"sev {severity.lower()}")

    async def escalate(self, request: Request, ref: Ref) -> Answer:
        """Reach the next tier now."""
        business = self._directory.business

        def decide(incident: Incident, record: Record) -> Outcome:
            return escalation.escalate_now(incident, record.now, business)

        return await self._change(Deed.ESCALATE, request, ref, decide)

    async def give_role(self, request: Request, ref: Ref, role: str, to: Actor | None) -> Answer:
        """Let somebody have a role, by the word for it that was typed, or nobody."""

        def decide(incident: Incident, record: Record) -> Outcome:
            if to is not None:
                self._rights.check_may_hold(to)
            return give_role(incident, record.directory.role(role), to, request.actor, record.now)

        return await self._change(Deed.GIVE_ROLE, request, ref, decide, word=f"role {role}")

    async def give_roles(
        self,
        request: Request,
        ref: Ref,
        given: Mapping[str, Actor | None],
        shown: Mapping[str, str] | None = None,
    ) -> Answer:
        """Let people have roles, by the guide's keys, or nobody.

        `shown` is whom (ids) the one who asks saw in them; None where nobody's name was shown. Raises
        StaleError where somebody else has one of them by now.
        """

        def decide(incident: Incident, record: Record) -> Outcome:
            for to in given.values():
                if to is not None:
                    self._rights.check_may_hold(to)
            wanted = [(record.directory.role(key), to) for key, to in given.items()]
            if shown is not None:
                check_holders(incident, wanted, shown)
            return give_roles(incident, wanted, request.actor, record.now)

        return await self._change(Deed.GIVE_ROLE, request, ref, decide)

    def _as_secret_as(self, tx: Transaction, request: Request, draft: Incident, run: Run | None) -> Incident:
        """What is declared in a security incident's room, or for what a security review has found, is one."""
        around = tx.incidents.by_room(request.channel) if request.channel else None
        if draft.security or not any(one is not None and one.security for one in (around, run)):
            return draft
        channel = self._directory.channel(draft.severity, draft.service, security=True)
        return replace(draft, security=True, channel=channel)

    def _home(self, incident: Incident) -> str | None:
        return self._workspace.channel_id(incident.channel)

    def _told(self, quote: Quote | None, incident: Incident) -> Quote | None:
        """The message that it began with. The text of a private channel's is told in that channel only."""
        if quote is None or not quote.private:
            return quote
        return quote if quote.channel == self._home(incident) else quote.without_text()

    def _is_security_channel(self, request: Request) -> bool:
        """Whether it is asked in the security channel; while that is not found, whether it may be there."""
        guide, workspace = self._directory.guide, self._workspace
        security = guide.defaults.security
        if request.channel is None:
            return False
        key = workspace.channel_key(request.channel)
        if key is not None or workspace.channel_id(security) is not None:
            return key == security
        if request.is_private is None:  # a mention's: nothing is told of it
            return workspace.team_id is None
        return request.is_private or request.channel_name == guide.channels[security].name


def _was_reached(tx: Transaction, incident: Incident) -> bool:
    """Whether a page that still counts got through, or its tier was mentioned in Slack instead."""
    pages = (page for page in tx.pages.of(incident.id) if page.epoch >= incident.answers_from)
    return any(page.accepted_at is not None or page.via is None for page in pages)


def _optional(text: str | None) -> str | None:
    return clean(text, UPDATE_LIMIT) or None if text else None
