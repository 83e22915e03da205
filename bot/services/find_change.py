"""Finds the change that a person means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.changes.change import Change, ChangeState
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import clean, listed
from bot.ports.store import Transaction
from bot.ports.workspace import Workspace
from bot.services.found import subject_in_thread
from bot.services.requests import Ref, Request

_MOST_NAMED = 6
_TITLE = 60
_MORE: Mapping[str, str] = {"reject": " why", "cancel": " why", "note": " node 3 of 8 is through"}
"""What follows the change in an example of a word."""
_WAITS_FOR: Mapping[str, frozenset[ChangeState]] = {
    **dict.fromkeys(("approve", "reject"), frozenset({ChangeState.REQUESTED})),
    "rollback": frozenset({ChangeState.DEPLOYING, ChangeState.VALIDATING}),
    "done": frozenset({ChangeState.VALIDATING, ChangeState.ROLLING_BACK}),
}
"""What is meant by a word alone, where others are open as well: what runs, at three in the morning."""
_MAY_MEAN: Mapping[str, frozenset[ChangeState]] = {
    "next": frozenset({ChangeState.APPROVED, ChangeState.DEPLOYING, ChangeState.ROLLING_BACK}),
    "start": frozenset({ChangeState.TESTING}),
}
"""What is offered of several, where a word that is more than a look at one must name it."""


def find_change(
    tx: Transaction, request: Request, ref: Ref, workspace: Workspace, *, verb: str, lock: bool = False
) -> Change:
    """The change by identity, number, thread of its card, or because it is the only one: there, or at all.

    `verb` is the command's word, for the example in a refusal. Raises NotFoundError and InvalidError.
    """
    if ref.id is not None:
        return _existing(tx.changes.by_id(ref.id, lock=lock))
    if ref.number is not None:
        return tx.changes.by_number(ref.number, lock=lock) or _refuse_number(tx, ref.number)
    return change_in_thread(tx, request, lock=lock) or _the_only_one(tx, request, workspace, verb, lock=lock)


def change_in_thread(tx: Transaction, request: Request, *, lock: bool = False) -> Change | None:
    """The change in whose card's thread the request was made."""
    subject = subject_in_thread(tx, request)
    return tx.changes.by_id(subject, lock=lock) if subject is not None else None


def named(changes: Sequence[Change]) -> str:
    """Changes by label and title."""
    return listed([f"{one.label} {clean(one.title, _TITLE)}" for one in changes], _MOST_NAMED)


def _the_only_one(
    tx: Transaction, request: Request, workspace: Workspace, verb: str, *, lock: bool
) -> Change:
    changes = tx.changes.open()
    key = workspace.channel_key(request.channel) if request.channel else None
    fit = [one for one in changes if one.state in _WAITS_FOR.get(verb, frozenset())] or list(changes)
    candidates = [one for one in fit if one.channel == key] or fit
    if not candidates:
        raise NotFoundError(
            f"No change is open. Say which: `{verb} CH12{_MORE.get(verb, '')}`, or ask for one: `request`."
        )
    if len(candidates) > 1:
        offered = [one for one in candidates if one.state in _MAY_MEAN.get(verb, ())] or candidates
        raise InvalidError(
            f"{len(candidates)} changes are open; say which: "
            f"`{verb} {offered[0].label}{_MORE.get(verb, '')}`.\nIt may be: {named(offered)}."
        )
    return _existing(tx.changes.by_id(candidates[0].id, lock=lock))


def _existing(change: Change | None) -> Change:
    if change is None:
        raise NotFoundError("That change is no more.")
    return change


def _refuse_number(tx: Transaction, number: int) -> Change:
    changes = tx.changes.open()
    hint = f"Open: {named(changes)}." if changes else "None is open."
    raise NotFoundError(f"There is no change CH{number}. {hint}")
