"""Whose a run is, in the words that its card, lists and the Home tab share."""

from __future__ import annotations

from bot.domain.checklist import Whose
from bot.domain.checklists.run import Run
from bot.domain.text import listed

_MOST_NAMED = 3


def whose_words(run: Run, whose: Whose) -> str:
    """`ana, lee`: whose it is as a whole, and who else has open items; else whoever it falls to.

    `whose` is how the guide finds an owner.
    """
    people = tuple({one.id: one for one in (run.owner, *run.owners) if one is not None}.values())
    named = listed([one.name for one in people], _MOST_NAMED)
    if not has_free_items(run) and named:
        return named
    falls = "whoever is on call" if whose is Whose.ON_CALL else "whoever takes it"
    return f"{named}, {falls}" if named else falls


def has_free_items(run: Run) -> bool:
    """Whether nobody has some of what is open."""
    return run.owner is None and any(item.owner is None for item in run.open_items)
