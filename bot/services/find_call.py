"""Finds the call that a person means."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.call import Call, call_label
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import listed
from bot.ports.store import Transaction
from bot.services.found import subject_in_thread
from bot.services.requests import Ref, Request

_MOST_NAMED = 5


def find_call(tx: Transaction, request: Request, ref: Ref, *, verb: str, lock: bool = False) -> Call:
    """The call by identity, number, thread of its card, or because it is the only one that waits.

    `verb` is the command's word, for the example in a refusal. Raises NotFoundError and InvalidError.
    """
    if ref.id is not None:
        return _existing(tx.calls.by_id(ref.id, lock=lock), "There is no such page any more.")
    if ref.number is not None:
        hint = f"There is no page {call_label(ref.number)}. {_waiting(tx.calls.waiting())}"
        return _existing(tx.calls.by_number(ref.number, lock=lock), hint)
    return _in_thread(tx, request, lock=lock) or _the_only_one(tx, verb, lock=lock)


def _in_thread(tx: Transaction, request: Request, *, lock: bool) -> Call | None:
    subject = subject_in_thread(tx, request)
    return tx.calls.by_id(subject, lock=lock) if subject is not None else None


def _the_only_one(tx: Transaction, verb: str, *, lock: bool) -> Call:
    waiting = tx.calls.waiting()
    if not waiting:
        raise NotFoundError("Nobody waits for an answer to a page: there is nothing to do.")
    if len(waiting) > 1:
        raise InvalidError(
            f"{len(waiting)} pages wait; say which: `{verb} {waiting[0].label}`. {_waiting(waiting)}"
        )
    return _existing(tx.calls.by_id(waiting[0].id, lock=lock), "That page is no more.")


def _waiting(calls: Iterable[Call]) -> str:
    names = [f"{one.label} ({one.tier_title})" for one in calls]
    return f"Waiting: {listed(names, _MOST_NAMED)}." if names else "None waits for an answer."


def _existing(call: Call | None, why: str) -> Call:
    if call is None:
        raise NotFoundError(why)
    return call
