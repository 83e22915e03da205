"""What the bot needs of a database: transactions, and in each the rows it reads and writes.

A transaction's body is a synchronous function: nothing can wait for the outside inside one.
Lock order: incidents, alert groups, timers, outbox, lanes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.domain.actor import Actor
from bot.domain.alert import Alert, AlertGroup, Heartbeat, Noise, Silence
from bot.domain.audit import AuditEntry, Period
from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery, Recipient
from bot.domain.duplicates import Fresh
from bot.domain.event import Event, EventData, EventKind
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.item import Item
from bot.domain.mark import Mark
from bot.domain.page import PageMark, PageRecord
from bot.domain.postmortem import Duty
from bot.domain.statistics import Counted
from bot.domain.timer import Timer, TimerKind

Result = TypeVar("Result")


class Incidents(Protocol):
    """Incidents by identity, number and state."""

    def add(self, incident: Incident) -> Incident:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, incident: Incident) -> None:
        """Write every column of an existing one."""

    def by_id(self, incident_id: str, *, lock: bool = False) -> Incident | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Incident | None:
        """The same, by the number that people use."""

    def by_room(self, room: str, *, lock: bool = False) -> Incident | None:
        """The same, by the Slack id of its room."""

    def open(self, limit: int = 200) -> tuple[Incident, ...]:
        """What is not over: most urgent first, then newest first."""

    def fresh(self, since: datetime, *, security: bool, drill: bool) -> tuple[Fresh, ...]:
        """What was declared since then and is open, of one kind: up to twenty, the newest first."""

    def security(self, limit: int = 500) -> tuple[Incident, ...]:
        """Security incidents, ended or not: the newest first."""

    def lock_free(self, incident_ids: Sequence[str]) -> tuple[Incident, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """(severity, status, count) over all incidents that are open, and those that ended; no drills."""


class Timers(Protocol):
    """Deadlines, fired in the order in which they are due. Rows vanish when they fire or are stopped."""

    def set(self, timer: Timer) -> None:
        """Insert it; a timer with the same key stays as it is."""

    def stop(self, subject: str, kind: TimerKind) -> None:
        """Remove all timers of one kind of a subject."""

    def remove(self, keys: Sequence[str]) -> None:
        """Remove timers that have fired."""

    def due(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        """What is due at `now`, oldest first, without locking; kinds that this code knows only."""

    def of(self, subject: str, kind: TimerKind) -> tuple[Timer, ...]:
        """A subject's timers of one kind, in the order of their due times."""

    def soonest(self) -> datetime | None:
        """When the next timer of all kinds known here is due."""


class Outbox(Protocol):
    """What is owed to the outside. Rows vanish when they are settled; refused ones stay as dead letters."""

    def owe(self, delivery: Delivery) -> None:
        """Insert it; one with the same key that still waits stays as it is."""

    def owe_again(self, delivery: Delivery) -> None:
        """Insert it, or raise the revision of the one with the same key, so that it goes (again)."""

    def ready(self, recipient: Recipient, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Lock what may go now, by priority, then age; rows that another transaction holds are skipped.

        That is: waiting or with an expired lease (then `uncertain`), its time has come, no earlier one of
        its order key is unsettled, and its lane and method are free. Times that only a clock which has
        been set back since can have written hold nothing up: a lease, a lane's or a wait's end more than
        LONGEST_SHUT ahead, an untried row that was owed later than `now`. Kinds that this code does not
        know are left to the replicas that do.
        """

    def lease(self, keys: Sequence[str], token: str, until: datetime) -> None:
        """Mark rows from `ready` as being sent, and count the try."""

    def settle(self, delivery: Delivery, token: str) -> bool:
        """Remove a delivery that was carried out; one owed again meanwhile waits for its next turn.

        False where the lease is no longer `token`'s: another dispatcher has it.
        """

    def postpone(self, delivery: Delivery, token: str, until: datetime, *, uncertain: bool, why: str) -> bool:
        """Give the lease back: not before `until`."""

    def bury(self, delivery: Delivery, token: str, why: str) -> bool:
        """Keep it as a dead letter."""

    def drop(self, keys: Sequence[str]) -> None:
        """Remove what is no longer owed."""

    def drop_waiting_pages(self, subject: str) -> tuple[str, ...]:
        """Remove a subject's pages that wait, tried or not. Returns their keys."""

    def release(self) -> int:
        """Give back all leases of dead owners (SQLite at start-up). Returns how many."""

    def backlog(self) -> tuple[tuple[str, int, datetime | None], ...]:
        """(kind, count, oldest `created_at`) of what waits or is being sent, of the kinds known here."""

    def soonest(self, recipient: Recipient) -> datetime | None:
        """When the first of what waits, or hangs in a lease, may be tried, whatever its lane says."""


class Lanes(Protocol):
    """When each lane of `bot.domain.delivery.pace` takes its next call."""

    def lock(self, lanes: Sequence[str]) -> dict[str, datetime | None]:
        """Lock lanes (in the order of their names) and read when each is free; None for a new one."""

    def free_at(self, lane: str, at: datetime) -> None:
        """Write when a lane is free again."""

    def block(self, lane: str, until: datetime) -> None:
        """Keep a lane shut until `until`, or longer where it is shut longer already.

        `until` is at most LONGEST_SHUT from now: one that is further ahead counts for nothing.
        """


class Events(Protocol):
    """Histories. Append only."""

    def append(self, subject: str, *, at: datetime, actor: Actor, kind: EventKind, data: EventData) -> Event:
        """Add the next entry of a subject's history. The subject is locked by the caller."""

    def of(self, subject: str, *, limit: int = 1000, after: int = 0) -> tuple[Event, ...]:
        """A subject's newest `limit` entries with a sequence above `after`, the oldest of them first."""

    def one(self, subject: str, sequence: int) -> Event | None:
        """One entry."""

    def between(
        self, period: Period, *, after: AuditEntry | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """A period's first `limit` entries that come `after` one, of all subjects, by time.

        Entries of one subject and instant keep their order.
        """

    def entries(self, subject: str, *, after: int = 0, limit: int) -> tuple[AuditEntry, ...]:
        """A subject's first `limit` entries with a sequence above `after`, whatever their times."""

    def page(self, subject: str, *, before: int | None = None, limit: int) -> tuple[Event, ...]:
        """The newest `limit` entries (amendments are none) below the sequence `before`, oldest first."""

    def amendments(self, subject: str, *, after: int = 0) -> tuple[Event, ...]:
        """What was said about earlier entries, with a sequence above `after`, oldest first."""

    def count(self, subject: str, *, before: int | None = None) -> int:
        """How many entries (amendments are none) there are below the sequence `before`."""


class Pages(Protocol):
    """Pages of incidents, kept for good."""

    def add(self, page: PageRecord) -> bool:
        """Insert it; False where the step of that epoch has one already."""

    def mark(self, page: PageRecord, mark: PageMark, at: datetime) -> None:
        """Note one thing on it; an earlier instant of the same mark stays.

        Marks are written one by one, since not every writer holds the incident: none undoes another.
        """

    def unsend(self, page: PageRecord) -> None:
        """Take back that it was sent: it is certain that it was not."""

    def rekey(self, page: PageRecord, key: str) -> None:
        """Let it go under another key, as if it had not been sent yet."""

    def name(self, page: PageRecord, pager_incident: str) -> None:
        """Note the paging service's own id of the incident that it made of the page."""

    def of(self, incident: str) -> tuple[PageRecord, ...]:
        """An incident's pages: by epoch, then step."""

    def one(self, incident: str, epoch: int, step: int) -> PageRecord | None:
        """The page of one step."""

    def by_pager_incident(self, pager_incident: str) -> PageRecord | None:
        """The newest page of which the paging service made this incident of its own."""


class Messages(Protocol):
    """Which message shows which subject, and as which of its faces."""

    def of(self, subject: str, face: Face) -> MessageRef | None:
        """Where a subject's face stands."""

    def newest_in(self, channel: str) -> str | None:
        """Which subject has the newest face in a channel (Slack's id)."""

    def subject_at(self, at: MessageRef) -> str | None:
        """Which subject has a face there, whichever."""

    def save(self, subject: str, face: Face, at: MessageRef) -> None:
        """Remember where a subject's face stands; what stood there before is forgotten."""

    def forget(self, at: MessageRef) -> None:
        """Remove a message that is no more."""

    def forget_channel(self, channel: str) -> None:
        """Remove everything that stood in a channel that is no more used."""

    def turn(self, subject: str, face: Face, into: Face) -> None:
        """Let the messages of one of a subject's faces be another's from now on."""


class Marks(Protocol):
    """Messages of people's that are part of timelines."""

    def at(self, at: MessageRef) -> Mark | None:
        """The mark of a message."""

    def add(self, mark: Mark) -> None:
        """Insert it; the message has none."""

    def forget(self, at: MessageRef) -> None:
        """Remove it: the message may be added anew."""


class Receipts(Protocol):
    """Which requests were carried out, and what was answered."""

    def find(self, source: str, delivery_id: str) -> str | None:
        """The answer to a request that was carried out before."""

    def keep(self, source: str, delivery_id: str, reply: str, at: datetime) -> None:
        """Remember the answer, in the use case's own transaction."""

    def forget(self, before: datetime) -> int:
        """Remove receipts older than any redelivery. Returns how many."""


class Facts(Protocol):
    """Small facts of the installation by name, e.g. the workspace's channel ids."""

    def get(self, name: str) -> str | None:
        """Read one."""

    def put(self, name: str, value: str) -> None:
        """Write one."""


class Duties(Protocol):
    """Post-mortems that incidents owe, or owed: one an incident."""

    def of(self, incident: str) -> Duty | None:
        """An incident's."""

    def save(self, duty: Duty) -> None:
        """Write it, whether or not there is one. The incident is locked by the caller."""

    def open(self, limit: int = 100) -> tuple[Duty, ...]:
        """What is still to be written, the earliest deadline first."""


class Items(Protocol):
    """Action items of incidents."""

    def add(self, item: Item) -> Item:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, item: Item) -> None:
        """Write an existing one. Its incident is locked by the caller."""

    def one(self, number: int) -> Item | None:
        """Read one by the number that people use."""

    def of(self, incident: str) -> tuple[Item, ...]:
        """All of an incident's, by number."""

    def open(self, limit: int = 100) -> tuple[Item, ...]:
        """What is still to be done: the earliest day first, then those without a day."""


class Tally(Protocol):
    """Incidents to be counted."""

    def between(self, since: datetime, until: datetime) -> tuple[Counted, ...]:
        """What was declared from `since` to `until`, but for drills and false alarms; in no order."""


class AlertGroups(Protocol):
    """Alert groups by identity, number, source and state."""

    def add(self, group: AlertGroup) -> AlertGroup:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, group: AlertGroup) -> None:
        """Write every column of an existing one."""

    def by_id(self, group_id: str, *, lock: bool = False) -> AlertGroup | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> AlertGroup | None:
        """The same, by the number that people use."""

    def newest_of(self, key: str) -> AlertGroup | None:
        """The newest episode of a key, locked; where there is none, nobody else adds one meanwhile."""

    def firing(self, limit: int = 1000) -> tuple[AlertGroup, ...]:
        """What is not over: most urgent first, then newest first."""

    def of_incident(self, incident: str) -> tuple[AlertGroup, ...]:
        """What belongs to an incident, over or not, by number."""

    def members(self, storm: str) -> tuple[AlertGroup, ...]:
        """What a storm stands for, over or not: most urgent first, then by number."""

    def carded_since(self, channel: str, since: datetime) -> int:
        """How many groups came to have a card of their own in a channel (of the guide's) since then."""

    def lock_free(self, group_ids: Sequence[str]) -> tuple[AlertGroup, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """(severity, status, count) over all groups."""

    def noise(self, since: datetime, *, security: bool) -> tuple[Noise, ...]:
        """What has fired since then, by name and service, the noisiest first; security alerts if asked."""


class Alerts(Protocol):
    """The alerts of groups. Each firing of a label set is one of its own."""

    def tell(self, group: str, alerts: Sequence[Alert]) -> None:
        """Write what is told of alerts now; when the bot first had one stays. The group is locked."""

    def of(self, group: str, *, firing: bool = False, limit: int = 1000) -> tuple[Alert, ...]:
        """A group's, the newest first; only those that fire, if asked."""

    def count(self, group: str) -> tuple[int, int]:
        """How many of a group's fire, and how many are resolved."""

    def end_all(self, group: str, at: datetime) -> None:
        """Everything of a group that fires is over."""

    def forget(self, before: datetime) -> int:
        """Remove what is resolved and was first had before then. Returns how many."""


class Silences(Protocol):
    """What keeps groups quiet."""

    def save(self, silence: Silence) -> None:
        """Write it, whether or not there is one. The group is locked by the caller."""

    def one(self, silence_id: str) -> Silence | None:
        """Read one by the bot's id."""

    def by_remote(self, remote_id: str) -> tuple[Silence, ...]:
        """Those that are one silence of Alertmanager's: it may keep several groups quiet."""

    def of(self, group: str) -> tuple[Silence, ...]:
        """A group's, the newest first."""

    def standing(self, limit: int = 1000) -> tuple[Silence, ...]:
        """What is wanted, active or ending: what ends first comes first."""


class Heartbeats(Protocol):
    """Signs of life of monitoring systems."""

    def beat(self, heartbeat: Heartbeat) -> None:
        """Write the newest one."""

    def all(self) -> tuple[Heartbeat, ...]:
        """Every system's newest one, by name."""


class Transaction(Protocol):
    """The rows that a transaction's body reads and writes."""

    @property
    def incidents(self) -> Incidents: ...  # noqa: D102
    @property
    def timers(self) -> Timers: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102
    @property
    def lanes(self) -> Lanes: ...  # noqa: D102
    @property
    def events(self) -> Events: ...  # noqa: D102
    @property
    def pages(self) -> Pages: ...  # noqa: D102
    @property
    def messages(self) -> Messages: ...  # noqa: D102
    @property
    def marks(self) -> Marks: ...  # noqa: D102
    @property
    def receipts(self) -> Receipts: ...  # noqa: D102
    @property
    def facts(self) -> Facts: ...  # noqa: D102
    @property
    def duties(self) -> Duties: ...  # noqa: D102
    @property
    def items(self) -> Items: ...  # noqa: D102
    @property
    def tally(self) -> Tally: ...  # noqa: D102
    @property
    def alert_groups(self) -> AlertGroups: ...  # noqa: D102
    @property
    def alerts(self) -> Alerts: ...  # noqa: D102
    @property
    def silences(self) -> Silences: ...  # noqa: D102
    @property
    def heartbeats(self) -> Heartbeats: ...  # noqa: D102


class Store(Protocol):
    """Runs transactions. A body may be run again where the outcome of its commit is unknown."""

    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` and commit; its exception rolls back and is raised here.

        Once started, a body is finished though its caller be cancelled. Probe points
        `{name}.before_commit` and `{name}.after_commit`.
        """

    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` on a snapshot, without writing."""


class StoreUnavailable(Exception):  # noqa: N818 - it says what is so
    """The database cannot be reached or does not answer; nothing was written as far as is known."""
