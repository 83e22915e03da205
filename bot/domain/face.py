"""The messages that show an incident, an alert group or a run, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.delivery import DeliveryKind


class Face(StrEnum):
    """A message that shows a subject as it is now: edited in place, posted anew where it is gone."""

    CARD = "card"  # everything, with the buttons
    NOTICE = "notice"  # one line in the channel where the card would stand, had it no room
    QUESTION = "question"  # a line of its thread that asks something, while nobody has answered
    LEADERSHIP = "leadership"  # what business stakeholders need to know
    RUN = "run"  # a run of a checklist: everything, with the buttons
    CHANGE = "change"  # a change: everything, with the buttons
    SPAN = "span"  # a window or a freeze on the calendar of changes
    CALL = "call"  # a call: everything, with the buttons
    ALERT = "alert"  # an alert group: everything, with the buttons

    @property
    def kind(self) -> DeliveryKind:
        """The kind of delivery that shows it."""
        return _KINDS[self]

    @property
    def news_wait(self) -> timedelta:
        """How long news of other systems wait for more, so that one edit shows them all."""
        return _NEWS_WAITS.get(self, timedelta())

    @staticmethod
    def of(kind: DeliveryKind) -> Face:
        """The face that a delivery shows. Raises KeyError for a kind that shows none."""
        return _FACES[kind]


_KINDS = {
    Face.CARD: DeliveryKind.CARD,
    Face.NOTICE: DeliveryKind.NOTICE,
    Face.QUESTION: DeliveryKind.QUESTION,
    Face.LEADERSHIP: DeliveryKind.LEADERSHIP,
    Face.ALERT: DeliveryKind.ALERT,
    Face.RUN: DeliveryKind.RUN,
    Face.CHANGE: DeliveryKind.CHANGE,
    Face.SPAN: DeliveryKind.SPAN,
    Face.CALL: DeliveryKind.CALL,
}
_NEWS_WAITS = {
    Face.ALERT: timedelta(seconds=2),
    Face.RUN: timedelta(seconds=1),
    Face.CHANGE: timedelta(seconds=1),
}
_FACES = {kind: face for face, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is said: a channel of the guide's by its key, or, where set, a room by Slack's id."""

    channel: str
    room: str | None = None

    @property
    def lane(self) -> str:
        """What a post there counts against."""
        return f"slack/post/{self.room or self.channel}"
