"""How fast calls of one kind may go, whoever makes them: a lane's pace, and when it is free again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a lane may go: one call every `interval`, with `burst` calls saved up at most."""

    interval: timedelta
    burst: int


_PACES = {
    # PagerDuty takes about 120 events a minute and routing key: 30 at once and 90 a minute stay below.
    "pagerduty/": Pace(interval=timedelta(seconds=60 / 90), burst=30),
    # PagerDuty's REST interface takes 960 calls a minute.
    "pagerduty-rest": Pace(interval=timedelta(seconds=1 / 12), burst=60),
    # Alertmanager names no limit; it answers in milliseconds.
    "alertmanager": Pace(interval=timedelta(seconds=1 / 20), burst=20),
    # Prometheus names no limit; a reading is a handful of its queries.
    "prometheus": Pace(interval=timedelta(seconds=1 / 4), burst=10),
    # Slack takes about one message a second and channel, and lets short bursts pass.
    "slack/post/": Pace(interval=timedelta(seconds=1), burst=5),
    # Slack takes at least 100 files a minute.
    "slack/files/": Pace(interval=timedelta(seconds=1), burst=5),
    # Slack's cap on a workspace's posts is not published; several hundred a minute pass.
    "slack/chat.postMessage": Pace(interval=timedelta(seconds=1 / 5), burst=20),
    # Slack's tier 2: at least 20 calls a minute.
    "slack/conversations.": Pace(interval=timedelta(seconds=60 / 18), burst=8),
    "slack/pins.": Pace(interval=timedelta(seconds=60 / 18), burst=8),
    "slack/bookmarks.": Pace(interval=timedelta(seconds=60 / 18), burst=8),
    # Slack's tier 4: at least 100 calls a minute.
    "slack/views.publish": Pace(interval=timedelta(seconds=60 / 90), burst=10),
    # Slack's tier 3: at least 50 calls a minute.
    "slack/conversations.invite": Pace(interval=timedelta(seconds=60 / 45), burst=10),
    "slack/chat.update": Pace(interval=timedelta(seconds=60 / 45), burst=10),
    "slack/conversations.replies": Pace(interval=timedelta(seconds=60 / 45), burst=10),
}


LONGEST_SHUT = timedelta(minutes=5)
"""A lane that claims to be shut for longer was shut by a clock that has been set back since."""

_UNKNOWN_PACE = Pace(interval=timedelta(seconds=1), burst=5)


def pace(lane: str) -> Pace:
    """The pace of a lane, by the longest known beginning of its name.

    A lane that only newer code knows goes carefully: its rows must not stop an older replica.
    """
    known = [prefix for prefix in _PACES if lane.startswith(prefix)]
    return _PACES[max(known, key=len)] if known else _UNKNOWN_PACE


def take(free_at: datetime | None, lane: str, now: datetime) -> datetime | None:
    """When the lane is free again once a call goes at `now`; None where it is not free yet.

    `free_at` is the earliest instant at which the lane takes a call, None for a lane never used;
    one more than LONGEST_SHUT ahead counts for nothing.
    This is the generic cell rate algorithm (ITU-T I.371), with the tolerance folded into `free_at`.
    """
    its = pace(lane)
    tolerance = (its.burst - 1) * its.interval
    if free_at is None or free_at > now + LONGEST_SHUT:
        return now + its.interval - tolerance
    if free_at > now:
        return None
    return max(free_at + tolerance, now) + its.interval - tolerance
