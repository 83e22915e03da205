"""The kinds of values that a guide's keys take, each refusing what it is not in words for its editor."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from bot.domain.checklist import Whose
from bot.domain.nearest import nearest
from bot.guide import words

OWNER_WORDS = (Whose.ANYBODY.value, Whose.ON_CALL.value)
_PERSON = r"[UW][A-Z0-9]{5,}"


def _matches(pattern: str, complaint: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f'"{text}" {complaint}')
        return text

    return AfterValidator(check)


def _zone(value: object) -> ZoneInfo:
    names = available_timezones()
    if isinstance(value, str) and value in names:
        return ZoneInfo(value)
    near = nearest(value, sorted(names)) if isinstance(value, str) else None
    hint = f'; nearest: "{near}"' if near else ' such as "America/New_York"'
    raise ValueError(f'"{value}" is no time zone of the IANA database{hint}')


def _owner(text: str) -> str:
    if text == Whose.ROTATION:
        raise ValueError(
            "a rotation needs people: write their member ids in order, such as [U0123456789, U9876543210]"
        )
    if text in OWNER_WORDS or re.fullmatch(_PERSON, text):
        return text
    near = nearest(text, OWNER_WORDS)
    hint = f'; nearest: "{near}"' if near else ""
    raise ValueError(
        f'"{text}" is no owner: write {", ".join(OWNER_WORDS)} or a list of Slack member ids{hint}'
    )


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Key = Annotated[
    str, _matches(r"[a-z0-9]+(?:-[a-z0-9]+)*", "is no key: use small letters, digits and single hyphens")
]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Url = Annotated[str, _matches(r"https?://[^\s/<>|]+(?:/[^\s<>|]*)?", "is no http or https address")]
Duration = Annotated[timedelta, BeforeValidator(words.duration)]
Fraction = Annotated[float, BeforeValidator(words.fraction)]
Pace = Annotated[timedelta, BeforeValidator(words.pace)]
ApprovalsLast = Annotated[timedelta, BeforeValidator(words.approvals_last)]
WatchedFor = Annotated[timedelta, BeforeValidator(words.watched_for)]
ResponseTime = Annotated[timedelta | None, BeforeValidator(words.response_time)]
ArchiveAfter = Annotated[timedelta | None, BeforeValidator(words.duration_or_never)]
DurationOrNever = ArchiveAfter
AtOnceOrNever = Annotated[timedelta | None, BeforeValidator(words.at_once_or_never)]
BusinessDays = Annotated[int, BeforeValidator(words.business_days)]
SpanOrNone = Annotated[timedelta | None, BeforeValidator(words.span_or_none)]
ClockTimeOrNone = Annotated[time | None, BeforeValidator(words.clock_time_or_none)]
ClockTime = Annotated[time, BeforeValidator(words.clock_time)]
Weekday = Annotated[int, BeforeValidator(words.weekday)]
Weekdays = Annotated[frozenset[int], BeforeValidator(words.weekdays)]
Email = Annotated[str, _matches(r"[^@\s<>|]+@[^@\s<>|]+\.[^@\s<>|]+", "is no e-mail address")]
ChannelName = Annotated[
    str, _matches(r"[^\s#A-Z.,<>|]{1,80}", "is no channel name: small letters, no blanks, without the #")
]
Host = Annotated[
    str,
    _matches(
        r"[a-z0-9-]+(?:\.[a-z0-9-]+)*",
        "is no host name: write it in small letters, without https:// or a port, such as grafana.example.com",
    ),
]
MetricName = Annotated[str, _matches(r"[a-zA-Z_:][a-zA-Z0-9_:]*", "is no name of a metric")]
LabelName = Annotated[str, _matches(r"[a-zA-Z_][a-zA-Z0-9_]*", "is no name of a label")]
Matcher = Annotated[
    str,
    _matches(
        r'[a-zA-Z_][a-zA-Z0-9_]*(?:=|!=|=~|!~)"(?:[^"\\]|\\.)*"', 'is no label matcher such as status=~"5.."'
    ),
]
EmojiName = Annotated[
    str, _matches(r"[a-z0-9_+'-]{1,100}", "is no emoji's name: write it without colons, such as memo")
]
GroupId = Annotated[str, _matches(r"S[A-Z0-9]{5,}", 'is no id of a Slack user group: those begin with "S"')]
OwnerWord = Annotated[str, AfterValidator(_owner)]
PersonId = Annotated[str, _matches(_PERSON, 'is no id of a Slack member: those begin with "U"')]
File = Annotated[
    str,
    _matches(
        r"(?!.*\.\./)(?!/)[^\s:?#<>|\\]+\.[a-z]+", "is no relative file name such as incident-response.md"
    ),
]
CountryCode = Annotated[str, _matches(r"[A-Z]{2}", "is no ISO 3166 country code such as US")]
SubdivisionCode = Annotated[str, _matches(r"[A-Z0-9]{1,3}", "is no ISO 3166-2 subdivision code such as NY")]
