"""Who may do what: by the guide's groups, at the moment in which it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup
from bot.domain.checklists.run import Run
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Mention, Roles
from bot.domain.incident import Incident
from bot.domain.subject import Subject


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
    LINK = "link"
    UNLINK = "unlink"
    REOPEN = "reopen"
    GIVE_ROLE = "give_role"
    SET_UPDATES = "set_updates"
    SET_IMPACT = "set_impact"
    ATTEND = "attend"
    NOTE = "note"
    CORRECT = "correct"
    STRIKE = "strike"
    SET_TIME = "set_time"
    EXPORT = "export"
    CHART = "chart"
    ADD_MESSAGE = "add_message"
    POSTMORTEM = "postmortem"
    ITEM = "item"
    WAIVE_POSTMORTEM = "waive_postmortem"
    SILENCE = "silence"
    UNSILENCE = "unsilence"
    UNACKNOWLEDGE = "unacknowledge"
    CHECK = "check"
    REPORT_PROBLEM = "report_problem"
    SOLVE_PROBLEM = "solve_problem"
    RUN_CHECKLIST = "run_checklist"

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
    Deed.UNACKNOWLEDGE: "unack",
    Deed.REPORT: "update",
    Deed.CHANGE_SEVERITY: "sev",
    Deed.LOWER: "sev",
    Deed.GIVE_ROLE: "role",
    Deed.SET_TIME: "times",
    Deed.SET_UPDATES: "updates",
    Deed.SET_IMPACT: "impact",
    Deed.WAIVE_POSTMORTEM: "postmortem",
    Deed.ATTEND: "still",
    Deed.CHART: "stats",
    Deed.CHECK: "done",
    Deed.REPORT_PROBLEM: "problem",
    Deed.SOLVE_PROBLEM: "solved",
    Deed.RUN_CHECKLIST: "run",
}
_PHRASES = {
    Deed.REPORT: "write an update on",
    Deed.CHANGE_SEVERITY: "change the severity of",
    Deed.LOWER: "lower the severity of",
    Deed.GIVE_ROLE: "give a role in",
    Deed.SET_UPDATES: "set who is asked for updates of",
    Deed.SET_IMPACT: "set the impact of",
    Deed.ATTEND: "answer for",
    Deed.LINK: "link an alert with",
    Deed.UNLINK: "take an alert from",
    Deed.NOTE: "add a note to",
    Deed.CHART: "post a chart that counts",
    Deed.ADD_MESSAGE: "add a message to",
    Deed.SET_TIME: "correct the times of",
    Deed.CORRECT: "correct the timeline of",
    Deed.STRIKE: "strike an entry of",
    Deed.ITEM: "see to the action items of",
    Deed.POSTMORTEM: "see to the post-mortem of",
    Deed.WAIVE_POSTMORTEM: "waive the post-mortem of",
    Deed.UNSILENCE: "end the silence of",
    Deed.CHECK: "see to the items of",
    Deed.REPORT_PROBLEM: "report a problem of",
    Deed.SOLVE_PROBLEM: "close a problem of",
    Deed.RUN_CHECKLIST: "run",
}


def asked_for(deed: str) -> str:
    """What somebody wanted, as a verb for one incident: `lower the severity of it`. `deed` may be unknown."""
    known = {one.value: one for one in Deed}
    return f"{known[deed].phrase} it" if deed in known else "change it"


ENDING = frozenset({Deed.LOWER, Deed.RESOLVE, Deed.CANCEL, Deed.MERGE, Deed.WAIVE_POSTMORTEM, Deed.SILENCE})
"""What makes the bot call nobody any more, or later: not everybody's to decide."""


FROM_ANYWHERE = frozenset({Deed.DECLARE, Deed.ACKNOWLEDGE, Deed.ESCALATE})
"""What anybody who knows a security incident's number does to it: who is paged may not be in its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The guide's roles, seen from whoever asks.

    `is_outsider` says whether a Slack user is a guest, of another workspace, or gone; `members` who is in
    one of the guide's user groups, None where that is not known. What is not known keeps nobody out: an
    incident must be resolvable while Slack does not tell who is in which group. `is_home` says whether an
    incident stands in a channel of Slack's.
    """

    roles: Roles
    is_outsider: Callable[[str], bool]
    members: Callable[[str], Collection[str] | None]
    is_home: Callable[[Subject, str | None], bool]

    def check(self, deed: Deed, actor: Actor) -> None:
        """Raise ForbiddenError, in words for the one who asks, for somebody who may only look."""
        self._check_no_guest(deed, actor, "an incident")

    def check_on(self, deed: Deed, actor: Actor, incident: Incident, channel: str | None) -> None:
        """Raise ForbiddenError, in words for the one who asks, unless `actor` may do it to this incident.

        `channel` is Slack's id of where it is asked. The end of a security incident is the security team's to
        decide, and what else is done to it theirs who have to do with it, or are where it is told.
        """
        self.check(deed, actor)
        if incident.security and deed not in FROM_ANYWHERE:
            self._check_near(deed, actor, incident, channel)
        if deed in ENDING:
            self._check_may_end(deed, actor, security=incident.security)

    def check_alert(self, deed: Deed, actor: Actor, group: AlertGroup, channel: str | None) -> None:
        """The same of an alert group."""
        self._check_no_guest(deed, actor, "an alert")
        if group.security and deed not in FROM_ANYWHERE:
            holders = (group.acknowledged_by, group.silenced_by)
            near = any(one is not None and one.id == actor.id for one in holders)
            if not (near or self.is_home(group, channel) or self._is_trusted(actor)):
                raise ForbiddenError(
                    f"{group.label} is a security alert: from here you may `ack` and `escalate` it. "
                    f"To {deed.phrase} it is for those in its channel, the security team, and who took it."
                )
        if deed in ENDING:
            self._check_may_end(deed, actor, security=group.security, what="an alert")

    def check_run(self, deed: Deed, actor: Actor, run: Run, channel: str | None) -> None:
        """The same of a checklist's run."""
        self.check_checklists(deed, actor)
        near = any(one is not None and one.id == actor.id for one in (run.asked_by, run.owner, *run.owners))
        if run.security and not (near or self.is_home(run, channel) or self._is_trusted(actor)):
            raise ForbiddenError(
                f"{run.label} is the security team's: to {deed.phrase} it is for those in its channel, "
                "the security team, and who has items of it."
            )

    def check_checklists(self, deed: Deed, actor: Actor) -> None:
        """The same of any checklist, before it has a run."""
        self._check_no_guest(deed, actor, "a checklist")

    def _check_no_guest(self, deed: Deed, actor: Actor, what: str) -> None:
        if self.is_outsider(actor.id):
            raise ForbiddenError(
                f"Guests and people of other workspaces may look, but not {deed.phrase} {what}. "
                "Ask somebody of the team to do it."
            )

    def _is_trusted(self, actor: Actor) -> bool:
        return self._is_in(actor, self.roles.security) or self._is_in(actor, self.roles.leads)

    def _check_near(self, deed: Deed, actor: Actor, incident: Incident, channel: str | None) -> None:
        if self.is_home(incident, channel) or _has_to_do_with(actor, incident):
            return
        if self._is_trusted(actor):
            return
        raise ForbiddenError(
            f"#{incident.number} is a security incident: from here you may `ack` and `escalate` it. "
            f"To {deed.phrase} it is for those in its channel, the security team, and who has taken it."
        )

    def _check_may_end(self, deed: Deed, actor: Actor, *, security: bool, what: str = "an incident") -> None:
        own = self.roles.security if security else self.roles.responders
        if not own or self._is_in(actor, own) or self._is_in(actor, self.roles.leads):
            return
        who = "security team" if security else "responders"
        leads = " and the team leads" if self.roles.leads else ""
        raise ForbiddenError(
            f"You may not {deed.phrase} {what}: the guide leaves that to the {who}{leads}. Ask one of them."
        )

    def may_know(self, user: str, subject: Subject) -> bool:
        """Whether somebody may read what people wrote of it, where nobody else reads.

        Of a security incident: who declared it, who is in its room, and the security team. Here what is not
        known keeps out.
        """
        if not subject.security:
            return True
        if self.is_outsider(user):
            return False
        if isinstance(subject, Incident) and subject.declared_by.id == user:
            return True
        room = subject.room
        if room is not None and room.private and self._is_surely_in(user, room.invited, room.invited):
            return True
        return self._is_surely_in(user, self.roles.security.people, self.roles.security.groups)

    def _is_surely_in(self, user: str, people: Collection[str], groups: Iterable[str]) -> bool:
        return user in people or any(user in (self.members(group) or ()) for group in groups)

    def check_may_hold(self, to: Actor) -> None:
        """Raise ForbiddenError for somebody who could do nothing with a role."""
        if self.is_outsider(to.id):
            raise ForbiddenError(f"{to.name} is a guest, or of another workspace, and can have no role.")

    def check_may_have_items(self, to: Actor) -> None:
        """The same for items of a checklist."""
        if self.is_outsider(to.id):
            raise ForbiddenError(f"{to.name} is a guest, or of another workspace, and can check nothing off.")

    def _is_in(self, actor: Actor, mention: Mention) -> bool:
        if actor.id in mention.people:
            return True
        groups = [self.members(group) for group in mention.groups]
        return any(members is None or actor.id in members for members in groups)


def _has_to_do_with(actor: Actor, incident: Incident) -> bool:
    """Whether somebody has declared or taken it, or has a role in it."""
    people = (incident.declared_by, incident.acknowledged_by, *incident.roles.values())
    return any(one is not None and one.id == actor.id for one in people)
