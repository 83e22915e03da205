"""What people do with changes. One transaction each."""

from __future__ import annotations

from bot.domain.act import Act
from bot.domain.change_policy import ChangePolicy
from bot.domain.changes import approving, carrying, planning
from bot.domain.changes.change import Change, ChangeState, Override, Plan
from bot.domain.changes.changing import Changed, required
from bot.domain.changes.gate import GateAnswer, Ground, Verdict, Weight
from bot.domain.changes.gating import GateAsked
from bot.domain.changes.standing import as_it_is
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.rights import Rights
from bot.ports.clock import IdSource
from bot.services.change_answers import changed_text, kept_back, let_through
from bot.services.change_frame import ChangeFrame
from bot.services.change_windows import closes_at
from bot.services.change_writing import add_change, write_change
from bot.services.gates import read_gate
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

_NOT_TO_OVERRIDE = frozenset({Ground.APPROVAL, Ground.PHASE})


class Changes:
    """Every method raises DomainError in words for the one who asked."""

    def __init__(self, *, frame: ChangeFrame, ids: IdSource, directory: Directory, rights: Rights) -> None:
        self._frame = frame
        self._ids = ids
        self._directory = directory
        self._rights = rights

    @property
    def guide(self) -> Guide:
        """The guide, for what may be named in a form."""
        return self._directory.guide

    @property
    def _policy(self) -> ChangePolicy:
        return self.guide.changes

    def check_may_request(self, request: Request) -> None:
        """Raise ForbiddenError for somebody who may not, before a form asks them for more."""
        self._rights.check_changes(Deed.REQUEST_CHANGE, request.actor)

    def check_may(self, deed: Deed, request: Request, change: Change) -> None:
        """The same of what is done with one."""
        self._rights.check_change(deed, request.actor, change, request.channel)

    def taken_back_by(self, change: Change) -> str:
        """Who or what would take it back, in sentences."""
        webhook = self._directory.rollback_hook(change.service)
        if webhook is not None:
            return f"The webhook {webhook.key} is asked to do it."
        why = self._directory.why_by_hand(change.service)
        return f"It is done by hand, by this plan. {why or 'The guide has no webhook for it.'}"

    async def request(self, request: Request, plan: Plan) -> Answer:
        """Ask for a change."""
        change_id = self._ids.new_id()

        def act(record: Record) -> Answer:
            _check_service(self.guide, plan)
            team = self._directory.team(plan.service)
            asked = planning.request(
                plan,
                record.act,
                self._policy,
                change_id=change_id,
                channel=team.channel,
                team=team.key,
            )
            added = add_change(record, asked)
            return Answer(text=changed_text(record, asked, added), change=added)

        return await self._frame.ask(request, act)

    async def edit(self, request: Request, ref: Ref, plan: Plan) -> Answer:
        """Its plan is another one."""

        def decide(change: Change, act: Act) -> Changed:
            _check_service(self.guide, plan)
            if self._directory.team(plan.service).channel != change.channel:
                raise InvalidError(
                    f"{change.label} stands in the channel of another team: `cancel {change.label}` and ask "
                    "for a change of that service."
                )
            return planning.edit(change, plan, act, self._policy)

        return await self._frame.change(Deed.EDIT_CHANGE, request, ref, decide, word="edit")

    async def approve(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """One more is for it."""
        seen = ref.epoch is not None

        def decide(change: Change, act: Act) -> Changed:
            return approving.approve(change, note, act, self._policy, seen=seen)

        return await self._frame.change(Deed.APPROVE_CHANGE, request, ref, decide, word="approve")

    async def reject(self, request: Request, ref: Ref, why: str) -> Answer:
        """It is not to be done."""

        def decide(change: Change, act: Act) -> Changed:
            return approving.reject(change, why, act)

        return await self._frame.change(Deed.REJECT_CHANGE, request, ref, decide, word="reject")

    async def test(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """Its test begins."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.test(change, note, act)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="next")

    async def next(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """It goes on to its next phase, where that needs nobody's leave."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.go_on(change, note, act)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="next")

    async def start(
        self, request: Request, ref: Ref, note: str | None = None, *, override: str | None = None
    ) -> Answer:
        """It is brought to production, if the gate lets it, or a lead says why nevertheless.

        Nothing is put on the calendar between the gate's look and the commit.
        """

        def act(change: Change, record: Record) -> Answer:
            doer, plan = record.act, change.plan
            carrying.check_startable(change, doer, self._policy)
            asked = GateAsked(service=plan.service, kind=plan.kind, change=change, length=plan.length)
            gate = read_gate(record.tx, record.now, self._directory, asked)
            reason = self._overridden(change, gate, doer, override)
            closes = closes_at(record.tx, self._directory, plan, record.now)
            started = carrying.start(change, note, doer, self._policy, closes=closes, override=reason)
            written = write_change(record, change, started)
            warned = let_through(gate) if reason is None else ""
            text = f"{changed_text(record, started, written)} {warned}".strip()
            return Answer(text=text, change=written)

        return await self._frame.carry_out(
            Deed.START_CHANGE, request, ref, act, word="start", on_calendar=True
        )

    async def deployed(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """It is in production."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.deployed(change, note, act)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="next")

    async def done(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """It works, or is back as it was."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.done(change, note, act)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="done")

    async def validated(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """It works. One that is being taken back meanwhile is not over with that."""
        return await self._done_from(ChangeState.VALIDATING, request, ref, note)

    async def rolled_back(self, request: Request, ref: Ref, note: str | None = None) -> Answer:
        """It is back as it was."""
        return await self._done_from(ChangeState.ROLLING_BACK, request, ref, note)

    async def rollback(self, request: Request, ref: Ref, why: str | None = None) -> Answer:
        """It is taken back."""

        def decide(change: Change, act: Act) -> Changed:
            webhook = self._directory.rollback_hook(change.service)
            key = webhook.key if webhook else None
            return carrying.roll_back(change, why, act, self._policy, webhook=key)

        return await self._frame.change(Deed.ROLL_BACK, request, ref, decide, word="rollback")

    async def cancel(self, request: Request, ref: Ref, why: str | None = None) -> Answer:
        """It is not done."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.cancel(change, why, act)

        return await self._frame.change(Deed.CANCEL_CHANGE, request, ref, decide, word="cancel")

    async def note(self, request: Request, ref: Ref, text: str) -> Answer:
        """Write something down."""

        def decide(change: Change, act: Act) -> Changed:
            return carrying.note(change, text, act)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="note")

    async def _done_from(self, state: ChangeState, request: Request, ref: Ref, note: str | None) -> Answer:
        def decide(change: Change, act: Act) -> Changed:
            if change.is_open and change.state is not state:
                raise InvalidError(as_it_is(change, act))
            return carrying.done(change, note, act, knows=True)

        return await self._frame.change(Deed.CARRY_CHANGE, request, ref, decide, word="done")

    def _overridden(
        self, change: Change, gate: GateAnswer, act: Act, override: str | None
    ) -> Override | None:
        """Who starts it against the gate, and why; None where the gate is for it. Raises where it is not."""
        if gate.verdict is Verdict.ALLOW:
            return None
        if override is None:
            raise InvalidError(kept_back(change, gate, act))
        self._rights.check_changes(Deed.OVERRIDE_GATE, act.by)
        reason = required(
            override, f"Why nevertheless? `start {change.label} override: customers cannot pay`."
        )
        firm = [
            one.text for one in gate.reasons if one.weight is Weight.DENIES and one.ground in _NOT_TO_OVERRIDE
        ]
        if firm:
            raise InvalidError(f"Nobody overrides that: {'; '.join(firm)}.")
        return Override(
            by=act.by, at=act.now, reason=reason, against=gate.against, grounds=gate.grounds_against
        )


def _check_service(guide: Guide, plan: Plan) -> None:
    if plan.service is not None and plan.service not in guide.services:
        known = ", ".join(f"`{key}`" for key in guide.services)
        raise InvalidError(f"The guide has no service `{plan.service}`. It has: {known}, and the platform.")
