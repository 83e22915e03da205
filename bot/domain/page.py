"""Pages: what was sent to whom for an incident or an alert group, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.call import Call
from bot.domain.escalating import Escalating
from bot.domain.text import duration

CONFIRM_WITHIN_SECONDS = 60
"""A page that is not confirmed (or not even accepted) by then is told to people."""


class PageState(StrEnum):
    """How far a page has come, as a card shows it."""

    WAITING = "waiting"  # owed, not taken by the paging service yet
    ACCEPTED = "accepted"  # taken by the paging service; nothing shows yet that anybody is notified
    CONFIRMED = "confirmed"  # the paging service shows an incident for it
    DROPPED = "dropped"  # no longer owed when its turn came: nobody was paged
    UNREACHABLE = "unreachable"  # only a mention in Slack reaches the tier


class PageMark(StrEnum):
    """What can be noted on a page, once each; the first instant stays."""

    SENT = "sent_at"
    ACCEPTED = "accepted_at"
    CONFIRMED = "confirmed_at"
    DROPPED = "dropped_at"
    TOLD = "told_at"
    CLOSED = "closed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One page of a subject, known by its id.

    `tier` is who is meant. `via` is the tier whose routing key carries it, `key` the paging service's
    de-duplication key: for a tier that is a level of another's policy, these are that other page's.
    `sent_at` is when it was first handed over, whatever became of it: from then on it may ring.
    `told_at` is when people were told that it is failing, `closed_at` when its end came to be owed.
    `pager_incident` is the paging service's own id of the incident that it made of the page.
    """

    subject: str
    epoch: int
    step: int
    tier: str
    title: str
    via: str | None
    key: str
    level: int | None
    past_acknowledgement: bool
    requested_at: datetime
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    confirmed_at: datetime | None = None
    dropped_at: datetime | None = None
    told_at: datetime | None = None
    closed_at: datetime | None = None
    pager_incident: str | None = None

    @property
    def state(self) -> PageState:
        """How far it has come."""
        if self.via is None:
            return PageState.UNREACHABLE
        if self.confirmed_at:
            return PageState.CONFIRMED
        if self.accepted_at:
            return PageState.ACCEPTED
        return PageState.DROPPED if self.dropped_at else PageState.WAITING


def page_key(subject: str, epoch: int, step: int) -> str:
    """The key under which the paging service folds retries of one page, and no other, together."""
    return f"{subject}/{epoch}/{step}"


def page_summary(subject: Escalating, step: int, *, asked_by: str | None = None, late: bool = False) -> str:
    """What a lock screen shows.

    E.g. `P0 #42 checkout is down · payment · step 2 of 3, on-call did not acknowledge in 15 min`.
    `asked_by` names who asked for the page, where no timer did; `late` says that an outage has held it up.
    """
    parts = [f"{subject.called} {subject.public_title}"]
    if isinstance(subject, Call) and step == 0:
        return parts[0]  # the only tier there is, paged by whom the name says
    if subject.service and not subject.security:
        parts.append(subject.service)
    return " · ".join((*parts, _position(subject, step, asked_by, late=late)))


def _position(subject: Escalating, step: int, asked_by: str | None, *, late: bool) -> str:
    path = subject.path
    place = f"page {step + 1}" if path.is_repeat(step) else f"step {step + 1} of {path.length}"
    if asked_by:
        return f"{place}, asked for by {asked_by}"
    if step == 0:
        return place
    if late:
        return f"{place}, late after an outage of opsbot"
    waited = f" in {duration(path.response)}" if path.response else ""
    if path.is_repeat(step):
        return f"{place}, nobody acknowledged{waited}"
    return f"{place}, {path.rung(step - 1).tier} did not acknowledge{waited}"
