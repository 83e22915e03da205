"""Finds the alert group that a person means."""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.card import MessageRef
from bot.domain.errors import InvalidError, NotFoundError
from bot.ports.store import Transaction
from bot.services.requests import Ref, Request

_MOST_NAMED = 5


def find_group(tx: Transaction, request: Request, ref: Ref, *, verb: str, lock: bool = False) -> AlertGroup:
    """The group by identity, number, thread of its card, or because it is the only one that fires.

    `verb` is the command's word, for the example in a refusal. Raises NotFoundError and InvalidError.
    """
    if ref.id is not None:
        return _existing(tx.alert_groups.by_id(ref.id, lock=lock), "There is no such alert any more.")
    if ref.number is not None:
        found = tx.alert_groups.by_number(ref.number, lock=lock)
        return found or _refuse_number(tx, ref.number)
    return in_thread(tx, request, lock=lock) or _the_only_one(tx, verb, lock=lock)


def in_thread(tx: Transaction, request: Request, *, lock: bool = False) -> AlertGroup | None:
    """The group in whose card's thread the request was made."""
    if request.channel is None or request.thread is None:
        return None
    subject = tx.messages.subject_at(MessageRef(channel=request.channel, ts=request.thread))
    return tx.alert_groups.by_id(subject, lock=lock) if subject is not None else None


def _the_only_one(tx: Transaction, verb: str, *, lock: bool) -> AlertGroup:
    """Members of a storm are not counted: the storm stands for them."""
    candidates = [one for one in tx.alert_groups.firing() if one.storm is None]
    if not candidates:
        raise NotFoundError(f"No alert is firing. Say which: `{verb} A12`.")
    if len(candidates) > 1:
        raise InvalidError(
            f"{len(candidates)} alerts are firing; say which: `{verb} {candidates[0].label}`.\n"
            f"Firing: {_named(candidates)}."
        )
    return _existing(tx.alert_groups.by_id(candidates[0].id, lock=lock), "That alert is no more.")


def _existing(group: AlertGroup | None, why: str) -> AlertGroup:
    if group is None:
        raise NotFoundError(why)
    return group


def _refuse_number(tx: Transaction, number: int) -> AlertGroup:
    firing = [one for one in tx.alert_groups.firing(limit=200) if one.storm is None]
    hint = f"Firing: {_named(firing)}." if firing else "None is firing."
    raise NotFoundError(f"There is no alert A{number}. {hint}")


def _named(groups: list[AlertGroup]) -> str:
    names = ", ".join(f"{one.label} {one.public_title}" for one in groups[:_MOST_NAMED])
    left = len(groups) - _MOST_NAMED
    return f"{names} and {left} more" if left > 0 else names
