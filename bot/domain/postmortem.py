"""The post-mortem of an incident that is over: who owes it, until when, and how they are reminded.

Asked for at the resolve, at the closing of a business day that the guide counts out. Reminders come when
the business day before that one opens, at the deadline, and every second business day from then on, until
it is done or not needed. Reopening lets it lapse: the next resolve asks anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.actor import OPSBOT, Actor
from bot.domain.due import business_days_after, deadline, remind_again
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.incident import Incident
from bot.domain.path import BusinessTime
from bot.domain.text import clean

LINK_LIMIT = 500
"""Characters of a post-mortem's address."""

REASON_LIMIT = 500
"""Characters of the reason why none is needed."""

AT_DEADLINE = 1
"""The number of the reminder at the deadline; the one before has 0, those after it count on."""

_NOBODYS = frozenset({OPSBOT.id, "pagerduty"})
"""Actors whom nobody can mention."""


class DutyState(StrEnum):
    """Whether somebody still has to write it."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    LAPSED = "lapsed"  # the incident was reopened, or counts for nothing any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A post-mortem that is owed, or was. `owner` is None where nobody of Slack had a hand in the incident.

    `epoch` is the incident's when it was asked for. `link` is where it stands, `reason` why none is needed.
    """

    incident: str
    epoch: int
    owner: Actor | None
    asked_at: datetime
    due: datetime
    state: DutyState = DutyState.OPEN
    link: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be written."""
        return self.state is DutyState.OPEN

    def is_late(self, now: datetime) -> bool:
        """Whether its deadline has passed."""
        return self.is_open and now >= self.due

    def finish(self, link: str | None) -> Duty:
        """It is written; `link`, where one is given, says where, also in an earlier one's place."""
        if self.state is DutyState.DONE and link in {None, self.link}:
            raise AlreadyError("Nothing to do: that post-mortem is done already.")
        return replace(self, state=DutyState.DONE, link=link or self.link, reason=None)

    def waive(self, reason: str) -> Duty:
        """None is needed, and why."""
        said = clean(reason, REASON_LIMIT)
        if not said:
            raise InvalidError("Why is none needed? `postmortem 42 not-needed same cause as #41`.")
        if not self.is_open:
            raise AlreadyError(f"Nothing to do: that post-mortem is {_WORDS[self.state]} already.")
        return replace(self, state=DutyState.NOT_NEEDED, reason=said)

    def hand_over(self, to: Actor) -> Duty:
        """Somebody else writes it."""
        if not self.is_open:
            raise AlreadyError(f"Nothing to do: that post-mortem is {_WORDS[self.state]} already.")
        if self.owner and self.owner.id == to.id:
            raise AlreadyError(f"Nothing to do: {to.name} writes it already.")
        return replace(self, owner=to)

    def lapse(self) -> Duty:
        """The incident is not over after all. What is written stays written."""
        return replace(self, state=DutyState.LAPSED) if self.is_open else self


_WORDS = {DutyState.DONE: "done", DutyState.NOT_NEEDED: "not needed", DutyState.LAPSED: "no longer owed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """When people are reminded next: `step` is the reminder's number."""

    step: int
    at: datetime


def ask(incident: Incident, days: int, now: datetime, business: BusinessTime, lead: str | None) -> Duty:
    """The post-mortem that an incident owes from now on, `days` business days. `lead` is the first role."""
    return Duty(
        incident=incident.id,
        epoch=incident.epoch,
        owner=_writer(incident, lead),
        asked_at=now,
        due=deadline(business, now, days),
    )


def first_reminder(duty: Duty, days: int, business: BusinessTime) -> Reminder:
    """The first reminder of a post-mortem that was asked for `days` business days before its deadline."""
    if days == 1:
        return Reminder(step=AT_DEADLINE, at=duty.due)
    return Reminder(step=0, at=business_days_after(business, duty.asked_at, days - 1))


def next_reminder(duty: Duty, step: int, now: datetime, business: BusinessTime) -> Reminder:
    """The one after that of number `step`. Those that were missed in an outage fold into one."""
    if step < AT_DEADLINE and now < duty.due:
        return Reminder(step=AT_DEADLINE, at=duty.due)
    return Reminder(step=max(step, AT_DEADLINE) + 1, at=remind_again(business, now))


def read_link(text: str) -> str:
    """A post-mortem's address as somebody gives it. Raises InvalidError for what is no https address."""
    link = text.strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or len(link) > LINK_LIMIT or _is_odd(link):
        raise InvalidError(
            "Where does it stand? An address that begins with https://: "
            "`postmortem 42 done https://wiki.example.com/42`."
        )
    return link


def _is_odd(link: str) -> bool:
    return any(
        character.isspace() or character in '<>|`"' or not character.isprintable() for character in link
    )


def _writer(incident: Incident, lead: str | None) -> Actor | None:
    """Who led it; else who acknowledged, ended or declared it: the first of them who can be mentioned."""
    leader = incident.holder(lead) if lead else None
    candidates = (leader, incident.acknowledged_by, incident.ended_by, incident.declared_by)
    return _first_person(candidates)


def _first_person(actors: Iterable[Actor | None]) -> Actor | None:
    return next((one for one in actors if one is not None and one.id not in _NOBODYS), None)
