"""The bot is killed on each step of a call's way: paged, shown, repeated, answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from bot.adapters.clock import WallClock
from bot.domain.call import CallState
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.incidents import RESOLVED
from bot.sandbox.pagerduty.people import LEE
from bot.sandbox.slack import Message, Reply
from storage.open import open_store
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import CALL_POINTS
from tests.support.people import Card
from tests.support.story import CHANNEL, DECLARER, delivery_key

REASON = "the provider is on the phone"
AT_THE_PAGE = (
    *CALL_POINTS[:2],
    "claim_pager.before_commit",
    "claim_pager.after_commit",
    "pager.before_send",
    "pager.after_send",
    "settle_pager.before_commit",
    "settle_pager.after_commit",
)
"""Deaths from the press of the button until PagerDuty has the page."""
AT_THE_CARD = ("chat.before_send", "chat.after_send", "settle_chat.before_commit")
AT_THE_REPEAT = ("fire_due.before_commit", "fire_due.after_commit", "pager.after_send")
AT_THE_ANSWER = (*CALL_POINTS[2:], "pager.after_send", "settle_pager.before_commit")
IN_TURN = (*AT_THE_PAGE, *AT_THE_CARD, *AT_THE_REPEAT, *AT_THE_ANSWER)


async def test_a_call_with_a_death_at_each_step_rings_once_a_page_and_is_answered_once(
    home: Installation,
) -> None:
    async with replica(home) as first:
        home.reached_at(first.url)
        await _asks(home, Keeper(home, first))
        question = home.slack.ephemerals(DECLARER)[-1]
        assert await first.terminate() == 0
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        await _press(home, keeper, DECLARER, Card.of(home.slack, question), "Page")
        await keeper.until(partial(_has_rung, home, 1), "the page")
        await _have_died(keeper, AT_THE_PAGE + AT_THE_CARD)
        await keeper.until(lambda: _cards(home), "the card", paced=True)
        home.forward(minutes=61)
        await keeper.until(partial(_has_rung, home, 2), "the repeat", paced=True)
        await _have_died(keeper, AT_THE_PAGE + AT_THE_CARD + AT_THE_REPEAT)
        await keeper.until(lambda: "2 times" in _card(home).text, "the card with the repeat", paced=True)
        await _press(home, keeper, "lee", _card(home), "Acknowledge")
        await _have_died(keeper, IN_TURN)
        await keeper.until(partial(_is_over, home), "the end of every page")
        await keeper.until(lambda: _card(home).says("Acknowledged"), "the card with the answer", paced=True)
        assert keeper.killed == list(IN_TURN)
        assert await bot.terminate() == 0
    await _judge(home)


async def _asks(home: Installation, keeper: Keeper) -> None:
    """Somebody types the line, and is asked whether they mean it."""

    def enter() -> Awaitable[Reply]:
        return home.slack.command(DECLARER, CHANNEL, "/page", f"team-lead {REASON}")

    await keeper.ask(enter)
    await keeper.until(lambda: home.slack.ephemerals(DECLARER), "the question")


async def _press(home: Installation, keeper: Keeper, who: str, card: Card, label: str) -> None:
    action, value = card.find(label)
    await keeper.ask(lambda: home.slack.click(who, card.message.channel, card.message.ts, action, value))


async def _have_died(keeper: Keeper, points: tuple[str, ...]) -> None:
    """The bot was killed at all of these points; each may take its time."""
    for count, point in enumerate(points, 1):
        died: Callable[[], bool] = partial(_has_died, keeper, count)
        await keeper.until(died, f"death at {point}", paced=True)


def _has_died(keeper: Keeper, count: int) -> bool:
    return len(keeper.killed) >= count


def _has_rung(home: Installation, times: int) -> bool:
    return len(home.pagerduty.notifications) >= times


def _is_over(home: Installation) -> bool:
    return all(one.status == RESOLVED for one in home.pagerduty.incidents)


def _cards(home: Installation) -> list[Message]:
    return [one for one in home.slack.messages_in(CHANNEL) if (delivery_key(one) or "").startswith("call/")]


def _card(home: Installation) -> Card:
    [message] = _cards(home)
    return Card.of(home.slack, message)


async def _judge(home: Installation) -> None:
    """Nothing rang or was said twice, and the call was made, repeated and answered once."""
    rung = Counter((one.key, one.person) for one in home.pagerduty.notifications)
    assert set(rung.values()) == {1}
    assert {person for _, person in rung} == {LEE.name}
    posted = Counter(filter(None, map(delivery_key, home.slack.messages_in(CHANNEL))))
    assert set(posted.values()) == {1}, posted

    def body(tx: Transaction) -> None:
        [call] = tx.calls.newest(9)
        assert (call.state, call.reason) == (CallState.ANSWERED, REASON)
        kinds = Counter(one.kind for one in tx.events.of(call.id))
        assert (kinds[EventKind.CALLED], kinds[EventKind.ACKNOWLEDGED]) == (1, 1)
        assert kinds[EventKind.PAGED] == len(tx.pages.of(call.id)) == len(rung)

    store = await open_store(home.database_url, clock=WallClock(), read_only=True)
    try:
        await store.read(body)
    finally:
        await store.aclose()
