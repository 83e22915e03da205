"""What a guide's file may say about incidents: its sections `severities` and `incidents`."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.severity import Severity
from bot.guide import words
from bot.guide.fields import (
    ArchiveAfter,
    BusinessDays,
    Duration,
    EmojiName,
    File,
    Key,
    Pace,
    ResponseTime,
    Text,
)
from bot.guide.part import Part


class SeverityPart(Part):
    """What a severity asks for."""

    title: Text
    meaning: Text
    response: ResponseTime
    path: list[str]
    pages: bool
    repeats: bool = True
    update_every: Pace | None = None
    room: bool = False
    leadership: bool = False
    still_on_it: Pace | None = None

    @model_validator(mode="after")
    def _path_and_response(self) -> Self:
        if self.pages and not self.path:
            raise ValueError("it pages, but its path is empty: nobody would be paged")
        if self.response is None and self.path:
            raise ValueError(
                f'"{words.NEXT_BUSINESS_DAY}" goes to the team\'s backlog: leave the path empty, '
                "or give a duration"
            )
        if self.response is not None and not self.path:
            raise ValueError(
                f'its path is empty, so nobody has to answer in time: write "{words.NEXT_BUSINESS_DAY}", '
                "or name tiers"
            )
        if self.response is None and self.still_on_it:
            raise ValueError("nobody has to answer in time, so nobody is asked: leave still_on_it out")
        return self


class IncidentRolePart(Part):
    """What somebody takes on in an incident."""

    title: Text
    does: Text


class RoomPart(Part):
    """How incidents' own channels are kept."""

    archive_after: ArchiveAfter = timedelta(days=7)
    private: bool = False


class PostmortemPart(Part):
    """Which incidents owe a post-mortem, and its draft's template."""

    due: dict[Severity, BusinessDays] = Field(default_factory=dict)
    template: File | None = None
    drills: bool = False


class IncidentsPart(Part):
    """How incidents are run."""

    room: RoomPart = RoomPart()
    roles: dict[Key, IncidentRolePart] = Field(default_factory=dict)
    same_within: Duration | Literal["never"] = timedelta(hours=1)
    timeline_reaction: EmojiName | Literal["none"] = "memo"
    postmortem: PostmortemPart = PostmortemPart()
