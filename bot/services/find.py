"""Finds the incident that a person means."""

from __future__ import annotations

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.incident import Incident
from bot.domain.text import listed
from bot.ports.store import Transaction
from bot.services.found import subject_in_thread
from bot.services.requests import Ref, Request


def find_incident(tx: Transaction, request: Request, ref: Ref, *, verb: str, lock: bool = False) -> Incident:
    """The incident by identity, number, thread, room, or because it is the only open one.

    `verb` is the command's word, for the example in a refusal. Raises NotFoundError and InvalidError.
    """
    if ref.id is not None:
        return _existing(tx.incidents.by_id(ref.id, lock=lock), "that card's incident")
    if ref.number is not None:
        return _existing(tx.incidents.by_number(ref.number, lock=lock), f"an incident #{ref.number}", tx)
    subject = subject_in_thread(tx, request)
    if subject is not None:
        return tx.incidents.by_id(subject, lock=lock) or _refuse_thread(tx, verb)
    if request.channel:
        in_room = tx.incidents.by_room(request.channel, lock=lock)
        if in_room is not None:
            return in_room
    return _the_only_open(tx, verb, lock=lock)


def _the_only_open(tx: Transaction, verb: str, *, lock: bool) -> Incident:
    candidates = tx.incidents.open()
    if not candidates:
        raise NotFoundError(f"No incident is open. Say which: `{verb} 42`.")
    if len(candidates) > 1:
        raise InvalidError(
            f"{len(candidates)} incidents are open; say which: `{verb} {candidates[0].number}`.\n"
            f"Open: {_named(candidates)}."
        )
    return _existing(tx.incidents.by_id(candidates[0].id, lock=lock), "that incident")


def _refuse_thread(tx: Transaction, verb: str) -> Incident:
    """Its message is an alert's, or a review's."""
    candidates = tx.incidents.open()
    hint = f"Open: {_named(candidates)}." if candidates else "None is open."
    number = candidates[0].number if candidates else 42
    raise NotFoundError(f"This thread is no incident's; say which one: `{verb} {number}`. {hint}")


def _existing(incident: Incident | None, what: str, tx: Transaction | None = None) -> Incident:
    if incident is not None:
        return incident
    others = tx.incidents.open() if tx else ()
    hint = f" Open: {_named(others)}." if others else " None is open." if tx else ""
    raise NotFoundError(f"There is no {what.removeprefix('an ')}.{hint}")


def _named(incidents: tuple[Incident, ...], most: int = 5) -> str:
    return listed([f"#{one.number} {one.public_title}" for one in incidents], most)
