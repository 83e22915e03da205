"""The life of one incident, told by the people in it, and what must have come of it at the end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field

from bot.sandbox.pagerduty.incidents import ACKNOWLEDGED, RESOLVED
from bot.sandbox.pagerduty.people import ANA
from bot.sandbox.pagerduty.people import SERVICES as TIERS
from bot.sandbox.slack import Message, Reply
from bot.views.incident import ACKNOWLEDGE
from tests.support.bot_process import Installation
from tests.support.keeper import Keeper

CHANNEL = "platform-alerts"
DECLARER, RESPONDER = "kim", "ana"
RESPONSE_MINUTES = 15

_NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to happen with an incident.

    `by_command`: acknowledged by the slash command instead of the card's button. `retypes`: whoever gets
    no answer types the line again, where that does no harm, instead of having it redelivered.
    """

    title: str
    raised: bool = True
    escalated: bool = True
    by_command: bool = False
    retypes: bool = False
    reopened: bool = True


@dataclass(slots=True)
class Story:
    """One incident on its way. `pages` are the keys owed so far, each with the person it must reach."""

    plan: Plan
    home: Installation
    keeper: Keeper
    number: int = 0
    id: str = ""
    pages: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _epoch: int = 1
    _step: int = 0
    _before: int = 0
    """Messages of the channel that are older than the story."""

    def __post_init__(self) -> None:
        self._before = len(self.home.slack.messages_in(CHANNEL))

    async def declare(self) -> None:
        """Somebody declares it, and the first page arrives."""
        severity = "p1" if self.plan.raised else "p0"
        reply = await self._command(f"{severity} {self.plan.title}", by=DECLARER, once=True)
        found = _NUMBER.search(reply.text)
        assert found, reply.text
        self.number = int(found[1])
        mark = f" #{self.number} "
        await self.keeper.until(lambda: self._key_of(mark), f"the first page of #{self.number}")
        self.id = self._key_of(mark).partition("/")[0]
        await self._page_comes()

    async def is_shown(self) -> None:
        """Its card stands in the channel."""
        await self.keeper.until(self.cards, f"the card of #{self.number}", paced=True)

    async def raise_severity(self) -> None:
        """It is worse than thought: a new epoch begins, and the old page ends."""
        if not self.plan.raised:
            return
        old = self.pages[-1][0]
        await self._command(f"sev {self.number} p0")
        self._begin_epoch("Raised from P1 to P0 by ")
        await self._page_comes()
        await self._pagerduty_shows(RESOLVED, [old])

    async def wait(self) -> None:
        """The response time has passed: the next tier is paged."""
        self._step += 1
        await self._page_comes()

    async def escalate(self) -> None:
        """Somebody does not want to wait."""
        if not self.plan.escalated:
            return
        await self._command(f"escalate {self.number}", once=True)
        self._step += 1
        await self._page_comes()

    async def acknowledge(self) -> None:
        """Somebody takes it, and every page of this epoch is acknowledged in PagerDuty."""
        if self.plan.by_command:
            await self._command(f"ack {self.number}")
        else:
            await self._press_acknowledge()
        self.said.append("Acknowledged by ")
        await self._pagerduty_shows(ACKNOWLEDGED, self._keys_of_epoch())

    async def mend(self) -> None:
        """Somebody tells how it goes, and ends it."""
        await self._command(f"update {self.number} rolled back", once=True)
        await self._command(f"mitigate {self.number}")
        await self._command(f"resolve {self.number} fixed")
        self.said += ["Update by ", "Mitigated by ", "Resolved by "]
        await self._pagerduty_shows(RESOLVED, [key for key, _ in self.pages])

    async def reopen(self) -> None:
        """It comes back, is acknowledged in PagerDuty, and was a false alarm."""
        if not self.plan.reopened:
            return
        await self._command(f"reopen {self.number}")
        self._begin_epoch("Reopened by ")
        await self._page_comes()
        key = self.pages[-1][0]
        self.home.pagerduty.acknowledge(key, ANA.name)
        self.said.append(f"Acknowledged by {ANA.name}")
        heard = f"#{self.number} hears of PagerDuty"
        await self.keeper.until(lambda: self.lines(self.said[-1]), heard, paced=True)
        await self._command(f"cancel {self.number} a false alarm")
        self.said.append("Cancelled as a false alarm by ")
        await self._pagerduty_shows(RESOLVED, [key])

    async def is_told(self) -> None:
        """The channel tells all of it."""
        what = f"all that #{self.number}'s channel tells"
        await self.keeper.until(lambda: not list(self.untold()), what, paced=True)

    def untold(self) -> Iterator[str]:
        """What the channel does not tell, or not yet."""
        for words in self.said:
            if not self.lines(words):
                yield f"#{self.number}: no line {words!r}"
        if not any(self._has_ended(card) for card in self.cards()):
            yield f"#{self.number}: no card that says how it ended"

    def cards(self) -> list[Message]:
        """Every card of it."""
        return [message for message in self._messages() if self._is_card(message)]

    def lines(self, words: str) -> list[Message]:
        """The lines in the card's thread that say something."""
        threads = {card.ts for card in self.cards()}
        said = (one for one in self._messages() if one.thread_ts in threads and one.bot_id)
        return [one for one in said if words in one.text]

    def _messages(self) -> list[Message]:
        return self.home.slack.messages_in(CHANNEL)[self._before :]

    def _has_ended(self, card: Message) -> bool:
        word = "cancelled, a false alarm by" if self.plan.reopened else "resolved by"
        return f"P0 #{self.number} · {self.plan.title}" in card.text and word in card.text

    def _is_card(self, message: Message) -> bool:
        return delivery_key(message) == f"card/{self.id}"

    def _begin_epoch(self, words: str) -> None:
        self._epoch, self._step = self._epoch + 1, 0
        self.said.append(words)

    async def _command(self, text: str, *, by: str = RESPONDER, once: bool = False) -> Reply:
        # People take their time, and so the bot's own pace in Slack holds nothing up here.
        self.home.forward(seconds=10)

        def enter() -> Awaitable[Reply]:
            return self.home.slack.command(by, CHANNEL, "/incident", text)

        return await self.keeper.ask(enter, enter if self.plan.retypes and not once else None)

    async def _press_acknowledge(self) -> None:
        value = f"{self.id}:{self._epoch}"

        def shows() -> bool:
            return f"'value': '{value}'" in str(self.cards()[0].blocks)

        what = f"the button of #{self.number}'s epoch {self._epoch}"
        await self.keeper.until(shows, what, paced=True)
        card = self.cards()[0]
        await self.keeper.ask(lambda: self.home.slack.click(RESPONDER, CHANNEL, card.ts, ACKNOWLEDGE, value))

    async def _page_comes(self) -> None:
        key = f"{self.id}/{self._epoch}/{self._step}"
        person = TIERS[min(self._step, len(TIERS) - 1)].levels[0][0].name
        self.pages.append((key, person))
        await self.keeper.until(lambda: self._notified(key), f"page {key} of #{self.number}")

    def _notified(self, key: str) -> bool:
        return any(one.key == key for one in self.home.pagerduty.notifications)

    def _key_of(self, mark: str) -> str:
        keys = (one.key for one in self.home.pagerduty.notifications if mark in one.summary)
        return next(keys, "")

    def _keys_of_epoch(self) -> list[str]:
        return [key for key, _ in self.pages if key.split("/")[1] == str(self._epoch)]

    async def _pagerduty_shows(self, status: str, keys: list[str]) -> None:
        def shows() -> bool:
            return all(self.home.pagerduty.incident(key).status == status for key in keys)

        await self.keeper.until(shows, f"{status} of {keys} of #{self.number}")


def delivery_key(message: Message) -> str | None:
    """The key of the delivery that posted a message."""
    key: str | None = ((message.metadata or {}).get("event_payload") or {}).get("key")
    return key


async def tell(home: Installation, stories: Sequence[Story], *, waits: int = 1) -> None:
    """Several incidents side by side, from declaration to end; `waits` times the response time passes."""
    await begin(stories)
    await finish(home, stories, waits=waits)


async def begin(stories: Sequence[Story]) -> None:
    """Several incidents side by side, until their first pages have arrived."""
    await _all(stories, Story.declare)


async def finish(home: Installation, stories: Sequence[Story], *, waits: int = 1) -> None:
    """What follows, to the end."""
    await _all(stories, Story.is_shown)
    await _all(stories, Story.raise_severity)
    for _ in range(waits):
        home.forward(minutes=RESPONSE_MINUTES)
        await _all(stories, Story.wait)
    for act in (Story.escalate, Story.acknowledge, Story.mend, Story.reopen, Story.is_told):
        await _all(stories, act)


async def _all(stories: Sequence[Story], act: Callable[[Story], Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for story in stories:
            group.create_task(act(story))
