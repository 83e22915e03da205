"""Who and what belongs to an incident by the guide: path, team, channel, links, and whom to mention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup
from bot.domain.card import Mentions
from bot.domain.change_policy import Webhook
from bot.domain.changes.change import Change
from bot.domain.checklist import called
from bot.domain.checklists.run import Run
from bot.domain.errors import NotFoundError
from bot.domain.guide import Dashboard, Guide, Mention, ReachKind, Runbook, Service, Team, Tier
from bot.domain.incident import Incident
from bot.domain.incident_policy import COMMUNICATIONS, IncidentRole
from bot.domain.path import BusinessTime, Path, Rung
from bot.domain.severity import Severity
from bot.domain.slo.objective import PLATFORM, Promise, promises
from bot.domain.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """Whose routing key carries a page, and the level to raise it to, for a tier that is a level."""

    tier: str
    level: int | None


class OfService(Protocol):
    """Something about a service: an incident, an alert group, a change."""

    @property
    def service(self) -> str | None:
        """The guide's key, None for the platform as a whole."""

    @property
    def security(self) -> bool:
        """Whether it is the security team's."""


def test_key(tier: str) -> str:
    """What a tier's routing key for drills is configured as: `PAGERDUTY_ROUTING_KEY_ON_CALL_TEST`."""
    return f"{tier}-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The guide, seen from an incident.

    `has_key` says whether a routing key is configured for a tier, `can_look_up` whether the paging
    service's state can be read, `confirmable` whether a page can be seen to have made an incident,
    `measures` whether there is a metrics database to ask, and `has_hook` whether there is a secret with which
    a webhook is signed.
    """

    guide: Guide
    business: BusinessTime
    has_key: Callable[[str], bool]
    can_look_up: bool
    confirmable: bool
    measures: bool = False
    has_hook: Callable[[str], bool] = lambda _webhook: False

    def path(self, severity: Severity) -> Path:
        """The severity's path as the guide has it now."""
        policy = self.guide.severities[severity]
        tiers = (self.guide.tiers[key] for key in policy.path)
        return Path(
            rungs=tuple(Rung(tier=tier.key, title=tier.title) for tier in tiers),
            response=policy.response,
            pages=policy.pages,
            repeats=policy.repeats,
        )

    def alert_path(self, severity: Severity, *, page: bool, escalate_after: timedelta | None) -> Path:
        """The severity's path as alerts go it: `page` at once, then a step each `escalate_after`, or none."""
        path = self.path(severity)
        return replace(
            path,
            response=escalate_after or path.response,
            at_once=page,
            escalates=escalate_after is not None,
        )

    def team(self, service: str | None, *, security: bool = False) -> Team:
        """Who owns it."""
        defaults = self.guide.defaults
        known = self._service(service)
        owner = known.team if known else defaults.team
        return self.guide.teams[defaults.security_team if security else owner]

    def team_of(self, subject: Subject) -> Team:
        """Who owns it: an alert group's route says so, and a run's checklist; of a change who did then."""
        team = subject.team if isinstance(subject, AlertGroup | Run | Change) else None
        service = subject.service if isinstance(subject, Incident | AlertGroup | Change) else None
        return self.guide.teams.get(team or "") or self.team(service, security=subject.security)

    def called(self, run: Run) -> str:
        """What a run's checklist is called among others: with its cadence where one is titled alike."""
        return called(run.title, run.cadence, alike=run.checklist in self.guide.titled_alike)

    def channel(self, severity: Severity, service: str | None, *, security: bool) -> str:
        """The guide's channel in which the card stands: the team's where nobody is paged."""
        if security:
            return self.guide.defaults.security
        if not self.guide.severities[severity].pages:
            return self.team(service).channel
        return self.guide.defaults.ops

    def via(self, tier_key: str, *, drill: bool = False) -> Via | None:
        """How a page reaches a tier; None where only a mention in Slack does.

        A drill's goes by the tier's key for tests, where one is configured.
        """
        if drill and self.has_key(test_key(tier_key)):
            return Via(tier=test_key(tier_key), level=None)
        tier = self.guide.tiers.get(tier_key)
        if tier is None or tier.reach is ReachKind.SLACK:
            return None
        if tier.reach is ReachKind.SERVICE:
            return Via(tier=tier_key, level=None) if self.has_key(tier_key) else None
        first = self.guide.first_tier.key
        return Via(tier=first, level=tier.level) if self.can_look_up and self.has_key(first) else None

    def why_unreached(self, tier_key: str) -> str:
        """Why `via` gives nothing for a tier, as a clause after its title."""
        tier = self.guide.tiers.get(tier_key)
        if tier is None:
            return "is no longer in the guide"
        if tier.reach is ReachKind.SLACK:
            return "is reached in Slack only"
        if tier.reach is ReachKind.LEVEL and not self.can_look_up:
            return "needs PAGERDUTY_API_KEY to be raised to its level"
        return "has no PagerDuty routing key"

    def runbook(self, subject: OfService) -> Runbook:
        """What to read first."""
        defaults = self.guide.defaults
        if subject.security:
            return self.guide.runbooks[defaults.security_runbook]
        service = self._service(subject.service)
        return self.guide.runbooks[service.runbook if service else defaults.runbook]

    def dashboards(self, subject: OfService) -> tuple[Dashboard, ...]:
        """What to look at first."""
        service = self._service(subject.service)
        keys = (service.dashboards if service else ()) or self.guide.defaults.dashboards
        return tuple(self.guide.dashboards[key] for key in keys)

    def service_title(self, subject: OfService) -> str | None:
        """The service's title; the key it was declared with where the guide has it no more."""
        service = self._service(subject.service)
        return service.title if service else subject.service

    def promise(self, incident: Incident) -> Promise | None:
        """What was promised for what is broken, or for the platform where no service is named.

        None where that cannot be measured.
        """
        return self.promise_of(incident.service)

    def promise_of(self, service: str | None) -> Promise | None:
        """The same of a service by its key, or of the platform."""
        promise = promises(self.guide).get(service or PLATFORM)
        return promise if self.measures and promise is not None and promise.objectives else None

    def why_not_measured(self, service: str | None) -> str | None:
        """Why `promise_of` gives nothing, as a sentence; None where it does give something."""
        if not self.measures:
            return "Nobody measures: PROMETHEUS_URL is not set."
        if self.promise_of(service) is not None:
            return None
        known = self._service(service)
        whose = known.title if known else service or "the platform"
        return f"The guide promises nothing for {whose} that is measured."

    def why_unmeasured(self, incident: Incident) -> str | None:
        """Why `promise` gives nothing, as a sentence; None where it does give something."""
        return self.why_not_measured(incident.service)

    def rollback_hook(self, service: str | None) -> Webhook | None:
        """What takes back a change of a service; None where people do."""
        named = self._rollback(service)
        return self.guide.changes.webhooks.get(named) if named and self.has_hook(named) else None

    def why_by_hand(self, service: str | None) -> str | None:
        """Why `rollback_hook` gives nothing although the guide names a webhook, as a sentence."""
        named = self._rollback(service)
        if named is None or self.has_hook(named):
            return None
        return f"The webhook {named} is not asked: there is no secret that signs it."

    def _rollback(self, service: str | None) -> str | None:
        known = self._service(service)
        return known.rollback if known else None

    def mentions(self, tiers: Iterable[str], team: Team | None, *, people: Iterable[str] = ()) -> Mentions:
        """Whom to notify in Slack: for tiers, for a team, and `people` by their ids."""
        known = [self.guide.tiers[key] for key in tiers if key in self.guide.tiers]
        parts: list[Tier | Team] = [*known, *([team] if team else [])]
        return Mentions(
            who=Mention(
                groups=tuple(dict.fromkeys(group for part in parts for group in part.mention.groups)),
                people=tuple(
                    dict.fromkeys([*people, *(one for part in parts for one in part.mention.people)])
                ),
            ),
            names=tuple(part.title for part in parts),
        )

    def role(self, word: str) -> IncidentRole:
        """The role that a person means by `word`: its key, or the beginning of its key or title.

        Raises NotFoundError with the roles that there are.
        """
        roles, said = self.guide.incidents.roles, word.lower()
        if said in roles:
            return roles[said]
        meant = [
            one
            for one in roles.values()
            if any(name.lower().startswith(said) for name in (one.key, one.title))
        ]
        if len(meant) == 1:
            return meant[0]
        known = ", ".join(f"`{key}` ({one.title})" for key, one in roles.items())
        raise NotFoundError(
            f"There is no role `{word}`. " + (f"The guide has: {known}." if known else "The guide has none.")
        )

    def holders(self, incident: Incident) -> tuple[tuple[str, Actor], ...]:
        """Who has which role, by its title; in the guide's order, then what it has no more."""
        titles = {key: role.title for key, role in self.guide.incidents.roles.items()}
        known = [(title, incident.roles[key]) for key, title in titles.items() if key in incident.roles]
        return (*known, *((key, actor) for key, actor in incident.roles.items() if key not in titles))

    @property
    def first_role(self) -> IncidentRole | None:
        """The role of whoever acknowledges first."""
        return self.guide.incidents.first_role

    def leader(self, incident: Incident) -> Actor | None:
        """Who speaks for it: the first role's holder, else who communicates, else who has acknowledged."""
        first = self.first_role
        commander = incident.holder(first.key) if first else None
        return commander or incident.holder(COMMUNICATIONS) or incident.acknowledged_by

    def tells_leadership(self, incident: Incident) -> bool:
        """Whether the business's stakeholders are told of it by its severity. Of a drill they never are."""
        return self.guide.severities[incident.severity].leadership and not incident.drill

    def still_on_it(self, incident: Incident) -> timedelta | None:
        """How long its severity bears that whoever has it is silent."""
        return self.guide.severities[incident.severity].still_on_it

    def update_every(self, incident: Incident) -> timedelta | None:
        """How often its severity asks for an update."""
        return self.guide.severities[incident.severity].update_every

    def is_the_one_on_call(self, actor: Actor) -> bool:
        """Whether the guide says that exactly this person is who the first tier pages."""
        mention = self.guide.first_tier.mention
        return not mention.groups and mention.people == (actor.id,)

    def _service(self, key: str | None) -> Service | None:
        return self.guide.services.get(key) if key else None
