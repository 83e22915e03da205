"""What people and tests do to the alerts, over HTTP."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.storm import FEW_GROUPS
from bot.sandbox.control import Act, Answer, Body, fault_routes, feed_route, posts, shows


class Control:
    """The routes under `/control/`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        acts: dict[str, Act] = {
            "fire": self._fire,
            "flap": self._flap,
            "storm": self._storm,
            "resolve": self._resolve,
            "silence": self._silence,
            "expire": self._expire,
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

    def _flap(self, body: Body) -> Answer:
        self._stand_in.flap(str(body["name"]))
        return {}

    def _storm(self, body: Body) -> Answer:
        count = _number(body, "count")
        self._stand_in.storm(count, _number(body, "groups", FEW_GROUPS), _number(body, "seconds", 0))
        return {"fired": count}

    def _resolve(self, body: Body) -> Answer:
        if body.get("all") is True:
            return {"resolved": self._stand_in.resolve_all()}
        return _identity(self._stand_in.resolve(str(body["fingerprint"])))

    def _silence(self, body: Body) -> Answer:
        made = self._stand_in.silence(str(body["fingerprint"]), _number(body, "minutes"))
        return {"silence": made.id}

    def _expire(self, body: Body) -> Answer:
        self._stand_in.expire_silence(str(body["silence"]))
        return {}

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


def _number(body: Body, name: str, otherwise: int | None = None) -> int:
    found = body[name] if otherwise is None else body.get(name, otherwise)
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError(f"{name} must be an integer")
    return found
