"""What those who watch know of alerts and silences, and what is told them of what they do not know yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.labels import LabelSet
from bot.sandbox.alertmanager.showing import shown_alert, silence_json
from bot.sandbox.alertmanager.silences import Silence
from bot.sandbox.feed import Feed

MOST_SHOWN = 500
"""Alerts that are shown one by one; of more only the newest of those that fire."""
MOST_TOLD = 50
"""Changes at once that are told one by one; of more it is told that all is to be looked at anew."""

Shown = dict[str, dict[str, Any]]


class Watchers:
    """`silencing` says which silences hold for labels at an instant."""

    def __init__(self, feed: Feed, silencing: Callable[[LabelSet, int], list[str]]) -> None:
        self._feed = feed
        self._silencing = silencing
        self._known: tuple[Shown, Shown] = ({}, {})
        self._drawn: dict[str, tuple[Alert, bool, list[str], dict[str, Any]]] = {}

    def tell(self, alerts: Sequence[Alert], silences: Sequence[Silence], now: int) -> None:
        """Tell what is new."""
        shown = self._shown(alerts, silences, now)
        new = [
            (kind, each)
            for kind, before, after in zip(("alert", "silence"), self._known, shown, strict=True)
            for identity, each in after.items()
            if (known := before.get(identity)) is not each and known != each
        ]
        self._known = shown
        if len(new) > MOST_TOLD:
            self._feed.publish("reset", {})
            return
        for kind, each in new:
            self._feed.publish(kind, each)

    def know(self, alerts: Sequence[Alert], silences: Sequence[Silence], now: int) -> None:
        """They know this."""
        self._known = self._shown(alerts, silences, now)

    def state(self, alerts: Sequence[Alert], silences: Sequence[Silence], now: int) -> dict[str, Any]:
        """What is to be seen by who looks now: how many there are by state, and which."""
        shown, quiet = self._shown(alerts, silences, now)
        return {
            "alerts": _newest(list(shown.values())),
            "counts": dict(Counter(each["state"] for each in shown.values())),
            "silences": list(quiet.values()),
        }

    def clear(self) -> None:
        """They know nothing."""
        self._known, self._drawn = ({}, {}), {}

    def _shown(self, alerts: Sequence[Alert], silences: Sequence[Silence], now: int) -> tuple[Shown, Shown]:
        drawn = {each.fingerprint: self._draw(each, now) for each in alerts}
        self._drawn = drawn
        return (
            {identity: shown for identity, (_, _, _, shown) in drawn.items()},
            {each.id: silence_json(each, now) for each in silences},
        )

    def _draw(self, alert: Alert, now: int) -> tuple[Alert, bool, list[str], dict[str, Any]]:
        """An alert as it is shown; one that has not changed is not drawn anew: there may be thousands."""
        over, by = alert.over(now), self._silencing(alert.labels, now)
        drawn = self._drawn.get(alert.fingerprint)
        if drawn is not None and drawn[0] is alert and drawn[1:3] == (over, by):
            return drawn
        return alert, over, by, shown_alert(alert, by, now)


def _newest(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(shown) <= MOST_SHOWN:
        return shown
    newest = sorted(shown, key=lambda each: str(each["startsAt"]), reverse=True)
    return sorted(newest, key=lambda each: each["state"] == "resolved")[:MOST_SHOWN]
