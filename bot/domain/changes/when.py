"""How people type instants that are to come.

`2026-12-05 22:00`, `22:00`, `tomorrow 22:00`, `fri 22:00`, `5 dec 10pm`, `in 2h`, `now`.
A time without a day is the next such time. Clocks are those of the guide's zone, unless another is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.domain.changes.length import cut_length, one_line, quoted
from bot.domain.errors import InvalidError

HOW = "Type `2026-12-05 22:00`, `22:00`, `tomorrow 22:00`, `fri 22:00`, `in 2h` or `now`."
"""How an instant to come is typed."""

MOST_YEARS = 10
"""What is further away is a slip of the finger."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER = r"\d\d?(?:st|nd|rd|th)?"
_DAY = re.compile(
    r"(?:on )?(?:"
    r"(?P<iso>\d{4}-\d\d?-\d\d?)"
    r"|(?P<near>today|tomorrow)"
    rf"|(?:(?P<weekday>{_WEEKDAY})(?![a-z]),? ?)?"
    rf"(?:(?P<of>{_NUMBER}) (?P<month>{_MONTH})|(?P<month2>{_MONTH}) (?P<of2>{_NUMBER}))"
    r"(?![\da-z:])(?:,? (?P<year>\d{4})(?!\d))?"
    rf"|(?P<only>{_WEEKDAY})(?![a-z])"
    r")",
    re.ASCII | re.IGNORECASE,
)
_BEFORE = frozenset({"now", "in", "from", "starting", "for", "until", "till", "to"})
_BETWEEN = re.compile(r"(?:,? at |, |T(?=\d)| )", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:(?P<hour>\d\d?):(?P<minute>\d\d)(?!\d)(?: ?(?P<half>[ap]m)(?![a-z]))?"
    r"|(?P<hour12>\d\d?) ?(?P<half12>[ap]m)(?![a-z]))",
    re.ASCII | re.IGNORECASE,
)
_ZONE = re.compile(r" (?P<zone>[a-z]{1,6}|[+-]\d\d(?:\d\d)?)(?![^\s])", re.ASCII | re.IGNORECASE)
_MIDDAY = 12
_WHOLE_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """A time of day as it was typed: on a day or not, by another zone's clocks or not."""

    text: str
    clock: time
    next_day: bool
    zone: tzinfo
    abbreviation: str | None


def read_when(text: str, now: datetime, zone: tzinfo, *, after: datetime | None = None) -> datetime:
    """The instant that a text is. A time without a day, or on a weekday, is the next one.

    That is after `after`, where it is given; else in this minute or later. It may be past where a date says
    so: whoever asks decides about that. Raises InvalidError.
    """
    typed = one_line(text)
    at, rest = cut_when(typed, now, zone, after=after)
    if not typed:
        raise InvalidError(f"When? {HOW}")
    if at is None or rest:
        raise InvalidError(f"`{quoted(typed)}` is no time. {HOW}")
    return at


def cut_when(
    text: str, now: datetime, zone: tzinfo, *, after: datetime | None = None
) -> tuple[datetime | None, str]:
    """The instant with which a text (of one line) begins, None where it does with none, and what follows.

    Raises InvalidError for what begins like one and is none: a day without a time, an hour that there is not.
    """
    word, _, rest = text.partition(" ")
    if word.lower() == "now":
        return now, rest
    if word.lower() == "in":
        length, after_length = cut_length(rest)
        return (now + length, after_length) if length is not None else (None, text)
    return _cut_clock(text, now, zone, after)


def begins_like_a_time(text: str) -> bool:
    """Whether what was typed begins with an instant, or with a word that goes before one or a length."""
    word = text.partition(" ")[0].lower()
    return word in _BEFORE or _CLOCK.match(text) is not None or _DAY.match(text) is not None


def _cut_clock(text: str, now: datetime, zone: tzinfo, after: datetime | None) -> tuple[datetime | None, str]:
    day = _DAY.match(text)
    between = _BETWEEN.match(text, day.end()) if day else None
    clock = _CLOCK.match(text, between.end()) if between else None if day else _CLOCK.match(text)
    if clock is None:
        if day is not None and (day.end() == len(text) or between):
            raise InvalidError(f"At what time? Type `{quoted(day[0])} 22:00`.")
        return None, text
    said, abbreviation, end = _zone_of(text, clock.end(), zone)
    hour, minute = _hour_of(clock), int(clock["minute"] or 0)
    if hour is None or minute > 59:  # noqa: PLR2004 - minutes of an hour
        raise InvalidError(f"`{quoted(clock[0])}` is no time that there is. {HOW}")
    typed = _Typed(
        text=quoted(text[:end]),
        clock=time(hour % _WHOLE_DAY, minute),
        next_day=hour == _WHOLE_DAY,
        zone=said,
        abbreviation=abbreviation,
    )
    at = _on_a_day(day, typed, now, after) if day else _next(typed, now, after)
    return at, text[end:].lstrip()


def _hour_of(clock: re.Match[str]) -> int | None:
    """The hour, 24 for the end of the day, or None for one that there is not."""
    hour, half = int(clock["hour"] or clock["hour12"]), clock["half"] or clock["half12"]
    if half:
        if not 1 <= hour <= _MIDDAY:
            return None
        return hour % _MIDDAY + (_MIDDAY if half.lower() == "pm" else 0)
    if hour < _WHOLE_DAY or (hour == _WHOLE_DAY and not int(clock["minute"])):
        return hour
    return None


def _zone_of(text: str, end: int, zone: tzinfo) -> tuple[tzinfo, str | None, int]:
    """By whose clocks, under which of their names, and where that ends. What is no zone is the rest's."""
    found = _ZONE.match(text, end)
    if found is None:
        return zone, None, end
    name = found["zone"].upper()
    if name in {"UTC", "GMT"}:
        return UTC, None, found.end()
    year = datetime(2026, 1, 1, tzinfo=UTC)
    names = {(year + timedelta(days=count)).astimezone(zone).tzname() for count in range(0, 366, 30)}
    if name not in {(one or "").upper() for one in names}:
        return zone, None, end
    return zone, name, found.end()


def _on_a_day(day: re.Match[str], typed: _Typed, now: datetime, after: datetime | None) -> datetime:
    if day["only"]:
        return _next(typed, now, after, weekday=_weekday(day["only"]))
    today = now.astimezone(typed.zone).date()
    if day["near"]:
        return _the_one(today + timedelta(days=day["near"].lower() == "tomorrow"), typed)
    try:
        on = date(*map(int, day["iso"].split("-"))) if day["iso"] else _named(day, today, typed, now)
    except ValueError:
        raise InvalidError(f"`{quoted(day[0])}` is no day that there is. {HOW}") from None
    if abs(on.year - today.year) > MOST_YEARS:
        raise InvalidError(f"`{quoted(day[0])}` is too far away. {HOW}")
    if day["weekday"] and on.weekday() != _weekday(day["weekday"]):
        named = _WEEKDAYS[_weekday(day["weekday"])]
        raise InvalidError(f"{on} is a {_WEEKDAYS[on.weekday()]}, not a {named}.")
    return _the_one(on, typed)


def _weekday(typed: str) -> int:
    return next(at for at, name in enumerate(_WEEKDAYS) if name.lower().startswith(typed[:3].lower()))


def _named(day: re.Match[str], today: date, typed: _Typed, now: datetime) -> date:
    """A day of a month: the next one, where no year is said. Raises ValueError where there is none."""
    month = _MONTHS.index((day["month"] or day["month2"])[:3].lower()) + 1
    of = int((day["of"] or day["of2"]).rstrip("stndrhSTNDRH"))
    if day["year"]:
        return date(int(day["year"]), month, of)
    years = [today.year, today.year + 1]
    if (month, of) == (2, 29):
        years = [year for year in range(today.year, today.year + 9) if _is_leap(year)]
    return next(
        (on for on in (date(year, month, of) for year in years) if _ends(on, typed) > now),
        date(years[-1], month, of),
    )


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _ends(on: date, typed: _Typed) -> datetime:
    """When that day is over, roughly: which year is meant does not hang on the hour."""
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=typed.zone).astimezone(UTC)


def _next(typed: _Typed, now: datetime, after: datetime | None, weekday: int | None = None) -> datetime:
    """The first instant to come at which clocks show that time, on that weekday."""
    floor = after if after is not None else now.replace(second=0, microsecond=0) - timedelta(milliseconds=1)
    day = floor.astimezone(typed.zone).date() - timedelta(days=1)
    for count in range(17):  # two weeks, as a change of clocks may skip the first
        on = day + timedelta(days=count)
        if weekday is not None and on.weekday() != weekday:
            continue
        coming = [at for at in _instants(on, typed) if at > floor]
        if len(coming) > 1:
            return _the_one(on, typed)  # which refuses it, and says what is right
        if coming:
            return coming[0]
    raise InvalidError(f"Clocks never show `{typed.text}` in these days. {HOW}")


def _the_one(on: date, typed: _Typed) -> datetime:
    """The instant at which clocks show that time on that day. Raises InvalidError for none, and for two."""
    found = _instants(on, typed)
    shown = f"{typed.clock:%H:%M}"
    if len(found) == 1:
        return found[0]
    if found:
        first, second = (at.astimezone(typed.zone).tzname() for at in found)
        told = f"{on} {shown}"
        raise InvalidError(f"Clocks show {shown} twice on {on}: say `{told} {first}` or `{told} {second}`.")
    if typed.abbreviation is not None and (others := _instants(on, _unnamed(typed))):
        name = others[0].astimezone(typed.zone).tzname()
        raise InvalidError(f"Clocks do not show {typed.abbreviation} on {on}: leave it out, or say {name}.")
    raise InvalidError(f"Clocks skip {shown} on {on}. Say another time.")


def _unnamed(typed: _Typed) -> _Typed:
    return _Typed(
        text=typed.text, clock=typed.clock, next_day=typed.next_day, zone=typed.zone, abbreviation=None
    )


def _instants(on: date, typed: _Typed) -> list[datetime]:
    """The instants at which clocks show that time on that day, in order: none or two where they change."""
    wall = datetime.combine(on + timedelta(days=typed.next_day), typed.clock, tzinfo=typed.zone)
    both = {one.astimezone(UTC) for one in (wall, wall.replace(fold=1))}
    shown = [at for at in sorted(both) if _bare(at.astimezone(typed.zone)) == _bare(wall)]
    return [
        at for at in shown if typed.abbreviation in {None, (at.astimezone(typed.zone).tzname() or "").upper()}
    ]


def _bare(at: datetime) -> datetime:
    return at.replace(tzinfo=None, fold=0)
