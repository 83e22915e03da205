"""What the bot needs of what groups and silences alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.alert import Alert, Labels

Matchers = tuple[tuple[str, str], ...]
"""Labels and their exact values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceWish:
    """A silence as it is to be. `mark` is the bot's own id of it, by which it is found again."""

    mark: str
    matchers: Matchers
    by: str
    comment: str
    starts_at: datetime
    ends_at: datetime


class RemoteState(StrEnum):
    """How a silence stands where it holds."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSilence:
    """A silence as it is where it holds. `mark` is the bot's id of one that the bot has made."""

    id: str
    state: RemoteState
    by: str
    comment: str
    starts_at: datetime
    ends_at: datetime
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAlert:
    """An alert that fires. `silenced_by` are the ids of silences; `muted`: nobody is told for another reason.

    `receivers` are the names of those who are told of it.
    """

    alert: Alert
    receivers: tuple[str, ...]
    silenced_by: tuple[str, ...]
    muted: bool

    @property
    def is_told(self) -> bool:
        """Whether those who are to be told of it are told."""
        return not (self.silenced_by or self.muted)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteGroup:
    """Who is told of which alerts at once, and by which labels they are grouped."""

    receiver: str
    labels: Labels
    fingerprints: frozenset[str]


class Silencer(Protocol):
    """Silences alerts, and shows what fires. Setting and ending are bounded in time, well below a lease.

    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    @property
    def is_there(self) -> bool:
        """Whether one is configured."""

    async def set(self, wish: SilenceWish, *, uncertain: bool) -> str:
        """Make the silence; returns its id. `uncertain`: it may have been made, and is looked for first."""

    async def end(self, remote_id: str | None, mark: str) -> None:
        """End the silence with an id, or where nobody knows that, those with the mark. Idempotent."""

    def silences(self) -> AsyncIterator[RemoteSilence]:
        """Every silence, those that have expired lately, too."""

    def alerts(self, among: Labels | None = None) -> AsyncIterator[RemoteAlert]:
        """Every alert that fires, or those which have these labels. Ending without a failure: that is all."""

    def groups(self) -> AsyncIterator[RemoteGroup]:
        """Which alerts are told at once."""

    async def up_since(self) -> datetime:
        """Since when it runs: it knows of no alert that nobody has told it of since."""
