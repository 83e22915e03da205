"""Who may do what: by the guide's groups, at the moment in which it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Mention, Roles


class Deed(StrEnum):
    """What somebody wants to do with an incident. `word` is what they type for it, `phrase` says it."""

    DECLARE = "declare"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    REPORT = "report"
    CHANGE_SEVERITY = "change_severity"
    LOWER = "lower_severity"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    CANCEL = "cancel"
    MERGE = "merge"
    REOPEN = "reopen"
    GIVE_ROLE = "give_role"
    SET_UPDATES = "set_updates"
    SET_IMPACT = "set_impact"
    NOTE = "note"
    CORRECT = "correct"
    STRIKE = "strike"
    SET_TIME = "set_time"

    @property
    def word(self) -> str:
        """The command's word."""
        return _WORDS.get(self, self.value)

    @property
    def phrase(self) -> str:
        """A verb before "an incident"."""
        return _PHRASES.get(self, self.value)


_WORDS = {
    Deed.ACKNOWLEDGE: "ack",
    Deed.REPORT: "update",
    Deed.CHANGE_SEVERITY: "sev",
    Deed.LOWER: "sev",
    Deed.GIVE_ROLE: "role",
    Deed.SET_TIME: "times",
    Deed.SET_UPDATES: "updates",
    Deed.SET_IMPACT: "impact",
}
_PHRASES = {
    Deed.REPORT: "write an update on",
    Deed.CHANGE_SEVERITY: "change the severity of",
    Deed.LOWER: "lower the severity of",
    Deed.GIVE_ROLE: "give a role in",
    Deed.SET_UPDATES: "set who is asked for updates of",
    Deed.SET_IMPACT: "set the impact of",
    Deed.NOTE: "add a note to",
    Deed.SET_TIME: "correct the times of",
    Deed.CORRECT: "correct the timeline of",
    Deed.STRIKE: "strike an entry of",
}

ENDING = frozenset({Deed.LOWER, Deed.RESOLVE, Deed.CANCEL, Deed.MERGE})
"""What makes the bot call nobody any more, or later: not everybody's to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The guide's roles, seen from whoever asks.

    `is_outsider` says whether a Slack user is a guest, of another workspace, or gone; `members` who is in
    one of the guide's user groups, None where that is not known. What is not known keeps nobody out: an
    incident must be resolvable while Slack does not tell who is in which group.
    """

    roles: Roles
    is_outsider: Callable[[str], bool]
    members: Callable[[str], Collection[str] | None]

    def check(self, deed: Deed, actor: Actor, *, security: bool = False) -> None:
        """Raise ForbiddenError, in words for the one who asks, unless `actor` may do it.

        `security`: what it is about is a security incident, whose end the security team decides.
        """
        if self.is_outsider(actor.id):
            raise ForbiddenError(
                f"Guests and people of other workspaces may look, but not {deed.phrase} an incident. "
                "Ask somebody of the team to do it."
            )
        if deed not in ENDING:
            return
        own = self.roles.security if security else self.roles.responders
        if not own or self._is_in(actor, own) or self._is_in(actor, self.roles.leads):
            return
        who = "security team" if security else "responders"
        leads = " and the team leads" if self.roles.leads else ""
        raise ForbiddenError(
            f"You may not {deed.phrase} an incident: the guide leaves that to the {who}{leads}. "
            "Ask one of them."
        )

    def check_may_hold(self, to: Actor) -> None:
        """Raise ForbiddenError for somebody who could do nothing with a role."""
        if self.is_outsider(to.id):
            raise ForbiddenError(f"{to.name} is a guest, or of another workspace, and can have no role.")

    def _is_in(self, actor: Actor, mention: Mention) -> bool:
        if actor.id in mention.people:
            return True
        groups = [self.members(group) for group in mention.groups]
        return any(members is None or actor.id in members for members in groups)
