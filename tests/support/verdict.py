"""What people got in the end, held against what they were owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.adapters.clock import WallClock
from bot.domain.delivery import DeliveryKind
from bot.domain.page import PageRecord
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.incidents import RESOLVED
from storage.open import open_store
from tests.support.bot_process import Installation
from tests.support.story import CHANNEL, Story, delivery_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`pages` notified a person; `lost` was owed and did not come, `doubled` came twice."""

    incidents: int
    pages: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    amiss: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether everybody got what they were owed, once."""
        return not (self.lost or self.doubled or self.amiss)


async def judge(home: Installation, stories: Sequence[Story]) -> Verdict:
    """Look at PagerDuty, Slack and the database once all is over. The bot may run or not."""
    rung = Counter((one.key, one.person) for one in home.pagerduty.notifications)
    owed = {page for story in stories for page in story.pages}
    keys = Counter(filter(None, map(delivery_key, home.slack.messages_in(CHANNEL))))
    return Verdict(
        incidents=len(stories),
        pages=len(rung),
        lost=(
            *(f"page {key} to {person}" for key, person in sorted(owed - rung.keys())),
            *(words for story in stories for words in story.untold()),
        ),
        doubled=(
            *(f"page {key} to {person}: {count}" for (key, person), count in rung.items() if count > 1),
            *(f"message {key}: {count}" for key, count in keys.items() if count > 1),
            *_said_twice(stories),
        ),
        amiss=(*_unasked(rung.keys() - owed), *_still_open(home), *await _left_over(home, stories)),
    )


def _said_twice(stories: Sequence[Story]) -> Iterator[str]:
    for story in stories:
        for words in story.said:
            # One acknowledgement is in Slack, by a name that the other one in PagerDuty may share.
            wanted = sum(words in other for other in story.said)
            if len(story.lines(words)) > wanted:
                yield f"#{story.number}: {len(story.lines(words))} lines {words!r}"


def _unasked(pages: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (f"page {key} to {person} was not owed" for key, person in sorted(pages))


def _still_open(home: Installation) -> Iterator[str]:
    for incident in home.pagerduty.incidents:
        if incident.status != RESOLVED:
            yield f"{incident.key} is {incident.status} in PagerDuty"


async def _left_over(home: Installation, stories: Sequence[Story]) -> list[str]:
    """What the database still wants to send, or believes to have sent."""

    def look(tx: Transaction) -> list[str]:
        # A look whether PagerDuty shows a page comes later, and is owed to nobody once all is over.
        backlog = {kind: count for kind, count, _ in tx.outbox.backlog() if kind != DeliveryKind.PAGE_CONFIRM}
        amiss = [f"{count} deliveries of {kind} are still owed" for kind, count in backlog.items()]
        amiss += [f"{one.label} is still open" for one in tx.incidents.open()]
        for story in stories:
            kept = {page.key for page in tx.pages.of(story.id) if _went(page)}
            wanted = {key for key, _ in story.pages}
            amiss += [f"{key} is not as the database tells" for key in sorted(kept ^ wanted)]
        return amiss

    store = await open_store(home.database_url, clock=WallClock(), read_only=True)
    try:
        return await store.read(look)
    finally:
        await store.aclose()


def _went(page: PageRecord) -> bool:
    return page.sent_at is not None
