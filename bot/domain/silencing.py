"""Silences: what of a group is kept quiet, and until when.

A silence never matches more than its group's own labels say, and never everything. It is not changed:
one that is to last longer, or less long, is replaced by another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.alert import Alert, AlertGroup, AlertSource, Labels, Silence, SilenceState
from bot.domain.errors import InvalidError
from bot.domain.path import BusinessTime
from bot.domain.text import clean, duration

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=30)
COMMENT_LIMIT = 300
"""Characters of a reason that are kept."""

_NAMED = "alertname"


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFor:
    """How long a silence is to last; without a `length` until the next business day opens."""

    length: timedelta | None = None

    def end(self, now: datetime, business: BusinessTime) -> datetime:
        """When it is over. Raises InvalidError for what is too short or too long."""
        if self.length is None:
            return business.next_business_day_opening(now)
        if not SHORTEST <= self.length <= LONGEST:
            raise InvalidError(
                f"A silence lasts from {duration(SHORTEST)} to {duration(LONGEST)}, for example 4h."
            )
        return now + self.length


def wish(
    group: AlertGroup,
    alerts: Sequence[Alert],
    *,
    silence_id: str,
    by: Actor,
    comment: str,
    now: datetime,
    until: datetime,
) -> Silence:
    """The silence of a group until an instant; `alerts` are those of it that fire. Raises InvalidError."""
    if group.source is not AlertSource.ALERTMANAGER:
        raise InvalidError(
            f"{group.label} is opsbot's own: Alertmanager has nothing to silence. Acknowledge it instead."
        )
    if not group.is_open:
        raise InvalidError(f"There is nothing to silence: {group.describe(now)}.")
    return Silence(
        id=silence_id,
        group=group.id,
        remote_id=None,
        matchers=tuple(sorted(matched(group, alerts).items())),
        by=by,
        comment=clean(comment, COMMENT_LIMIT),
        starts_at=now,
        ends_at=until,
        state=SilenceState.WANTED,
    )


def matched(group: AlertGroup, alerts: Sequence[Alert]) -> Labels:
    """The labels that a silence of a group matches: its own, or where it has none what its alerts share.

    Raises InvalidError where they do not even share their name: that silence would keep too much quiet.
    """
    own = {name: value for name, value in group.labels.items() if value}
    if own:
        return own
    shared = set(alerts[0].labels.items()) if alerts else set()
    for alert in alerts[1:]:
        shared &= alert.labels.items()
    labels = {name: value for name, value in shared if value}
    if _NAMED not in labels:
        raise InvalidError(
            f"The alerts of {group.label} have no name in common, so that no silence would fit them alone: "
            "silence them in Alertmanager, or let it group them by `alertname`."
        )
    return labels


def written_by(group: AlertGroup, silence: Silence) -> tuple[str, str]:
    """Author and reason as Alertmanager is told. Of a security alert it learns neither."""
    if group.security:
        return "opsbot", group.public_title
    return silence.by.name, silence.comment
