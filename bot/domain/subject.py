"""What has a history, cards and lines in Slack: an incident, an alert group, or a checklist's run."""

from __future__ import annotations

from typing import Protocol

from bot.domain.incident import Room
from bot.domain.severity import Severity


class Subject(Protocol):
    """What showing it and telling of it need. Its words are those of `Incident`."""

    @property
    def id(self) -> str:
        """For keys and buttons; no two subjects of any type share one."""

    @property
    def label(self) -> str:
        """How people name it."""

    @property
    def title(self) -> str:
        """What it is about."""

    @property
    def public_title(self) -> str:
        """What it is about, where outsiders may read."""

    @property
    def severity(self) -> Severity:
        """How urgent what is owed for it is."""

    @property
    def security(self) -> bool:
        """Whether nothing that people write of it may leave its own channel."""

    @property
    def channel(self) -> str:
        """The guide's key of the channel in which it began."""

    @property
    def room(self) -> Room | None:
        """Its own Slack channel."""

    @property
    def epoch(self) -> int:
        """Rises whenever what was owed before counts no more."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has work to do."""


def has_room(subject: Subject) -> bool:
    """Whether people talk about it in a room of its own now."""
    return subject.room is not None and subject.room.archived_at is None
