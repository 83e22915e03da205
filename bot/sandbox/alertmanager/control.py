"""What people and tests do to the alerts, over HTTP."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.control import Act, Answer, Body, fault_routes, feed_route, posts, shows


class Control:
    """The routes under `/control/`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        acts: dict[str, Act] = {
            "fire": self._fire,
            "storm": self._storm,
            "resolve": self._resolve,
            "watchdog": self._watchdog,
            "reset": self._reset,
        }
        return [
            *shows({"state": lambda _query: self._stand_in.state()}),
            *posts(acts),
            *fault_routes(self._stand_in.faults),
            feed_route(self._stand_in.feed),
        ]

    def _fire(self, body: Body) -> Answer:
        if "name" in body:
            return _identity(self._stand_in.fire(str(body["name"])))
        labels, annotations = _texts(body, "labels"), _texts(body, "annotations")
        return _identity(self._stand_in.fire_labels(labels, annotations))

    def _storm(self, body: Body) -> Answer:
        count = body["count"]
        if isinstance(count, bool) or not isinstance(count, int):
            raise TypeError("count must be an integer")
        return {"fired": len(self._stand_in.storm(count))}

    def _resolve(self, body: Body) -> Answer:
        if body.get("all") is True:
            return {"resolved": self._stand_in.resolve_all()}
        return _identity(self._stand_in.resolve(str(body["fingerprint"])))

    def _watchdog(self, body: Body) -> Answer:
        if not isinstance(body["on"], bool):
            raise TypeError("on must be true or false")
        self._stand_in.watchdog(on=body["on"])
        return {"watchdog": body["on"]}

    def _reset(self, _body: Body) -> Answer:
        self._stand_in.reset()
        return {}


def _identity(alert: Alert) -> Answer:
    return {"fingerprint": alert.fingerprint}


def _texts(body: Body, name: str) -> dict[str, str]:
    found = body.get(name, {})
    if isinstance(found, dict) and all(isinstance(each, str) for each in found.values()):
        return found
    raise ValueError(f"{name} must be an object of texts")
