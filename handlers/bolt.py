"""Bolt: which handler takes what comes in from Slack, over HTTP or Socket Mode.

Bolt runs with `process_before_response`: a listener's work is done when the reply leaves, and its
exception decides the reply. Signatures and decoding are behind us when it is asked.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import DomainError
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.failures import Failures
from handlers.inbound import Body, MalformedError, Payload, check
from handlers.replies import Reply, ephemeral, refused, unserved
from handlers.who import Who

ANSWER_WITHIN_SECONDS = 2.5
"""Slack waits three seconds, the way there and back included."""

SlashHandler = Callable[[str, Request, str], Awaitable[Message | None]]
"""Carries out a slash command's text; its trigger opens a form. Raises DomainError for what it refuses."""

BodyHandler = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Does what a payload asks; its acknowledgement is all that is answered."""

FormHandler = Callable[[Mapping[str, Any]], Awaitable[Reply]]
"""Does what a form that was sent asks, and says what becomes of the form."""

CARD_ACTIONS = "incident"
"""Whose buttons these are: the card's. It also refuses what is nobody's."""
_FAMILIES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""Where a message was said, in the words in which an app subscribes to messages."""

_ANYTHING = re.compile("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackHandlers:
    """Who takes what: slash commands by name, buttons and menus by the first word of their action ids.

    `shortcuts` (the entries of a message's menu) and `forms` are by callback, `events` by what the app
    subscribes to for them; `who` reads who asks out of a payload.
    """

    commands: Mapping[str, SlashHandler]
    actions: Mapping[str, BodyHandler]
    shortcuts: Mapping[str, BodyHandler]
    forms: Mapping[str, FormHandler]
    events: Mapping[str, BodyHandler]
    failures: Failures
    who: Who


class SlackDoor:
    """One decoded payload in, one reply out. `client` has the bot's token and the shared session."""

    def __init__(self, *, client: AsyncWebClient, handlers: SlackHandlers) -> None:
        self._handlers = handlers
        self._app = _bare_app(client)
        for name in handlers.commands:
            self._app.command(name)(self._command)
        self._app.action(_ANYTHING)(self._action)
        for shortcut in handlers.shortcuts:
            self._app.shortcut(shortcut)(self._shortcut)
        for form in handlers.forms:
            self._app.view(form)(self._form)
        for event in {name.partition(".")[0] for name in handlers.events}:
            self._app.event(event)(self._event)
        self._app.command(_ANYTHING)(self._other_command)
        self._app.error(self._failed)

    @property
    def commands(self) -> tuple[str, ...]:
        """The slash commands that are answered."""
        return tuple(self._handlers.commands)

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """The entries of a message's menu that are answered."""
        return tuple(self._handlers.shortcuts)

    @property
    def events(self) -> tuple[str, ...]:
        """The events that are heard."""
        return tuple(self._handlers.events)

    async def dispatch(self, payload: Payload) -> Reply:
        """Answer in time. Raises MalformedError for a payload that is none of Slack's."""
        request = _bolt_request(payload.body)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                response = await self._app.async_dispatch(request)
        except TimeoutError as error:
            return self._handlers.failures.reply(error, payload)
        if response.status == HTTPStatus.NOT_FOUND:
            return Reply()  # nobody listens to it: nothing to do, and nothing for Slack to send again
        return Reply(status=response.status, body=response.body)

    async def _command(self, ack: AsyncAck, command: Body) -> None:
        text = command.get("text", "")
        try:
            message = await self._handlers.commands[command["command"]](
                text, self._handlers.who.slash(command), command["trigger_id"]
            )
        except DomainError as error:
            message = refused(error, typed=f"{command['command']} {text}")
        await ack(ephemeral(message) if message else "")

    async def _other_command(self, ack: AsyncAck, command: Body) -> None:
        await ack(ephemeral(unserved(command["command"], command.get("text", ""), self.commands)))

    async def _action(self, ack: AsyncAck, body: Body) -> None:
        kind = str(body["actions"][0].get("action_id")).partition(".")[0]
        press = self._handlers.actions.get(kind) or self._handlers.actions[CARD_ACTIONS]
        await press(body)
        await ack()

    async def _shortcut(self, ack: AsyncAck, body: Body) -> None:
        await self._handlers.shortcuts[body["callback_id"]](body)
        await ack()

    async def _form(self, body: Body) -> BoltResponse:
        reply = await self._handlers.forms[body["view"]["callback_id"]](body)
        return BoltResponse(status=reply.status, body=reply.body)

    async def _event(self, body: Body) -> None:
        hear = self._handlers.events.get(_subscription(body["event"]))
        if hear is not None:
            await hear(body)

    async def _failed(self, error: Exception, body: Body) -> BoltResponse:
        reply = self._handlers.failures.reply(error, check(body))
        return BoltResponse(status=reply.status, body=reply.body)


def _subscription(event: Mapping[str, Any]) -> str:
    """What an app subscribes to for an event: `message.im` for a direct message."""
    kind = str(event["type"])
    family = _FAMILIES.get(event.get("channel_type") or "") if kind == "message" else None
    return f"{kind}.{family}" if family else kind


def _bolt_request(body: Body) -> AsyncBoltRequest:
    try:
        # Bolt's mode "socket_mode" means no more than: the body is decoded.
        return AsyncBoltRequest(body=body, mode="socket_mode")
    except (AttributeError, IndexError, KeyError, TypeError):
        raise MalformedError("the payload's team, user, channel or view is none") from None


def _bare_app(client: AsyncWebClient) -> AsyncApp:
    """Bolt without what is done elsewhere: verification, URL checks, tokens, storage."""
    identity = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    async def authorize() -> AuthorizeResult:
        return identity

    logger = logging.getLogger(f"{__name__}.library")
    logger.setLevel(logging.ERROR)  # its warnings print whole requests
    return AsyncApp(
        name="opsbot",
        logger=logger,
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
