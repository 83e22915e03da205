"""What people do with calls: page a tier, answer, call it off. One transaction each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.call import PACE, REASON_LIMIT, Call
from bot.domain.call_card import CallCard
from bot.domain.calling import call_path, check_asked
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import AlreadyError, InvalidError, NotFoundError
from bot.domain.rights import Rights
from bot.domain.text import clean, duration
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.call_cards import read_call_card
from bot.services.call_writing import answer_call, begin_call, call_off
from bot.services.find_call import find_call
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody wants a tier (the guide's key) to be paged.

    `id` becomes the call's, however often it is asked. `asked` is when they were asked whether they mean it.
    """

    id: str
    tier: str
    reason: str
    asked: datetime


class Calls:
    """The use cases."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._store = store
        self._directory = directory
        self._rights = rights
        self._frame = Frame(store=store, clock=clock, directory=directory)

    def check(self, request: Request, tier: str, reason: str) -> str:
        """What would be paged for, fit for one line. Raises DomainError for what cannot be asked."""
        self._rights.check_calls(Deed.PAGE, request.actor)
        if tier not in self._directory.guide.tiers:
            raise NotFoundError(f"The guide has no tier `{clean(tier, 60)}` any more. `/oncall` shows them.")
        said = clean(reason, len(reason) + 1)
        if not said:
            raise InvalidError(f"Why? `/page {tier} the payment provider is on the phone`.")
        if len(said) > REASON_LIMIT:
            raise InvalidError(
                f"That is {len(said)} characters: why somebody is paged has at most {REASON_LIMIT}."
            )
        return said

    async def page(self, request: Request, wanted: Wanted) -> Answer:
        """Page a tier. Raises DomainError in words for the one who asked.

        One call of a person waits for a tier at a time: who presses twice pages once.
        """

        def act(record: Record) -> Answer:
            reason = self.check(request, wanted.tier, wanted.reason)
            if record.tx.calls.by_id(wanted.id) is None:  # of one that is there, what became of it is told
                check_asked(wanted.asked, record.now, f"{wanted.tier} {reason}")
            call = self._added(record, wanted, reason)
            return Answer(text=_paging(record, begin_call(record, call)))

        return await self._frame.once(Deed.PAGE, request, name="page", act=act)

    async def acknowledge(self, request: Request, ref: Ref) -> Answer:
        """Answer it: nobody is paged for it any more."""
        return await self._close(Deed.ACKNOWLEDGE, request, ref, answer_call)

    async def call_off(self, request: Request, ref: Ref) -> Answer:
        """Nobody needs to come any more."""
        return await self._close(Deed.CALL_OFF, request, ref, call_off)

    async def made(self, call_id: str) -> Call | None:
        """The call that a question has become, where somebody has said yes."""
        return await self._store.read(lambda tx: tx.calls.by_id(call_id))

    async def newest(self) -> tuple[CallCard, ...]:
        """What waits for an answer, then the newest of the others."""

        def body(tx: Transaction) -> tuple[CallCard, ...]:
            waiting = tx.calls.waiting()
            over = (one for one in tx.calls.newest(_LISTED) if not one.is_open)
            return tuple(read_call_card(tx, one, self._directory) for one in (*waiting, *over))

        return await self._store.read(body)

    async def _close(
        self, deed: Deed, request: Request, ref: Ref, write: Callable[[Record, Call], Call]
    ) -> Answer:
        def find(tx: Transaction) -> Call:
            return find_call(tx, request, ref, verb=deed.word, lock=True)

        def act(call: Call, record: Record) -> Answer:
            return Answer(text=f"{write(record, call).describe(record.now)}.")

        return await self._frame.carry_out(
            deed, request, ref, name=f"{deed.value}_call", find=find, check=self._rights.check_call, act=act
        )

    def _added(self, record: Record, wanted: Wanted, reason: str) -> Call:
        """The new call's row. Raises AlreadyError where it is there, or another one of theirs waits."""
        guide, tx = self._directory.guide, record.tx
        response = guide.severities[PACE].response
        call = tx.calls.add(
            Call(
                id=wanted.id,
                tier=wanted.tier,
                reason=reason,
                called_by=record.actor,
                called_at=record.now,
                channel=guide.defaults.ops,
                path=call_path(wanted.tier, guide.tiers[wanted.tier].title, response),
            )
        )
        if call is not None:
            return call
        there = tx.calls.by_id(wanted.id)
        if there is not None:
            raise AlreadyError(f"Nothing was done twice: {there.describe(record.now)}.")
        own = (one for one in tx.calls.waiting() if one.called_by.id == record.actor.id)
        waiting = next((one for one in own if one.tier == wanted.tier), None)
        if waiting is None:  # answered in between: what was asked for can be asked for again
            raise AlreadyError("Your last page of them has just been answered. Page them again if need be.")
        ago = duration(record.now - waiting.called_at)
        raise AlreadyError(
            f"You page {waiting.tier_title} already: {waiting.label}, {ago} ago. It is repeated by itself; "
            f"`/page cancel {waiting.label}` calls it off."
        )


def _paging(record: Record, call: Call) -> str:
    """Who is reached now, and what comes next."""
    via = record.directory.via(call.tier)
    how = "is being paged"
    if via is None:
        how = f"{record.directory.why_unreached(call.tier)}: they are mentioned in Slack instead"
    channel = record.directory.guide.channels[call.channel].name
    again = duration(call.path.response) if call.path.response else "a while"
    return (
        f"{call.label}: {call.tier_title} {how}. #{channel} shows who has it. "
        f"It is repeated every {again} until somebody acknowledges."
    )
