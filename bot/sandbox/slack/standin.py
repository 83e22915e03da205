"""The stand-in as a whole."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence

from aiohttp import web

from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.faults import Faults, befalling
from bot.sandbox.feed import Feed
from bot.sandbox.slack import keeping
from bot.sandbox.slack.calls import CallLog
from bot.sandbox.slack.control import Control
from bot.sandbox.slack.deliveries import REDELIVERY_SECONDS
from bot.sandbox.slack.downloads import UPLOAD, Downloads
from bot.sandbox.slack.faults import KINDS
from bot.sandbox.slack.manifest import App
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.sender import Sender
from bot.sandbox.slack.state import Workspace
from bot.sandbox.slack.transport import ACK_SECONDS, Transport
from bot.sandbox.slack.web import Tokens, WebApi, too_many
from bot.sandbox.slack.world import DEFAULT_SCOPES, World


class SlackStandIn(Sender):
    """A Slack with one workspace and one app in it.

    `app()` serves it: the Web API under `/api/`, Socket Mode, response_urls, and control under
    `/control/`. The methods of `Sender` are what people do. Rates are enforced only where asked for.
    `app` is what is installed; without it, one with `scopes` that takes every command and hears of mentions
    only. `clock` is what time messages have and triggers age by (epoch ms); rates use `monotonic` (seconds).
    """

    def __init__(
        self,
        *,
        clock: Clock = wall_clock,
        app: App | None = None,
        scopes: frozenset[str] | set[str] = DEFAULT_SCOPES,
        tokens: Tokens | None = None,
        rates: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        redelivery_seconds: Sequence[float] = REDELIVERY_SECONDS,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        world = World(clock, app or _any_app(scopes))
        super().__init__(world, Transport(world.sockets, ack_seconds=ack_seconds), redelivery_seconds)
        self.tokens = tokens or Tokens()
        self.faults = Faults(kinds=KINDS, called="method")
        self.rates = Rates(monotonic, enforced=rates)
        self.calls = CallLog()
        self._web = WebApi(world, self.tokens, self.faults, self.rates, self.calls)
        self._control = Control(
            self, faults=self.faults, rates=self.rates, calls=self.calls, reset=self.reset
        )

    @property
    def workspace(self) -> Workspace:
        """The people, channels and messages."""
        return self.world.workspace

    @property
    def messages(self) -> list[Message]:
        """Every message of every channel that is no ephemeral one, oldest first."""
        return sorted(self.workspace.all_messages(), key=lambda message: message.ts)

    def messages_in(self, channel: str) -> list[Message]:
        """A channel's messages, replies in threads included, oldest first."""
        return list(self.workspace.find_channel(channel).messages.values())

    def ephemerals(self, user: str) -> list[Message]:
        """What only this user sees, oldest first."""
        return list(self.workspace.ephemerals.get(self.workspace.find_user(user).id, {}).values())

    def views(self, user: str) -> list[View]:
        """The modals that a user has open, the one on top last."""
        return self.world.modals.stack(self.workspace.find_user(user).id)

    def connect(self, bot_url: str | None, signing_secret: str = "") -> None:
        """Say where the bot listens (its base URL), and the secret that signs. None: only Socket Mode."""
        self.transport.connect(bot_url, signing_secret)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Make the bot renew its Socket Mode connections."""
        await self.world.sockets.disconnect(reason)

    def reset(self) -> None:
        """Begin anew: messages, faults, rates and the call log. Where the bot is stays known."""
        self.world.reset()
        self.faults.clear()
        self.rates.clear()
        self.calls.clear()
        self.last = None

    @property
    def feed(self) -> Feed:
        """Every change in the workspace."""
        return self.world.feed

    def kept(self) -> keeping.Kept:
        """What is to be there again at another start."""
        return keeping.kept(self.world)

    def restore(self, was: keeping.Kept) -> None:
        """Go on from there."""
        keeping.restore(self.world, was)

    def served_at(self, url: str) -> None:
        """Say where the stand-in is reached: by the app's answers, and for its files."""
        self.url = url
        keeping.move(self.world, url)

    def app(self) -> web.Application:
        """The stand-in over HTTP. Whoever serves it sets `url`."""
        uploads = befalling(
            self.faults,
            call=lambda request: UPLOAD if request.path.startswith("/upload/") else None,
            throttled=lambda _request, seconds: too_many(seconds),
        )
        app = web.Application(middlewares=[uploads])
        app.router.add_route("*", "/api/{method}", self._web.api)
        app.router.add_post("/response/{id}", self._web.response)
        app.router.add_get("/link/", self._link)
        app.router.add_routes(Downloads(self.world, self.tokens.bot).routes())
        app.router.add_routes(self._control.routes())
        app.cleanup_ctx.append(self._lifetime)
        app.on_shutdown.append(self._shut_down)
        return app

    async def _link(self, request: web.Request) -> web.StreamResponse:
        return await self.world.sockets.serve(request, self.world.identity.app_id)

    async def _lifetime(self, _app: web.Application) -> AsyncIterator[None]:
        self.world.feed.reopen()
        yield
        await self.background.close()
        await self.transport.close()

    async def _shut_down(self, _app: web.Application) -> None:
        """End what would keep the server waiting: watchers of the feed, and Socket Mode."""
        self.world.feed.close()
        await self.world.sockets.close()


def _any_app(scopes: Collection[str]) -> App:
    return App(scopes=frozenset(scopes), events=frozenset({"app_mention"}))
