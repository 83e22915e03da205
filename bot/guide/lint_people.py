"""What must hold between what a guide asks of people and whom it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.guide.change_sections import ChangesPart
from bot.guide.document import Document
from bot.guide.finding import Finding
from bot.guide.part import MentionPart
from bot.guide.schema import RolesPart, TierPart

PAGE_WORDS = frozenset({"ack", "cancel", "list", "help"})
"""What a line of `/page` may begin with for something else than a tier."""

_MAY = {"approvers": "approves changes", "leads": "overrides the gate and freezes"}


def tiers_nameable(document: Document, tiers: Mapping[str, TierPart]) -> Iterator[Finding]:
    """No tier is called as a word of the command that pages it."""
    for key in tiers:
        if key in PAGE_WORDS:
            text = f'"{key}" is a word of /page: a tier needs another key'
            yield document.error(("tiers", key), text, of_key=True)


def roles_filled_in(document: Document, _changes: ChangesPart, roles: RolesPart) -> Iterator[Finding]:
    """A hint where everybody lets changes through, as the guide says not who does."""
    empty = [role for role in _MAY if not _named(getattr(roles, role))]
    if empty:
        may = ", ".join(_MAY[role] for role in empty)
        names = " and ".join(f"roles.{role}" for role in empty)
        yield document.warning(("roles",), f"everybody who is no guest {may}: fill in {names}", of_key=True)


def approvals_reachable(document: Document, changes: ChangesPart, roles: RolesPart) -> Iterator[Finding]:
    """Where approvers are named one by one, there are enough of them, also where one of them asks."""
    approvers = roles.approvers
    if approvers.groups or not approvers.people:
        return
    people = len(set(approvers.people))
    who = "1 person" if people == 1 else f"{people} people"
    for key, part in changes.types.items():
        place = ("changes", "types", key, "approvals")
        if part.approvals > people:
            text = f"{part.approvals} approvals can never be reached: roles.approvers names {who}"
            yield document.error(place, text)
        elif part.approvals == people:
            text = f"roles.approvers names {who}, and all have to approve: whoever asks must be none of them"
            yield document.warning(place, text)


def _named(who: MentionPart) -> bool:
    return bool(who.groups or who.people)
