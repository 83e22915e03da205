"""What was done, by whom and when, over all histories: for whoever looks into it later."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.event import EventData

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)

_AGO = re.compile(r"(\d{1,5})\s*([mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An entry of any subject's history.

    `number` and `drill` are the incident's whose history it is, `alert` is the number of the alert group's,
    `run` that of the checklist's run, `page` that of the call, `change` that of the change, `span` the label
    of the calendar's window or freeze, `security` is whichever's it is; None and False for another subject's.
    `kind` is the word as it was written, also one that only newer code knows.
    """

    at: datetime
    subject: str
    sequence: int
    actor: Actor
    kind: str
    data: EventData
    number: int | None = None
    alert: int | None = None
    run: int | None = None
    page: int | None = None
    change: int | None = None
    span: str | None = None
    security: bool = False
    drill: bool = False
    redacted: bool = False

    def without_secrets(self) -> AuditEntry:
        """What outsiders may know of it: of a security incident's, or alert's, neither who nor what."""
        if not self.security:
            return self
        return replace(self, actor=Actor(id="", name=""), data={}, redacted=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since` on, and before `until`."""

    since: datetime = BEGINNING
    until: datetime = END

    def __contains__(self, at: datetime) -> bool:
        """Whether an instant is in it."""
        return self.since <= at < self.until


def read_instant(text: str, now: datetime) -> datetime:
    """`30d` (so long ago: m, h, d, w), `2026-03-01`, or `2026-03-01T12:00`; UTC unless it names an offset.

    Raises InvalidError.
    """
    word = text.strip()
    if ago := _AGO.fullmatch(word):
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        instant = datetime.fromisoformat(word)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidError(
            f"{text!r} is no time: write 30d (so long ago: m, h, d or w), 2026-03-01 or 2026-03-01T12:00."
        ) from None
