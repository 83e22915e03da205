"""Finds the alert group that a person means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.alert import AlertGroup
from bot.domain.errors import InvalidError, NotFoundError
from bot.ports.store import Transaction
from bot.services.found import subject_in_thread
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
    subject = subject_in_thread(tx, request)
    return tx.alert_groups.by_id(subject, lock=lock) if subject is not None else None


def _the_only_one(tx: Transaction, verb: str, *, lock: bool) -> AlertGroup:
    """Members of a storm are not counted: the storm stands for them."""
    firing = [one for one in tx.alert_groups.firing() if one.storm is None]
    fitting = [one for one in firing if _FITS.get(verb, _any)(one)]
    candidates = fitting or firing
    if not candidates:
        raise NotFoundError(f"No alert is firing. Say which: `{verb} A12`.")
    if len(candidates) > 1:
        first = next((one for one in candidates if not one.security), candidates[0])
        raise InvalidError(
            f"{len(firing)} alerts are firing; say which: `{verb} {first.label}`.\n"
            f"It may be: {_named(candidates)}."
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
    """Security alerts are only counted: it may be asked where others read."""
    open_to_all = [one for one in groups if not one.security]
    names = [f"{one.label} {one.title}" for one in open_to_all[:_MOST_NAMED]]
    left = len(open_to_all) - len(names)
    more = [f"{left} more"] if left > 0 else []
    secret = len(groups) - len(open_to_all)
    counted = [f"{secret} security alert{'' if secret == 1 else 's'}"] if secret else []
    return ", ".join([*names, *more, *counted])


def _any(_group: AlertGroup) -> bool:
    return True


_FITS: Mapping[str, Callable[[AlertGroup], bool]] = {
    "ack": lambda group: group.acknowledged_by is None,
    "unack": lambda group: group.acknowledged_by is not None,
    "silence": lambda group: group.silenced_until is None,
    "unsilence": lambda group: group.silenced_until is not None,
    "escalate": lambda group: group.silenced_until is None,
}
"""For which groups a command's word makes sense."""
