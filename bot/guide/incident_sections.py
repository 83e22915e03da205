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
    """What it is called."""
    meaning: Text
    """What it stands for, for whoever declares."""
    response: ResponseTime
    """How long a tier has to acknowledge before the next one is reached."""
    path: list[str]
    """The tiers to reach, first to last, by their keys; empty for the team's backlog."""
    pages: bool
    """Whether they are paged, or only mentioned in Slack."""
    repeats: bool = True
    """Whether the last tier is paged again, every response time, until somebody acknowledges."""
    update_every: Pace | None = None
    """How often whoever leads is asked for an update; left out, never."""
    room: bool = False
    """Whether each gets a Slack channel of its own."""
    leadership: bool = False
    """Whether it is shown in `defaults.leadership`."""
    still_on_it: Pace | None = None
    """How long whoever has it may be silent before they are asked; left out, nobody is asked."""

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
    """What it is called."""
    does: Text
    """What whoever has it does."""


class RoomPart(Part):
    """How incidents' own channels are kept."""

    archive_after: ArchiveAfter = timedelta(days=7)
    """How long after its incident's end a channel is archived."""
    private: bool = False
    """Whether those channels are private."""


class PostmortemPart(Part):
    """Which incidents owe a post-mortem, and its draft's template."""

    due: dict[Severity, BusinessDays] = Field(default_factory=dict)
    """How long there is to write one, by severity; those that are left out owe none."""
    template: File | None = None
    """The draft's template, a file beside the guide; left out, the shipped one."""
    drills: bool = False
    """Whether drills owe one, too."""


class IncidentsPart(Part):
    """How incidents are run."""

    room: RoomPart = RoomPart()
    """How incidents' own channels are kept."""
    roles: dict[Key, IncidentRolePart] = Field(default_factory=dict)
    """What people take on; the first one is of whoever acknowledges first."""
    same_within: Duration | Literal["never"] = timedelta(hours=1)
    """How close to an open incident another of the same service is asked about."""
    timeline_reaction: EmojiName | Literal["none"] = "memo"
    """The emoji that puts a message into the timeline."""
    postmortem: PostmortemPart = PostmortemPart()
    """Who owes a post-mortem."""
