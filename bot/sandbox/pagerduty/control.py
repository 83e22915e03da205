"""What people and tests do to the account and its surroundings, over HTTP."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.control import Act, Answer, Body, fault_routes, feed_route, posts, shows
from bot.sandbox.pagerduty.acts import StandIn


class Control:
    """The routes under `/control/`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        acts: dict[str, Act] = {
            "acknowledge": lambda body: self._person_act("acknowledge", body),
            "resolve": lambda body: self._person_act("resolve", body),
            "escalate": lambda body: self._person_act("escalate", body, level=body.get("level")),
            "reassign": lambda body: self._person_act("reassign", body, to=body.get("to", "")),
            "reopen": lambda body: self._person_act("reopen", body),
            "merge": lambda body: self._person_act("merge", body, into=body.get("into", "")),
            "delegate": lambda body: self._person_act("delegate", body, to=body.get("to", "")),
            "prioritize": self._prioritize,
            "annotate": lambda body: self._person_act("annotate", body, content=str(body["content"])),
            "unacknowledge": lambda body: self._stand_in.unacknowledge(_incident(body)).to_json(),
            "settings": self._settings,
            "services": self._service,
            "webhook": self._webhook,
            "ping": self._ping,
            "redeliver": lambda _body: self._stand_in.webhooks.redeliver().to_json(),
            "reset": self._reset,
        }
        return [
            *shows({"state": lambda _query: self._stand_in.state()}),
            *posts(acts),
            *fault_routes(self._stand_in.faults),
            feed_route(self._stand_in.feed),
        ]

    def _person_act(self, name: str, body: Body, **more: Any) -> Answer:
        act = getattr(self._stand_in, name)
        given = {key: value for key, value in more.items() if value is not None}
        if "person" in body:
            given["person"] = body["person"]
        shown: Answer = act(_incident(body), **given).to_json()
        return shown

    def _prioritize(self, body: Body) -> Answer:
        who = {"person": body["person"]} if "person" in body else {}
        return self._stand_in.prioritize(_incident(body), body.get("priority"), **who).to_json()

    def _ping(self, _body: Body) -> Answer:
        sent = self._stand_in.webhooks.ping()
        if sent is None:
            raise ValueError("there is no webhook, or it is disabled")
        return sent.to_json()

    def _settings(self, body: Body) -> Answer:
        return self._stand_in.configure(**body)

    def _service(self, body: Body) -> Answer:
        return self._stand_in.put_service(**body).to_json()

    def _webhook(self, body: Body) -> Answer:
        if body:
            return self._stand_in.subscribe(**body).to_json()
        self._stand_in.webhooks.subscribe(None)
        return {}

    def _reset(self, _body: Body) -> Answer:
        self._stand_in.reset()
        return {}


def _incident(body: Body) -> str:
    found = body.get("incident") or body.get("key")
    if isinstance(found, str):
        return found
    raise ValueError("\"incident\" is missing: a page's key, or PagerDuty's id")
