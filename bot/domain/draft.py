"""What a post-mortem's draft is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.card import IncidentCard, Mentions
from bot.domain.event import Event, EventKind
from bot.domain.incident import Status
from bot.domain.item import Item
from bot.domain.postmortem import Duty
from bot.domain.slo.note import Noted, read_note
from bot.domain.timeline import Entry, TimelinePage

_BEGINS_ANEW = frozenset({EventKind.REOPENED, EventKind.UNATTENDED})

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
        "budget",
    }
)
"""What a template may have filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incident that is over, or not yet, as its post-mortem begins.

    `duty` is the post-mortem that it owes, `asked` the entry of the history that asks for the draft,
    `mentions` whom it notifies. `page` is the timeline as it holds now; `template` has the places to fill.
    `unmeasured` says why nobody measures what is broken, where nobody does.
    """

    card: IncidentCard
    page: TimelinePage
    duty: Duty | None
    asked: Event
    mentions: Mentions
    template: str
    items: tuple[Item, ...] = ()
    unmeasured: str | None = None

    @property
    def file_name(self) -> str:
        """The file's name: the same whenever this very draft is posted, and another draft's is another."""
        return f"postmortem-{self.card.incident.number}-{self.asked.sequence}.md"

    @property
    def budget(self) -> tuple[tuple[Noted, Entry | None], ...]:
        """The entries that say how the error budget stood at each moment that has come, where there are any.

        What was noted before it was reopened, of an end that was none, is not among them.
        """
        incident, begun = self.card.incident, self._begun_anew_at
        came = {
            Noted.DECLARED: True,
            Noted.ACKNOWLEDGED: incident.acknowledged_at is not None,
            Noted.RESOLVED: incident.status is Status.RESOLVED,
        }
        found: dict[Noted, Entry] = {}
        for entry in self.page.entries:
            note = read_note(entry.event.data) if entry.event.kind is EventKind.SLO_NOTED else None
            if note and (note.moment is Noted.DECLARED or begun is None or note.at >= begun):
                found[note.moment] = entry
        return tuple((moment, found.get(moment)) for moment, has_come in came.items() if has_come)

    @property
    def _begun_anew_at(self) -> datetime | None:
        anew = [one.event.at for one in self.page.entries if one.event.kind in _BEGINS_ANEW]
        return anew[-1] if anew else None
