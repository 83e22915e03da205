"""A pager and a chat that remember everything, and fail as a test says: in every way that real ones do."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import count

from typing_extensions import override

from bot.domain.alert_card import AlertCard
from bot.domain.card import IncidentCard, MessageRef
from bot.domain.delivery import DeliveryKind
from bot.domain.draft import Draft
from bot.domain.face import Face, Place
from bot.domain.guide import Mention
from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.objective import Promise
from bot.ports.chat import Chat, Line, Shown
from bot.ports.drafts import Drafts
from bot.ports.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.meter import Figures, Meter
from bot.ports.pager import Page, Pager, PagerIncident, PagerStatus
from bot.ports.rooms import MadeRoom, Rooms
from bot.ports.summaries import Summaries, Summary
from bot.ports.talk import Spoken, Talk
from bot.ports.workspace import Workspace
from bot.services.slo_sending import Budgets


class Fate(Enum):
    """What becomes of one call."""

    DONE = auto()
    TEMPORARY = auto()
    LIMITED = auto()  # a rate limit, which holds its whole lane
    PERMANENT = auto()
    LOST = auto()  # no answer, and nothing was done
    UNHEARD = auto()  # no answer, though it was done


class Fates:
    """The fates of the calls to come; when they are used up, all is well."""

    def __init__(self) -> None:
        self.coming: deque[Fate] = deque()

    def before(self, lane: str) -> Fate:
        """The next call's fate. Raises the failure of those that do nothing."""
        fate = self.coming.popleft() if self.coming else Fate.DONE
        match fate:
            case Fate.TEMPORARY:
                raise TemporaryFailure("not now")
            case Fate.LIMITED:
                raise TemporaryFailure("too many calls", retry_after=timedelta(seconds=20), lane=lane)
            case Fate.PERMANENT:
                raise PermanentFailure("refused")
            case Fate.LOST:
                raise UnknownOutcome("no answer")
            case Fate.DONE | Fate.UNHEARD:
                return fate


def _after(fate: Fate) -> None:
    if fate is Fate.UNHEARD:
        raise UnknownOutcome("no answer")


@dataclass(slots=True)
class Alert:
    """What the pager has made of one key, the newest time that it was opened."""

    key: str
    number: int
    status: PagerStatus = PagerStatus.TRIGGERED
    by_person: str | None = None


class FakePager(Pager):
    """Folds by key while an incident is open under it, and notifies once each time that it opens one.

    `refused` are the keys whose end it has refused for good.
    """

    def __init__(self, fates: Fates) -> None:
        self._fates = fates
        self._numbers = count(1)
        self.alerts: dict[str, Alert] = {}
        self.notified: Counter[str] = Counter()
        self.refused: set[str] = set()

    @property
    @override
    def can_look_up(self) -> bool:
        return True

    @override
    def reaches(self, tier: str) -> bool:
        return True

    @override
    async def trigger(self, page: Page) -> None:
        fate = self._fates.before(f"pagerduty/{page.tier}")
        alert = self.alerts.get(page.key)
        if alert is None or alert.status is PagerStatus.RESOLVED:
            self.alerts[page.key] = Alert(page.key, next(self._numbers))
            self.notified[page.key] += 1
        _after(fate)

    @override
    async def acknowledge(self, tier: str, key: str) -> None:
        fate = self._ends(tier, key)
        if key in self.alerts and self.alerts[key].status is PagerStatus.TRIGGERED:
            self.act(key, PagerStatus.ACKNOWLEDGED, None)
        _after(fate)

    @override
    async def resolve(self, tier: str, key: str) -> None:
        fate = self._ends(tier, key)
        if key in self.alerts:
            self.act(key, PagerStatus.RESOLVED, None)
        _after(fate)

    @override
    async def look_up(self, key: str) -> PagerIncident | None:
        alert = self.alerts.get(key)
        if alert is None:
            return None
        return PagerIncident(
            key=key, incident_id=f"Q{alert.number}", status=alert.status, by_person=alert.by_person
        )

    @override
    async def set_level(self, key: str, level: int) -> None:
        raise AssertionError("no tier of these tests is a level")

    def act(self, key: str, status: PagerStatus, person: str | None) -> None:
        """Somebody, or something, changes an incident that is not resolved yet."""
        alert = self.alerts[key]
        if alert.status is not PagerStatus.RESOLVED:
            alert.status, alert.by_person = status, person

    def _ends(self, tier: str, key: str) -> Fate:
        try:
            return self._fates.before(f"pagerduty/{tier}")
        except PermanentFailure:
            self.refused.add(key)
            raise


class FakeChat(Chat):
    """Keeps cards and lines by where they stand; what may have been posted is looked for by its key."""

    def __init__(self, fates: Fates) -> None:
        self._fates = fates
        self._stamps = count(1)
        self.faces: dict[MessageRef, Shown] = {}
        self.lines: dict[MessageRef, Line] = {}
        self._by_key: dict[str, MessageRef] = {}

    @override
    async def post_face(self, shown: Shown, *, keys: Sequence[str], uncertain: bool) -> MessageRef:
        fate = self._fates.before("slack/chat.postMessage")
        at = self._place(keys[0], uncertain=uncertain)
        self.faces.setdefault(at, shown)
        _after(fate)
        return at

    @override
    async def edit_face(self, shown: Shown, at: MessageRef) -> None:
        fate = self._fates.before("slack/chat.update")
        assert at in self.faces
        self.faces[at] = shown
        _after(fate)

    @override
    async def post_line(self, line: Line, thread: MessageRef | None, *, uncertain: bool) -> MessageRef:
        fate = self._fates.before("slack/chat.postMessage")
        at = self._place(line.key, uncertain=uncertain)
        self.lines.setdefault(at, line)
        _after(fate)
        return at

    @override
    async def edit_line(self, line: Line, at: MessageRef) -> None:
        fate = self._fates.before("slack/chat.update")
        assert at in self.lines
        self.lines[at] = line
        _after(fate)

    def cards_of(self, incident: str) -> list[IncidentCard]:
        """Every message that shows an incident's card."""
        cards = (shown.card for shown in self.faces.values() if shown.face is Face.CARD)
        return [card for card in cards if isinstance(card, IncidentCard) and card.incident.id == incident]

    def alert_cards_of(self, group: str) -> list[AlertCard]:
        """Every message that shows an alert group's card."""
        cards = (shown.card for shown in self.faces.values() if shown.face is Face.ALERT)
        return [card for card in cards if isinstance(card, AlertCard) and card.group.id == group]

    def _place(self, key: str, *, uncertain: bool) -> MessageRef:
        if uncertain and key in self._by_key:
            return self._by_key[key]
        at = MessageRef(channel="C1", ts=f"{next(self._stamps)}.0")
        self._by_key[key] = at
        return at


class NoSummaries(Summaries):
    """A workspace in which nothing fires: nobody may sum it up."""

    @override
    async def post_summary(
        self, summary: Summary, *, key: str, since: datetime, uncertain: bool
    ) -> MessageRef:
        raise AssertionError(key)


class NoBudgets(Budgets):
    """Nobody measures anything: nobody may ask how a budget stands."""

    @override
    async def at(self, promise: Promise, at: datetime, *, since: datetime | None = None) -> AtIncident:
        raise AssertionError(promise.key)


class NoTalk(Talk):
    """A workspace in which nobody marks a message: nobody may ask for one."""

    @override
    async def read(self, at: MessageRef) -> Spoken | None:
        raise AssertionError(at)


class NoRooms(Rooms):
    """A workspace whose guide gives no incident a room: nobody may ask for one."""

    @override
    async def create(self, name: str, *, private: bool, since: datetime, uncertain: bool) -> MadeRoom:
        raise AssertionError(name)

    @override
    async def set_topic(self, room: str, topic: str) -> None:
        raise AssertionError(room)

    @override
    async def pin(self, at: MessageRef) -> None:
        raise AssertionError(at)

    @override
    async def bookmark(self, room: str, title: str, href: str, *, uncertain: bool) -> None:
        raise AssertionError(room)

    @override
    async def invite(self, room: str, who: Mention) -> None:
        raise AssertionError(room)

    @override
    async def archive(self, room: str) -> None:
        raise AssertionError(room)


class FakeDrafts(Drafts):
    """Keeps drafts by their keys."""

    def __init__(self, fates: Fates) -> None:
        self._fates = fates
        self.posted: dict[str, Draft] = {}

    @override
    async def post_draft(
        self, draft: Draft, place: Place, thread: MessageRef | None, *, key: str, uncertain: bool
    ) -> None:
        fate = self._fates.before("slack/files")
        assert uncertain or key not in self.posted
        self.posted.setdefault(key, draft)
        _after(fate)


class FakeWorkspace(Workspace):
    """A workspace in which nothing is known, and nothing is secret."""

    @property
    @override
    def team_id(self) -> str | None:
        return None

    @override
    def channel_id(self, key: str) -> str | None:
        return None

    @override
    def channel_key(self, channel_id: str) -> str | None:
        return None

    @override
    def url(self, at: MessageRef) -> str | None:
        return None

    @override
    def is_private(self, key: str) -> bool:
        return False

    @override
    def is_open(self, channel_id: str) -> bool:
        return False

    @override
    def is_privacy_known(self, key: str) -> bool:
        return True


class NoMeter(Meter):
    """Counts nothing."""

    @override
    def count_delivery(self, kind: DeliveryKind, result: str) -> None:
        return

    @override
    def count_alert_news(self, outcome: str) -> None:
        return

    @override
    def count_query(self, outcome: str) -> None:
        return

    @override
    def note_breaker(self, *, is_open: bool) -> None:
        return

    @override
    def expose(self, figures: Figures) -> bytes:
        return b""
