"""What a post-mortem's draft is made of."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.card import IncidentCard, Mentions
from bot.domain.event import Event
from bot.domain.item import Item
from bot.domain.postmortem import Duty
from bot.domain.timeline import TimelinePage

PLACES = frozenset(
    {
        "label",
        "number",
        "severity",
        "title",
        "service",
        "summary",
        "impact",
        "times",
        "escalation",
        "roles",
        "timeline",
        "items",
    }
)
"""What a template may have filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incident that is over, or not yet, as its post-mortem begins.

    `duty` is the post-mortem that it owes, `asked` the entry of the history that asks for the draft,
    `mentions` whom it notifies. `page` is the timeline as it holds now; `template` has the places to fill.
    """

    card: IncidentCard
    page: TimelinePage
    duty: Duty | None
    asked: Event
    mentions: Mentions
    template: str
    items: tuple[Item, ...] = ()

    @property
    def file_name(self) -> str:
        """The file's name: the same whenever this very draft is posted, and another draft's is another."""
        return f"postmortem-{self.card.incident.number}-{self.asked.sequence}.md"
