"""The stand-ins' control routes, under the page's own origin."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from aiohttp import web

_PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A stand-in as the page names it, and its address."""

    name: str
    url: str

    def control(self, route: str) -> str:
        """The address of a control route."""
        return f"{self.url}/control/{route}"


class Proxy:
    """`/{name}/{route}` is the stand-in's `/control/{route}`; its answer is passed on as it is."""

    def __init__(self, stand_in: StandIn, http: aiohttp.ClientSession) -> None:
        self._stand_in = stand_in
        self._http = http

    async def handle(self, request: web.Request) -> web.Response:
        """Pass one request on. 502 where the stand-in does not answer."""
        content = {"Content-Type": request.content_type} if request.body_exists else {}
        try:
            async with self._http.request(
                request.method,
                self._stand_in.control(request.match_info["route"]),
                params=request.query,
                data=await request.read() if request.body_exists else None,
                headers=content,
                timeout=_PATIENCE,
            ) as answer:
                return web.Response(
                    status=answer.status, body=await answer.read(), content_type=answer.content_type
                )
        except (aiohttp.ClientError, TimeoutError):
            body = {"error": f"the stand-in for {self._stand_in.name} does not answer"}
            return web.json_response(body, status=502)
