"""What a use case is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.actor import Actor
from bot.domain.card import IncidentCard
from bot.domain.changes.change import Change
from bot.domain.quote import Quote
from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a person, as it can be told from a redelivery of the same.

    `source` and `delivery_id` are the identity under which Slack may send it again; `actor` is who asks;
    `channel` and `thread` are Slack's ids of where (a slash command knows only its channel).
    `channel_name` is the channel's name and `is_private` whether only invited people read it; None where
    the request does not tell. `response_url` is where an answer may be sent to for a while: it is a secret.
    """

    source: str
    delivery_id: str
    actor: Actor
    channel: str | None = None
    channel_name: str | None = None
    is_private: bool | None = None
    thread: str | None = None
    response_url: str | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Which incident is meant: by number, by identity (a button), or by where the request was made.

    `epoch` is that of the card whose button was pressed; an older one than the incident's is refused.
    """

    number: int | None = None
    id: str | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRef:
    """A problem that a checklist's run has found: the run's id, and the item's position."""

    run: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody says is wrong. `service` is a key of the guide; a `drill` is done as if it were one.

    `quote` is the message of people's that it began with, `alert` the id of the alert group, `problem` what
    a review has found.
    """

    severity: Severity
    title: str
    service: str | None = None
    security: bool = False
    drill: bool = False
    impact: str | None = None
    quote: Quote | None = None
    alert: str | None = None
    problem: ProblemRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOffer:
    """Two incidents that may be one: which of them would end, and which would go on. By ids and numbers."""

    ended: str
    ended_number: int
    kept: str
    kept_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the person who asked reads. `card` is the incident as it now is, where there is one.

    `offer` is what may be merged, if the one who asked finds it to be the same, `problem` what an incident
    may be declared for, `change` the change as it now is. `repeated` says that the request had been carried
    out before: this is the first answer again.
    """

    text: str
    card: IncidentCard | None = None
    offer: MergeOffer | None = None
    problem: ProblemRef | None = None
    change: Change | None = None
    repeated: bool = False

    @property
    def warning(self) -> bool:
        """Whether it says more than everybody sees: the incident is over, and alerts of it still fire."""
        card = self.card
        return card is not None and not card.incident.is_open and bool(card.alerts and card.alerts.firing)
