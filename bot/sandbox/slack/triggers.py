"""What lets an app open a modal: a trigger, for three seconds, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import SlackError

LIFE_MS = 3_000
KEPT = 5_000


@dataclass(slots=True, kw_only=True)
class _Trigger:
    user: str
    view: str | None
    until: int
    exchanged: bool = False


class Triggers:
    """The triggers that were given out, the newest of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, _Trigger] = {}

    def issue(self, user: str, view: str | None = None) -> str:
        """A trigger for what `user` just did (in `view`, where it was a modal)."""
        number = len(self._given)
        trigger = f"{self._clock()}.{number}.{secrets.token_hex(16)}"
        self._given[trigger] = _Trigger(user=user, view=view, until=self._clock() + LIFE_MS)
        if number > KEPT:
            self._given.pop(next(iter(self._given)))
        return trigger

    def exchange(self, trigger_id: str) -> tuple[str, str | None]:
        """Use a trigger up: who did it, and in which view. Refuses as views.open does."""
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_arguments", messages=["invalid `trigger_id`"])
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user, trigger.view
