"""Who may do what: by the guide's groups, at the moment in which it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.changes.change import Change
from bot.domain.checklists.run import Run
from bot.domain.deed import ENDING, FROM_ANYWHERE, Deed
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Mention, Roles
from bot.domain.incident import Incident
from bot.domain.subject import Subject

_APPROVERS_ONLY = frozenset({Deed.APPROVE_CHANGE, Deed.REJECT_CHANGE})
_LEADS_ONLY = frozenset({Deed.OVERRIDE_GATE, Deed.PLAN_WINDOW, Deed.FREEZE})
_LETS_THROUGH = frozenset({Deed.APPROVE_CHANGE, Deed.OVERRIDE_GATE})
"""What lets production be changed: what is not known is no yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The guide's roles, seen from whoever asks.

    `is_outsider` says whether a Slack user is a guest, of another workspace, or gone; `members` who is in
    one of the guide's user groups, None where that is not known. What is not known keeps nobody out: an
    incident must be resolvable while Slack does not tell who is in which group. Only what lets production be
    changed waits until that is known. `is_home` says whether an
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

    def check_change(self, deed: Deed, actor: Actor, change: Change, _channel: str | None) -> None:
        """The same of a change. Whoever approves is an approver of the guide's, and never the one who asked.

        The plan is whose it is; who carries it out, and who takes it back, is everybody who is no guest: at
        three in the morning the author sleeps.
        """
        self.check_changes(deed, actor)
        if deed is Deed.APPROVE_CHANGE and change.requested_by.id == actor.id:
            raise ForbiddenError(f"{change.label} is your own: somebody else has to approve it.")
        own = change.requested_by.id == actor.id
        if deed is Deed.CANCEL_CHANGE and not (own or self._is_lead(actor)):
            raise ForbiddenError(
                f"{change.label} is {change.requested_by.name}'s: they or a lead may cancel it. "
                f"`reject {change.label} why` says that it should not be done."
            )
        if deed is Deed.EDIT_CHANGE and not (own or self._is_lead(actor)):
            raise ForbiddenError(
                f"{change.label} is {change.requested_by.name}'s: they or a lead may edit it."
            )

    def check_changes(self, deed: Deed, actor: Actor) -> None:
        """The same of any change, or of the calendar."""
        self._check_no_guest(deed, actor, "a change")
        if deed in _APPROVERS_ONLY and not self._has(actor, self.roles.approvers):
            raise ForbiddenError(
                f"You may not {deed.phrase} a change: the guide leaves that to its approvers."
            )
        if deed in _LEADS_ONLY and not self._has(actor, self.roles.leads):
            raise ForbiddenError(
                f"You may not {deed.phrase} a change: the guide leaves that to the team leads."
            )
        if deed in _LETS_THROUGH:
            self._check_is_known(deed, actor)

    def _check_is_known(self, deed: Deed, actor: Actor) -> None:
        """Raise for somebody of whom nobody knows whether they have the role: Slack tells that in a while."""
        role = self.roles.approvers if deed is Deed.APPROVE_CHANGE else self.roles.leads
        if role and not self._is_surely_in(actor.id, role.people, role.groups):
            raise ForbiddenError(
                f"You may not {deed.phrase} a change yet: Slack has not told who is in the guide's groups "
                "that may. Try again in a minute; if it stays so, the log of the bot says why."
            )

    def check_call(self, deed: Deed, actor: Actor, _call: Call, _channel: str | None) -> None:
        """The same of a call: whoever comes may say so, and whoever sees that it is settled call it off."""
        self._check_no_guest(deed, actor, "a page")

    def check_calls(self, deed: Deed, actor: Actor) -> None:
        """The same before there is one: everybody who is no guest may page somebody."""
        self._check_no_guest(deed, actor, "anybody")

    def _has(self, actor: Actor, role: Mention) -> bool:
        """Whether somebody has a role; where nobody is named for it, everybody has."""
        return not role or self._is_in(actor, role)

    def _is_lead(self, actor: Actor) -> bool:
        return self._has(actor, self.roles.leads)

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
