"""What is where in Slack, what was answered, and what is known of the installation."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.face import Face


class Messages(Protocol):
    """Which message shows which subject, and as which of its faces."""

    def of(self, subject: str, face: Face) -> MessageRef | None:
        """Where a subject's face stands."""

    def newest_in(self, channel: str) -> str | None:
        """Which incident has the newest face in a channel (Slack's id); faces of others are passed over."""

    def last(self) -> int:
        """The number of the message that was remembered last: another one whenever one has been posted."""

    def subject_at(self, at: MessageRef) -> str | None:
        """Which subject has a face there, whichever."""

    def save(self, subject: str, face: Face, at: MessageRef) -> None:
        """Remember where a subject's face stands; what stood there before is forgotten."""

    def forget(self, at: MessageRef) -> None:
        """Remove a message that is no more."""

    def forget_channel(self, channel: str) -> None:
        """Remove everything that stood in a channel that is no more used."""

    def turn(self, subject: str, face: Face, into: Face) -> None:
        """Let the messages of one of a subject's faces be another's from now on."""


class Receipts(Protocol):
    """Which requests were carried out, and what was answered."""

    def find(self, source: str, delivery_id: str) -> str | None:
        """The answer to a request that was carried out before."""

    def keep(self, source: str, delivery_id: str, reply: str, at: datetime) -> None:
        """Remember the answer, in the use case's own transaction."""

    def forget(self, before: datetime) -> int:
        """Remove receipts older than any redelivery. Returns how many."""


class Facts(Protocol):
    """Small facts of the installation by name, e.g. the workspace's channel ids."""

    def get(self, name: str) -> str | None:
        """Read one."""

    def put(self, name: str, value: str) -> None:
        """Write one."""

    def swap(self, name: str, was: str | None, value: str) -> bool:
        """Write one that still is what it `was` (None: there was none). False where it is not."""
