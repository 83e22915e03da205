"""Who was paged."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.page import PageMark, PageRecord


class Pages(Protocol):
    """Pages of incidents and alert groups, kept for good."""

    def add(self, page: PageRecord) -> bool:
        """Insert it; False where the step of that epoch has one already."""

    def mark(self, page: PageRecord, mark: PageMark, at: datetime) -> None:
        """Note one thing on it; an earlier instant of the same mark stays.

        Marks are written one by one, since not every writer holds the subject: none undoes another.
        """

    def unsend(self, page: PageRecord) -> None:
        """Take back that it was sent: it is certain that it was not."""

    def rekey(self, page: PageRecord, key: str) -> None:
        """Let it go under another key, as if it had not been sent yet."""

    def name(self, page: PageRecord, pager_incident: str) -> None:
        """Note the paging service's own id of the incident that it made of the page."""

    def of(self, subject: str) -> tuple[PageRecord, ...]:
        """A subject's pages: by epoch, then step."""

    def one(self, subject: str, epoch: int, step: int) -> PageRecord | None:
        """The page of one step."""

    def by_pager_incident(self, pager_incident: str) -> PageRecord | None:
        """The newest page of which the paging service made this incident of its own."""
