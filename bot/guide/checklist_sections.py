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
    slo: Text | None = None
    alerts: AlertsLook | None = None
    incidents: IncidentsLook | None = None
    changes: ChangesLook | None = None
    link: Url | None = None
    dashboard: Text | None = None
    unit: Unit = Unit.NUMBER
    fine: Text | None = None
    compare: SpanOrNone = A_WEEK
    chart: SpanOrNone = None

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
    title: Text
    evidence: Annotated[
        dict[Text, Annotated[EvidencePart, BeforeValidator(_queried)]], Field(max_length=12)
    ] = Field(default_factory=dict)

    def key_at(self, index: int) -> str:
        """The item's key: its own, or else made of its title, or of its place in the checklist."""
        return self.key or words.slug(self.title, f"item-{index + 1}")


class ChecklistPart(Part):
    """A procedure that recurs. `owner` is a word, or the people of a rotation in their order."""

    title: Text
    purpose: Text
    cadence: Cadence
    weekday: Weekday | None = None
    business_day: Annotated[int, Field(strict=True, ge=1, le=15)] | None = None
    at: ClockTime
    channel: str
    team: str
    runbook: str | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=20)] | None = None
    owner: Annotated[list[OwnerWord], BeforeValidator(words.listed), Field(max_length=50)] = Field(
        default_factory=lambda: [Whose.ANYBODY.value]
    )
    unfinished: Unfinished = Unfinished.CARRY
    after_outage: AfterOutage = AfterOutage.POST
    items: Annotated[list[Annotated[ItemPart, BeforeValidator(_titled)]], Field(min_length=1, max_length=40)]

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
