"""What there is to do for one delivery, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery
from bot.ports.chat import Line, Shown
from bot.ports.pager import Page, PagerIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFace:
    """Show a face: in its message, or in a new one."""

    delivery: Delivery
    shown: Shown
    at: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLine:
    """Say a line in the card's thread."""

    delivery: Delivery
    line: Line
    thread: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage:
    """Page a tier. `earlier` are the keys under which this epoch has paged before."""

    delivery: Delivery
    page: Page
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLevel:
    """Raise the paging service's incident to a level. `earlier` are the keys that were paged until now."""

    delivery: Delivery
    key: str
    level: int
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """Look whether the paging service shows an incident for a page."""

    delivery: Delivery
    key: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPage:
    """Acknowledge or resolve what was triggered under a key."""

    delivery: Delivery
    tier: str
    key: str


Work = SendFace | SendLine | SendPage | RaiseLevel | ConfirmPage | EndPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Work that is this process's to do until its lease, known by `token`, runs out."""

    token: str
    work: Work

    @property
    def delivery(self) -> Delivery:
        """The outbox's row as it was claimed."""
        return self.work.delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message stands there now."""

    at: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It was taken; there is nothing more to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The paging service shows this incident for the page."""

    shown: PagerIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Not sent: an earlier page has been answered in the meantime."""

    shown: PagerIncident


Sent = Posted | Done | Seen | Answered
