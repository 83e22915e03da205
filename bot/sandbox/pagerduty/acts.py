"""The account with its surroundings: what people and tests do to it, and what they see of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.pagerduty import account
from bot.sandbox.pagerduty.account import Account
from bot.sandbox.pagerduty.faults import EVENTS, KINDS, REST
from bot.sandbox.pagerduty.incidents import Incident, Notification
from bot.sandbox.pagerduty.lapses import lapse
from bot.sandbox.pagerduty.people import ANA, PEOPLE, SERVICES, Person, Service, Target, service, weekly
from bot.sandbox.pagerduty.rates import Rates
from bot.sandbox.pagerduty.rest_api import API_KEY, RestApi
from bot.sandbox.pagerduty.webhooks import EVENT_TYPES, REDELIVERY_SECONDS, Delivery, Subscription, Webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the stand-in: what is in the account, and what its webhook was told."""

    account: account.Kept
    deliveries: list[Delivery]


class StandIn:
    """PagerDuty's account, and everything that people and tests do to it.

    What `/control/` does is here as methods. Incidents are named by a page's key or PagerDuty's id,
    people by name. Acts of people answer with the incident; unknown names raise `UnknownError`.
    `enforce_rates=False` lets benches call as fast as they can.
    """

    def __init__(
        self,
        *,
        services: Sequence[Service] = SERVICES,
        people: Sequence[Person] = PEOPLE,
        api_key: str = API_KEY,
        clock: Clock = wall_clock,
        monotonic: Callable[[], float] = time.monotonic,
        enforce_rates: bool = True,
    ) -> None:
        self.api_key = api_key
        self.feed = Feed()
        self.faults = Faults(kinds=KINDS, called="api", calls=(EVENTS, REST))
        self.rates = Rates(monotonic, enforced=enforce_rates)
        self.calls = {EVENTS: 0, REST: 0}
        self.webhooks = Webhooks(clock, self._delivered)
        self.account = Account(services=services, people=people, clock=clock, listener=self._changed)
        self.rest = RestApi(self.account, self.rates, api_key, clock)
        self._clock = clock
        self._told = 0

    @property
    def routing_keys(self) -> dict[str, str]:
        """The routing key of each tier."""
        return {each.tier: each.routing_key for each in self.account.services}

    @property
    def incidents(self) -> list[Incident]:
        """Every incident, oldest first."""
        return self.account.incidents

    @property
    def notifications(self) -> list[Notification]:
        """Everybody who was notified, in order: whether a page was lost or doubled can be read here."""
        return self.account.notifications

    def incident(self, key_or_id: str) -> Incident:
        """The newest incident under a key, or with an id."""
        return self.account.find(key_or_id)

    def acknowledge(self, key_or_id: str, person: str = ANA.name) -> Incident:
        """A person acknowledges in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.acknowledge(incident, self._agent(person))
        return incident

    def unacknowledge(self, key_or_id: str) -> Incident:
        """The acknowledgement runs out."""
        incident = self.account.find(key_or_id)
        self.account.unacknowledge(incident, incident.service.reference)
        return incident

    def resolve(self, key_or_id: str, person: str = ANA.name) -> Incident:
        """A person resolves in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.resolve(incident, self._agent(person))
        return incident

    def reopen(self, key_or_id: str, person: str = ANA.name) -> Incident:
        """A person reopens in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.reopen(incident, self._agent(person))
        return incident

    def escalate(self, key_or_id: str, level: int | None = None, person: str = ANA.name) -> Incident:
        """A person escalates in PagerDuty: to a level, or to the next one."""
        incident = self.account.find(key_or_id)
        to = incident.level + 1 if level is None else level
        self.account.escalate(incident, to, self._agent(person))
        return incident

    def reassign(self, key_or_id: str, to: str, person: str = ANA.name) -> Incident:
        """A person hands it to another one in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.reassign(incident, (self.account.person(to),), self._agent(person))
        return incident

    def merge(self, key_or_id: str, into: str, person: str = ANA.name) -> Incident:
        """A person merges it into another incident in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.merge(incident, self.account.find(into), self._agent(person))
        return incident

    def delegate(self, key_or_id: str, to: str, person: str = ANA.name) -> Incident:
        """A person hands it to another tier's escalation policy in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.delegate(incident, self.account.service_for(to), self._agent(person))
        return incident

    def prioritize(self, key_or_id: str, priority: str | None, person: str = ANA.name) -> Incident:
        """A person sets its priority in PagerDuty, or takes it away."""
        incident = self.account.find(key_or_id)
        self.account.prioritize(incident, priority, self._agent(person))
        return incident

    def annotate(self, key_or_id: str, content: str, person: str = ANA.name) -> Incident:
        """A person writes a note in PagerDuty."""
        incident = self.account.find(key_or_id)
        self.account.annotate(incident, content, self._agent(person))
        return incident

    def subscribe(
        self,
        url: str,
        secret: str,
        *,
        redelivery_seconds: Sequence[float] = REDELIVERY_SECONDS,
        copies: int = 1,
        events: Iterable[str] = EVENT_TYPES,
    ) -> Subscription:
        """Send webhooks to `url`, signed with `secret`, each `copies` times."""
        subscription = Subscription(
            url=url,
            secret=secret,
            redelivery_seconds=tuple(redelivery_seconds),
            copies=copies,
            events=frozenset(events),
        )
        self.webhooks.subscribe(subscription)
        return subscription

    def put_service(
        self,
        tier: str,
        name: str | None = None,
        levels: Sequence[Sequence[str | Sequence[str]]] = ((ANA.name,),),
        **more: Any,
    ) -> Service:
        """Add a tier's service, or replace it; `more` are fields of `Service`.

        `levels` are names of people; several names in the place of one take weekly turns.
        """
        title = name or tier.capitalize()
        targets = [[self._target(tier, title, who) for who in level] for level in levels]
        made = service(tier, title, targets, **more)
        self.account.put_service(made)
        return made

    def configure(
        self, *, enforce_rates: bool | None = None, shows_keys: bool | None = None
    ) -> dict[str, Any]:
        """Switch the rate limits, and whether incidents show their key; answers with both."""
        if enforce_rates is not None:
            self.rates.enforced = enforce_rates
        if shows_keys is not None:
            self.rest.shows_keys = self.webhooks.shows_keys = shows_keys
        return {"enforce_rates": self.rates.enforced, "shows_keys": self.rest.shows_keys}

    def reset(self) -> None:
        """Forget incidents, notifications, faults, calls and deliveries; services and the webhook stay."""
        self.account.clear()
        self.faults.clear()
        self.rates.clear()
        self.webhooks.clear()
        self.calls = {EVENTS: 0, REST: 0}
        self._told = 0
        self.feed.publish("reset", {})

    def kept(self) -> Kept:
        """What is to be there again at another start. Settings and faults are not."""
        return Kept(account=self.account.kept(), deliveries=self.webhooks.deliveries)

    def restore(self, was: Kept) -> None:
        """Go on from there."""
        self.account.restore(was.account)
        self.webhooks.restore(was.deliveries)
        self._told = len(self.notifications)

    def lapse(self) -> None:
        """Have happen what has come due since."""
        lapse(self.account, self._clock())

    def state(self) -> dict[str, Any]:
        """Everything, as `/control/state` shows it."""
        subscription = self.webhooks.subscription
        return {
            "now": self._clock(),
            "feed": self.feed.last,
            "services": [each.to_json() for each in self.account.services],
            "people": [person.name for person in self.account.people],
            "incidents": [each.to_json() for each in self.incidents],
            "notifications": [each.to_json() for each in self.notifications],
            "calls": dict(self.calls),
            "settings": self.configure(),
            **self.faults.to_json(),
            "webhook": subscription.to_json() if subscription else None,
            "webhook_disabled": self.webhooks.disabled,
            "deliveries": [each.to_json() for each in self.webhooks.deliveries],
        }

    def _target(self, tier: str, title: str, who: str | Sequence[str]) -> Target:
        if isinstance(who, str):
            return self.account.person(who)
        return weekly(tier, f"{title}, weekly", *(self.account.person(name) for name in who))

    def _agent(self, person: str) -> dict[str, Any]:
        return self.account.person(person).reference

    def _changed(self, what: str, incident: Incident, agent: dict[str, Any]) -> None:
        self.webhooks.publish(what, incident, agent)
        for notification in self.notifications[self._told :]:
            self.feed.publish("notification", notification.to_json())
        self._told = len(self.notifications)
        self.feed.publish("incident", {"what": what, "by": agent["summary"], **incident.to_json()})

    def _delivered(self, delivery: Delivery) -> None:
        self.feed.publish("delivery", delivery.to_json())
