"""What comes in over HTTP: the paths that the bot serves."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bot.ports.clock import Clock
from handlers.bolt import SlackDoor
from handlers.inbound import CertificateCheck, Challenge, MalformedError, Payload, decode
from handlers.probes import Probes
from handlers.replies import Reply
from handlers.signature import SigningSecrets

SLACK_PATH = "/slack/events"
LARGEST_BODY = 1024 * 1024
"""Bytes of a request's body. Slack's largest view has 250 kB."""

Post = Callable[[web.Request], Awaitable[web.Response]]
"""Takes what is posted to a path."""

Get = Callable[[web.Request], Awaitable[web.Response]]
"""Answers what is asked for at a path; a part of a path in braces is anything."""

_NO_GETS: Mapping[str, Get] = MappingProxyType({})

_log = logging.getLogger(__name__)


def web_app(
    *,
    probes: Probes,
    slack: SlackEvents | None,
    posts: Mapping[str, Post],
    gets: Mapping[str, Get] = _NO_GETS,
) -> web.Application:
    """The application, with the webhooks of `posts` and the answers of `gets` by path.

    Without `slack` (Socket Mode, or a role that answers nobody) its path is off.
    """
    taken = {**posts, **({SLACK_PATH: slack.post} if slack is not None else {})}
    right = {**dict.fromkeys(taken, hdrs.METH_POST), **dict.fromkeys(gets, hdrs.METH_GET)}
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_near(right)])
    app.add_routes(probes.routes())
    for path, post in taken.items():
        app.router.add_post(path, post)
    for path, get in gets.items():
        app.router.add_get(path, get)
    return app


def _near(right: Mapping[str, str]) -> Middleware:
    """Tells whoever has the wrong method, or a slash too many, what is right."""

    @web.middleware
    async def say_what_is_right(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
            path = request.path.rstrip("/")
            if path not in right:
                raise
            wrong = f"{request.method} is not taken" if request.path == path else "there is nothing here"
            headers = {hdrs.ALLOW: right[path]}
            said = {"error": f"{wrong}: what is right is {right[path]} {path}"}
            return web.json_response(said, status=error.status, headers=headers)

    return say_what_is_right


class SlackEvents:
    """`POST /slack/events`: commands, interactions and events.

    `clock` is the wall clock: signatures carry real time.
    """

    def __init__(self, *, door: SlackDoor, secrets: SigningSecrets, clock: Clock) -> None:
        self._door = door
        self._secrets = secrets
        self._clock = clock

    async def post(self, request: web.Request) -> web.Response:
        """401 for what is not Slack's, 400 for what cannot be read; a 200 means durable."""
        body = await request.read()
        refusal = self._secrets.refusal(
            timestamp=request.headers.get("X-Slack-Request-Timestamp"),
            signature=request.headers.get("X-Slack-Signature"),
            body=body,
            now=self._clock.now(),
        )
        if refusal is not None:
            return _refused(HTTPStatus.UNAUTHORIZED, refusal)
        try:
            return await self._answer(request.content_type, body)
        except MalformedError as error:
            return _refused(HTTPStatus.BAD_REQUEST, str(error))

    async def _answer(self, content_type: str, body: bytes) -> web.Response:
        match decode(content_type, body):
            case Challenge(text=text):
                return web.json_response({"challenge": text})
            case CertificateCheck():
                return web.Response()
            case Payload() as payload:
                return _response(await self._door.dispatch(payload))


def _response(reply: Reply) -> web.Response:
    if not reply.body:
        return web.Response(status=reply.status)
    return web.Response(
        status=reply.status, body=reply.body.encode(), headers={"Content-Type": "application/json"}
    )


def _refused(status: HTTPStatus, why: str) -> web.Response:
    _log.warning("a request to %s is refused: %s", SLACK_PATH, why)
    return web.json_response({"error": why}, status=status)
