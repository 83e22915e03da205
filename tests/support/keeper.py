"""Starts the bot again whenever it was killed, while people and tests go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from bot.sandbox.slack import Reply
from tests.support.bot_process import BotProcess, Installation, was_killed

PATIENCE_SECONDS = 40.0
"""How long anything that must come may take, restarts included."""

LEASE_SECONDS = 16
"""After so long, what a dead replica has claimed is free again."""

ANYWHERE = "anywhere"
"""Where the bot was killed that did not come by its point for too long."""

_PAUSE_SECONDS = 0.02
_TRIES = 12
_HURRIED_STEPS, _HURRIED_SECONDS = 120, 0.5


class Keeper:
    """Starts one bot, each time with the next of `sentences`: points at which it is killed.

    One that does not come by its point within `mercy` seconds is killed wherever it is. `killed` are the
    points at which it was. Without further sentences it lives on.
    """

    def __init__(
        self, home: Installation, bot: BotProcess, sentences: Iterable[str] = (), *, mercy: float = 1e9
    ) -> None:
        self.killed: list[str] = []
        self._home = home
        self._bot = bot
        self._sentences = iter(sentences)
        self._sentence: str | None = None
        self._mercy = mercy
        self._answered_at = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def keep(self) -> None:
        """See to it that the bot answers, now or in a moment."""
        async with self._one_at_a_time:
            await self._end_the_lucky()
            while not self._bot.running:
                self._note_end()
                self._sentence = next(self._sentences, None)
                answers = await self._bot.start(self._sentence)
                assert answers or not self._bot.running, f"the bot does not answer\n{self._story()}"
                self._answered_at = time.monotonic()

    async def until(self, holds: Callable[[], object], what: str, *, paced: bool = False) -> None:
        """Wait until `holds`, through every death. Fails, with the log, where it takes too long.

        `paced`: it comes at Slack's pace, which the bot keeps by its clock; so time goes faster meanwhile.
        """
        last = time.monotonic() + PATIENCE_SECONDS
        steps = _HURRIED_STEPS if paced else 0
        while not holds():
            await self.keep()
            if time.monotonic() > last:
                raise AssertionError(f"{what}: it did not come.\n{self._story()}")
            if steps:
                steps -= 1
                self._home.forward(seconds=_HURRIED_SECONDS)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def ask(
        self, act: Callable[[], Awaitable[Reply]], again: Callable[[], Awaitable[Reply]] | None = None
    ) -> Reply:
        """Do what a person does; where no answer comes, the identical request is sent, or `again`."""
        await self.keep()
        reply = await act()
        for _ in range(_TRIES):
            if reply.ok:
                return reply
            await asyncio.sleep(_PAUSE_SECONDS)
            await self.keep()
            reply = await (again() if again else self._home.slack.redeliver(reply))
        raise AssertionError(f"{reply.delivery.payload} was not answered: {reply.error}\n{self._story()}")

    async def _end_the_lucky(self) -> None:
        late = time.monotonic() - self._answered_at > self._mercy
        if late and self._bot.running and self._sentence is not None:
            await self._bot.kill()
            self._sentence = ANYWHERE

    def _note_end(self) -> None:
        code = self._bot.exit_code
        if code is None:
            return
        assert was_killed(code), f"the bot ended by itself: {code}\n{self._story()}"
        assert self._sentence is not None
        self.killed.append(self._sentence.partition(":")[0])
        if self._home.shared:
            self._home.forward(seconds=LEASE_SECONDS)

    def _story(self) -> str:
        lines = [line[:400] for line in self._bot.log().splitlines()[-30:]]
        return "\n".join([f"killed so far: {self.killed}, next: {self._sentence}", *lines])
