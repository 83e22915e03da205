"""What a guide's file may say about routine reviews: its sections `checklists` and `reviews`."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.domain.checklist import AfterOutage, Cadence, Unfinished, Whose
from bot.domain.evidence import A_WEEK, Source, Unit
from bot.guide import words
from bot.guide.fields import ClockTime, ClockTimeOrNone, Key, OwnerWord, SpanOrNone, Text, Url, Weekday
from bot.guide.part import Part

DAYS: dict[Cadence, int] = {Cadence.DAILY: 1, Cadence.WEEKLY: 3, Cadence.MONTHLY: 5}
"""How many business days there are to finish a run, where a guide does not say."""

Query = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class AlertsLook(StrEnum):
    """What of the alerts is looked at."""

    UNACKNOWLEDGED = "unacknowledged"
    NOISIEST = "noisiest"


class IncidentsLook(StrEnum):
    """What of the incidents is looked at."""

    OPEN = "open"


class ChangesLook(StrEnum):
    """What of the changes is looked at."""

    AHEAD = "ahead"


class EvidencePart(Part):
    """What an item looks at: one source, and what is said about a query's numbers."""

    query: Query | None = None
    """PromQL that Prometheus is asked."""
    slo: Text | None = None
    """How a service, `platform`, or `all` stand."""
    alerts: AlertsLook | None = None
    """What of the alerts is looked at."""
    incidents: IncidentsLook | None = None
    """What of the incidents is looked at."""
    changes: ChangesLook | None = None
    """What of the changes is looked at."""
    link: Url | None = None
    """An address to look at."""
    dashboard: Text | None = None
    """A dashboard of the guide to look at, by its key."""
    unit: Unit = Unit.NUMBER
    """In what a query's number is told."""
    fine: Text | None = None
    """When a query's number is fine, as `< 80`."""
    compare: SpanOrNone = A_WEEK
    """Beside how long ago a query's number is told."""
    chart: SpanOrNone = None
    """Over how long a query's chart goes; left out, there is none."""

    @property
    def named(self) -> tuple[str, ...]:
        """The sources that it names; there is to be one."""
        return tuple(name for name in SOURCES if getattr(self, name) is not None)

    @property
    def source(self) -> Source:
        """Who is asked."""
        return SOURCES[self.named[0]]

    @property
    def of(self) -> str:
        """What is asked for, in the words of the source; a dashboard by its key."""
        return str(getattr(self, self.named[0]))


SOURCES: dict[str, Source] = {
    "query": Source.QUERY,
    "slo": Source.SLO,
    "alerts": Source.ALERTS,
    "incidents": Source.INCIDENTS,
    "changes": Source.CHANGES,
    "link": Source.LINK,
    "dashboard": Source.LINK,
}
"""The keys of evidence that say who is asked."""


def _queried(value: object) -> object:
    return {"query": value} if isinstance(value, str) else value


def _titled(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


class ItemPart(Part):
    """One thing to do in a checklist; written as text, or as a mapping where it has evidence."""

    key: Key | None = None
    """By what it is known over time; left out, made of its title."""
    title: Text
    """What is to be done."""
    evidence: Annotated[
        dict[Text, Annotated[EvidencePart, BeforeValidator(_queried)]], Field(max_length=12)
    ] = Field(default_factory=dict)
    """What it looks at, by how that is called; a text alone is a query. At most 12."""

    def key_at(self, index: int) -> str:
        """The item's key: its own, or else made of its title, or of its place in the checklist."""
        return self.key or words.slug(self.title, f"item-{index + 1}")


class ChecklistPart(Part):
    """A procedure that recurs. `owner` is a word, or the people of a rotation in their order."""

    title: Text
    """What it is called."""
    purpose: Text
    """What it is for."""
    cadence: Cadence
    """How often it comes."""
    weekday: Weekday | None = None
    """On which weekday a weekly one comes."""
    business_day: Annotated[int, Field(strict=True, ge=1, le=15)] | None = None
    """On which business day of the month a monthly one comes."""
    at: ClockTime
    """When it comes."""
    channel: str
    """Where it is posted, by the channel's key."""
    team: str
    """Whose it is, by the team's key."""
    runbook: str | None = None
    """What to read, by its key."""
    days: Annotated[int, Field(strict=True, ge=1, le=20)] | None = None
    """How many business days there are to finish it; left out, 1 (daily), 3 (weekly) or 5 (monthly)."""
    owner: Annotated[list[OwnerWord], BeforeValidator(words.listed), Field(max_length=50)] = Field(
        default_factory=lambda: [Whose.ANYBODY.value]
    )
    """Whose each run is: `anybody`, `on-call`, or members' ids who take turns."""
    unfinished: Unfinished = Unfinished.CARRY
    """What becomes of what is open when its time is over."""
    after_outage: AfterOutage = AfterOutage.POST
    """What becomes of one that the bot could not post in time."""
    items: Annotated[list[Annotated[ItemPart, BeforeValidator(_titled)]], Field(min_length=1, max_length=40)]
    """What is done in it; a text alone is a title. 1 to 40."""

    @property
    def days_to_finish(self) -> int:
        """How many business days there are to finish a run."""
        return self.days or DAYS[self.cadence]

    @model_validator(mode="after")
    def _day(self) -> Self:
        wanted = {Cadence.DAILY: None, Cadence.WEEKLY: "weekday", Cadence.MONTHLY: "business_day"}[
            self.cadence
        ]
        for name, value in (("weekday", self.weekday), ("business_day", self.business_day)):
            if (value is not None) != (name == wanted):
                verb = "needs" if name == wanted else "has no"
                raise ValueError(f'a {self.cadence} checklist {verb} "{name}"')
        return self


class ReviewsPart(Part):
    """What is told about the reviews as a whole."""

    report_at: ClockTimeOrNone = time(9, 30)
    """When the month before is told, on the month's first business day."""
