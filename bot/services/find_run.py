"""Finds the run of a checklist that a person means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.checklists.run import Run
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import listed
from bot.ports.store import Transaction
from bot.ports.workspace import Workspace
from bot.services.found import subject_in_thread
from bot.services.requests import Ref, Request

_MOST_NAMED = 6
_ITEMS = {
    **dict.fromkeys(("done", "open", "take", "solved"), " 2"),
    "na": " 2 no deploys",
    "problem": " 2 disk is full",
    "note": " disk is at 78 %",
    "give": " 2 @ben",
}
"""What follows the run in an example of a word."""
_WITH_PROBLEMS = frozenset({"solved"})
"""The words that are about a problem, which may be an ended run's."""


def find_run(
    tx: Transaction, request: Request, ref: Ref, workspace: Workspace, *, verb: str, lock: bool = False
) -> Run:
    """The run by identity, number, thread of its card, or because it is the only one: there, or at all.

    `verb` is the command's word, for the example in a refusal. Raises NotFoundError and InvalidError.
    """
    if ref.id is not None:
        return _existing(tx.runs.by_id(ref.id, lock=lock), "That run is no more.")
    if ref.number is not None:
        found = tx.runs.by_number(ref.number, lock=lock)
        return found or _refuse_number(tx, ref.number)
    return run_in_thread(tx, request, lock=lock) or _the_only_one(tx, request, workspace, verb, lock=lock)


def run_in_thread(tx: Transaction, request: Request, *, lock: bool = False) -> Run | None:
    """The run in whose card's thread the request was made."""
    subject = subject_in_thread(tx, request)
    return tx.runs.by_id(subject, lock=lock) if subject is not None else None


def _the_only_one(tx: Transaction, request: Request, workspace: Workspace, verb: str, *, lock: bool) -> Run:
    runs = tx.runs.with_problems() if verb in _WITH_PROBLEMS else tx.runs.open()
    key = workspace.channel_key(request.channel) if request.channel else None
    candidates = [run for run in runs if run.channel == key] or list(runs)
    if not candidates:
        nothing = "No problem is open" if verb in _WITH_PROBLEMS else "No run of a checklist is open"
        raise NotFoundError(f"{nothing}. Say which: `{verb} C12`.")
    if len(candidates) > 1:
        what = "runs have open problems" if verb in _WITH_PROBLEMS else "runs are open"
        raise InvalidError(
            f"{len(candidates)} {what}; say which: `{verb} {candidates[0].label}{_ITEMS.get(verb, '')}`.\n"
            f"It may be: {named(candidates)}."
        )
    return _existing(tx.runs.by_id(candidates[0].id, lock=lock), "That run is no more.")


def _existing(run: Run | None, why: str) -> Run:
    if run is None:
        raise NotFoundError(why)
    return run


def _refuse_number(tx: Transaction, number: int) -> Run:
    runs = tx.runs.open()
    hint = f"Open: {named(runs)}." if runs else "None is open."
    raise NotFoundError(f"There is no run C{number}. {hint}")


def named(runs: Sequence[Run]) -> str:
    """Runs by label and title, which are the guide's: everybody may read them."""
    return listed([f"{one.label} {one.title}" for one in runs], _MOST_NAMED)
