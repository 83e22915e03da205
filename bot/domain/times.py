"""When an incident started, was detected, acknowledged, mitigated and resolved; and how people type times.

What nobody has said is taken from what happened: it was detected when it was declared, and started when it
was detected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Happened, Outcome


class Moment(StrEnum):
    """A moment in an incident's course, in the order in which they come."""

    STARTED = "started"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When each moment was; None where it has not come. `assumed` are those that nobody has said."""

    at: Mapping[Moment, datetime | None]
    assumed: frozenset[Moment]

    def between(self, first: Moment, last: Moment) -> timedelta | None:
        """How long it took from one moment to another."""
        begin, end = self.at[first], self.at[last]
        return end - begin if begin is not None and end is not None else None


def times_of(incident: Incident) -> Times:
    """The times of an incident, as they are known now."""
    detected = incident.detected_at or incident.declared_at
    said = {Moment.STARTED: incident.started_at, Moment.DETECTED: incident.detected_at}
    return Times(
        at={
            Moment.STARTED: incident.started_at or detected,
            Moment.DETECTED: detected,
            Moment.ACKNOWLEDGED: incident.acknowledged_at,
            Moment.MITIGATED: incident.mitigated_at,
            Moment.RESOLVED: incident.ended_at if incident.status is Status.RESOLVED else None,
        },
        assumed=frozenset(moment for moment, at in said.items() if at is None),
    )


def set_time(incident: Incident, moment: Moment, at: datetime | None, now: datetime, zone: tzinfo) -> Outcome:
    """Say when a moment was; `at` None takes back what was said of the start or the detection.

    Refuses what cannot be: the future, a moment that has not come, and moments out of their order.
    """
    times = times_of(incident)
    before = times.at[moment]
    if at is None:
        _check_may_be_unknown(moment, times)
    elif at > now:
        raise InvalidError(f"{shown(at, zone)} has not come yet.")
    elif before is None:
        raise InvalidError(f"It is not {moment} yet: {incident.describe(now)}.")
    elif at == before and moment not in times.assumed:
        raise AlreadyError(f"Nothing to do: it {_was(moment)} {shown(at, zone)}, as is known already.")
    changed = _with(incident, moment, at)
    _check_order(changed, moment, zone)
    data: EventData = {
        "moment": moment.value,
        "at": at.astimezone(UTC).isoformat() if at else None,
        "was": before.astimezone(UTC).isoformat() if before and moment not in times.assumed else None,
        "said": shown(at, zone) if at else None,
    }
    happened = Happened(kind=EventKind.TIME_SET, data=data, told=True)
    return Outcome(incident=changed, happened=(happened,))


def read_instant(text: str, *, now: datetime, near: datetime, zone: tzinfo) -> datetime:
    """An instant as people type it, in `zone`: `14:05`, `2026-03-10 14:05`, `20m ago`, `now`.

    A time without a day is the one nearest to `near`. An hour that clocks repeat takes the zone's
    abbreviation (`01:30 EST`). Raises InvalidError.
    """
    typed = " ".join(text.split())
    if typed.lower() == "now":
        return now
    if typed.lower().endswith("ago"):
        return now - _length(typed[: -len("ago")].strip(), typed)
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise InvalidError(f"`{typed[:40]}` is no time. {HOW}")
    try:
        clock = time(int(match["hour"]), int(match["minute"]))
        day = date.fromisoformat(match["day"]) if match["day"] else None
    except ValueError:
        raise InvalidError(f"`{typed[:40]}` is no time that there is. {HOW}") from None
    if day is None:
        return _nearest(clock, match["zone"], near, now, zone)
    return _local(day, clock, match["zone"], zone)


HOW = "Type `14:05`, `2026-03-10 14:05`, `20m ago` or `now`."
"""How a time is typed."""

UNKNOWN = "unknown"
"""What takes back what was said of a start or a detection."""

_TYPED = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)[ T])?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: (?P<zone>[A-Za-z]{1,6}))?",
    re.ASCII,
)
_PART = re.compile(r"(\d{1,5}) ?(d|h|m)(?:ays?|ours?|in(?:utes?)?)?", re.ASCII | re.IGNORECASE)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_MOST_DAYS = 3650
_HALF_A_DAY = timedelta(hours=13)
"""And the hour by which clocks change."""


def shown(at: datetime, zone: tzinfo) -> str:
    """An instant in words, in `zone`, so that it can be typed again: `2026-03-10 14:05 EDT`."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _with(incident: Incident, moment: Moment, at: datetime | None) -> Incident:
    match moment:
        case Moment.STARTED:
            return replace(incident, started_at=at)
        case Moment.DETECTED:
            return replace(incident, detected_at=at)
        case Moment.ACKNOWLEDGED:
            return replace(incident, acknowledged_at=at)
        case Moment.MITIGATED:
            return replace(incident, mitigated_at=at)
        case Moment.RESOLVED:
            return replace(incident, ended_at=at)


def _check_may_be_unknown(moment: Moment, times: Times) -> None:
    if moment not in {Moment.STARTED, Moment.DETECTED}:
        raise InvalidError(f"When it {_was(moment)} is known; it can only be corrected. {HOW}")
    if moment in times.assumed:
        raise AlreadyError(f"Nothing to do: nobody has said when it {_was(moment)}.")


def _check_order(incident: Incident, moment: Moment, zone: tzinfo) -> None:
    """Refuse a time that others contradict. What nobody has said follows, and contradicts nothing."""
    if incident.detected_at is not None and incident.detected_at > incident.declared_at:
        declared = shown(incident.declared_at, zone)
        raise InvalidError(f"It cannot have been detected after it was declared, {declared}.")
    times = times_of(incident)
    at, order = times.at[moment], list(Moment)
    for other, when in times.at.items():
        if at is None or when is None or other in times.assumed & {Moment.STARTED}:
            continue
        is_later = order.index(other) > order.index(moment)
        if (is_later and at > when) or (not is_later and at < when):
            side = "after" if is_later else "before"
            raise InvalidError(
                f"It cannot have {_been(moment)} {side} it {_was(other)}, {shown(when, zone)}. "
                "Correct that first, if it is wrong."
            )


def _length(text: str, typed: str) -> timedelta:
    found = list(_PART.finditer(text))
    rest = _PART.sub("", text).strip()
    length = sum((int(one[1]) * _UNITS[one[2].lower()] for one in found), timedelta())
    if not found or rest or length > timedelta(days=_MOST_DAYS):
        raise InvalidError(f"`{typed[:40]}` is no time. {HOW}")
    return length


def _nearest(clock: time, abbreviation: str | None, near: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The instant nearest to `near` at which clocks show that time; one that has come, where there is one."""
    day = near.astimezone(zone).date()
    found: list[datetime] = []
    refusal = InvalidError(f"`{clock:%H:%M}` is no time there. {HOW}")
    for days in (-1, 0, 1):
        try:
            found.append(_local(day + timedelta(days=days), clock, abbreviation, zone))
        except InvalidError as error:
            if not days:
                refusal = error
    if not found:
        raise refusal
    close = [one for one in found if abs(one - near) <= _HALF_A_DAY]
    if not close:
        raise refusal
    return min(close, key=lambda one: (one > now, abs(one - near)))


def _local(day: date, clock: time, abbreviation: str | None, zone: tzinfo) -> datetime:
    """The instant at which clocks in `zone` show that time on that day: not skipped, and not twice."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    both = {replaced.astimezone(UTC): replaced for replaced in (wall, wall.replace(fold=1))}
    real = {at: one for at, one in both.items() if at.astimezone(zone).replace(tzinfo=None) == _bare(one)}
    if not real:
        raise InvalidError(f"Clocks skip {clock:%H:%M} on {day}. {HOW}")
    if abbreviation is not None:
        real = {at: one for at, one in real.items() if (one.tzname() or "").lower() == abbreviation.lower()}
        if not real:
            raise InvalidError(
                f"Clocks do not show {abbreviation} then: leave it out, or say {wall.tzname()}."
            )
    if len(real) > 1:
        first, second = (one.tzname() for one in real.values())
        raise InvalidError(
            f"Clocks show {clock:%H:%M} twice on {day}: say `{day} {clock:%H:%M} {first}` or `… {second}`."
        )
    return next(iter(real))


def _bare(at: datetime) -> datetime:
    return at.replace(tzinfo=None, fold=0)


def _was(moment: Moment) -> str:
    return "started" if moment is Moment.STARTED else f"was {moment}"


def _been(moment: Moment) -> str:
    return "started" if moment is Moment.STARTED else f"been {moment}"
