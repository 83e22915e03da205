"""`opsbot audit`: prints the audit log while the bot runs, or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.adapters.clock import WallClock
from bot.app.opening import StartError
from bot.domain.audit import Period
from bot.domain.errors import NotFoundError
from bot.ports.store import StoreUnavailable
from bot.services.audit import Audit
from bot.views.audit import FORMATS
from storage.open import open_store
from storage.refusal import StoreRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditAsked:
    """What of the log is to be printed, and how. `of`: one subject's, by its kind and number; None: all."""

    period: Period
    of: tuple[str, int] | None
    actor: str | None
    format: str
    redact: bool


async def audit(url: str, asked: AuditAsked, out: TextIO) -> None:
    """Print what was asked for, oldest first, page by page. Raises StartError."""
    try:
        store = await open_store(url, clock=WallClock(), read_only=True)
        try:
            await _print(Audit(store=store), asked, out)
        finally:
            await store.aclose()
    except (StoreRefused, StoreUnavailable, NotFoundError, ValueError) as error:
        raise StartError(str(error)) from error


async def _print(log: Audit, asked: AuditAsked, out: TextIO) -> None:
    shown = FORMATS[asked.format]
    subject = await log.subject(*asked.of) if asked.of else None
    out.write(shown.header)
    async for page in log.pages(asked.period, subject=subject, actor=asked.actor):
        out.write(shown.page([one.without_secrets() for one in page] if asked.redact else page))


def now() -> datetime:
    """From when `30d` is counted back."""
    return WallClock().now()
