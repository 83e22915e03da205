"""What there is to do for a runbook that is worked through, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery
from bot.domain.face import Place
from bot.domain.guide import Runbook
from bot.domain.incident import Incident
from bot.domain.runbooks.markdown import Page
from bot.domain.runbooks.opened import OpenedRunbook


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRunbook:
    """Read what it says."""

    delivery: Delivery
    runbook: Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookRead:
    """What it says; `why` not, where it cannot be read."""

    page: Page | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRunbook:
    """Show how far it has come: in its message `at`, or in a new one in a thread, or else in its place."""

    delivery: Delivery
    opened: OpenedRunbook
    incident: Incident
    place: Place
    thread: MessageRef | None
    at: MessageRef | None
