"""API v2: alerts and their groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.alerts import Alert, alert, check
from bot.sandbox.alertmanager.checks import Decoder, RefusedError, absolute, answered, read, required
from bot.sandbox.alertmanager.labels import LabelSet
from bot.sandbox.alertmanager.matchers import Matcher, expression, parse_filter
from bot.sandbox.alertmanager.routes import RECEIVER
from bot.sandbox.alertmanager.showing import alert_json

_BAD_REQUEST = 400
_TRUE = frozenset({"true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"})


class AlertsApi:
    """`/api/v2/alerts` and `/api/v2/alerts/groups`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [
            web.get("/api/v2/alerts", self._list, allow_head=False),
            web.post("/api/v2/alerts", self._post),
            web.get("/api/v2/alerts/groups", self._groups, allow_head=False),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        now = self._stand_in.now()
        wanted = _Wanted(request)
        lasting = self._stand_in.alerts.lasting(now) if wanted.receiver else []
        return answered(self._shown(lasting, wanted, now))

    async def _groups(self, request: web.Request) -> web.Response:
        now = self._stand_in.now()
        wanted = _Wanted(request)
        answer = []
        for group, alerts in self._stand_in.groups.shown() if wanted.receiver else ():
            lasting = [each for each in alerts if not each.over(now)]
            if shown := self._shown(lasting, wanted, now):
                labels = dict(group.labels)
                answer.append({"alerts": shown, "labels": labels, "receiver": {"name": RECEIVER}})
        return answered(answer)

    async def _post(self, request: web.Request) -> web.Response:
        posted = [_decoded(each) for each in await read(request, "alerts", list)]
        for number, each in enumerate(posted):
            required(each, ("labels",), f"{number}.")
            absolute(each["generator_url"], f"{number}.generatorURL")
        now = self._stand_in.now()
        taken, problems = [], []
        for each in posted:
            made = alert(now=now, **each)
            try:
                check(made)
                taken.append(made)
            except ValueError as problem:
                problems.append(str(problem))
        self._stand_in.post(taken)
        if problems:
            raise RefusedError(_BAD_REQUEST, "; ".join(problems))
        return answered(None)

    def _shown(self, alerts: Iterable[Alert], wanted: _Wanted, now: int) -> list[dict[str, Any]]:
        silencing = self._stand_in.silences.silencing
        found = ((each, silencing(each.labels, now)) for each in alerts)
        return [alert_json(each, by) for each, by in found if wanted.takes(each.labels, silenced=bool(by))]


class _Wanted:
    """What a query asks for. Raises `RefusedError`."""

    def __init__(self, request: web.Request) -> None:
        self._filters = filters(request)
        self.receiver = _receiver(request.query.get("receiver"))
        self._active, self._silenced = (
            request.query.get(each, "true").lower() in _TRUE for each in ("active", "silenced")
        )

    def takes(self, labels: LabelSet, *, silenced: bool) -> bool:
        """Whether an alert is asked for. None here is inhibited, or not processed yet."""
        asked = self._silenced if silenced else self._active
        return asked and all(_holds(each, labels) for each in self._filters)


def filters(request: web.Request) -> list[Matcher]:
    """The matchers of a query. Raises `RefusedError`."""
    try:
        return [parse_filter(each) for each in request.query.getall("filter", [])]
    except ValueError as error:
        raise RefusedError(_BAD_REQUEST, str(error)) from None


def _receiver(pattern: str | None) -> bool:
    """Whether the receiver is asked for."""
    if pattern is None:
        return True
    try:
        return expression(pattern, around="^(?:{})$").fullmatch(RECEIVER) is not None
    except ValueError as error:
        raise RefusedError(_BAD_REQUEST, f"failed to parse receiver param: {error}") from None


def _holds(matcher: Matcher, labels: LabelSet) -> bool:
    """As a filter, a matcher with an empty value asks whether there is such a label."""
    if not matcher.value and not matcher.is_equal:
        return matcher.name in labels
    return matcher.matches(labels)


def _decoded(posted: Any) -> dict[str, Any]:
    general, own = Decoder("alerts", "Alert"), Decoder("alerts", "")
    found = general.object(posted)
    return {
        "labels": general.labels(found, "labels") if found.get("labels") is not None else None,
        "annotations": own.labels(found, "annotations"),
        "starts_at": own.instant(found, "startsAt"),
        "ends_at": own.instant(found, "endsAt"),
        "generator_url": general.text(found, "generatorURL"),
    }
