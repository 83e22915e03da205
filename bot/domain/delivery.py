"""What is owed to the outside: how urgent it is, how fast it may go, what comes after a failure.

Pure decisions about the outbox's rows; `bot.services.deliveries` carries them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.lane import LONGEST_SHUT
from bot.domain.severity import Severity


class Recipient(StrEnum):
    """Who takes it. Each has its own dispatcher, so that trouble with one never delays the other."""

    PAGER = "pager"
    PAGER_LOOKS = "pager_looks"  # the paging service's slower side: looking, and raising levels
    ON_CALL = "on_call"  # asks the paging service and Slack, and keeps no level from being raised
    CHAT = "chat"
    SILENCER = "silencer"
    METRICS = "metrics"
    HOOKS = "hooks"  # webhooks of the guide: what takes a change back waits for nobody
    LIBRARY = "library"  # where runbooks are read: one that hangs keeps nothing else waiting
    HOMES = "homes"  # Slack's too, but a hundred people who look at theirs keep no card waiting


class DeliveryKind(StrEnum):
    """What is to be done."""

    PAGE = "page"
    PAGE_LEVEL = "page_level"
    PAGE_ACKNOWLEDGE = "page_acknowledge"
    PAGE_RESOLVE = "page_resolve"
    PAGE_CONFIRM = "page_confirm"
    CARD = "card"
    NOTICE = "notice"
    LEADERSHIP = "leadership"
    ALERT = "alert"
    LINE = "line"
    QUESTION = "question"  # a line that has asked something is shown with its answer
    LOOK_AT_MESSAGE = "look_at_message"
    ROOM_CREATE = "room_create"
    ROOM_TOPIC = "room_topic"
    ROOM_PIN = "room_pin"
    ROOM_BOOKMARK = "room_bookmark"
    ROOM_INVITE = "room_invite"
    ROOM_ARCHIVE = "room_archive"
    DRAFT = "draft"
    ALERT_SUMMARY = "alert_summary"
    SILENCE_SET = "silence_set"
    SILENCE_END = "silence_end"
    SILENCE_LOOK = "silence_look"
    READING = "reading"  # how an incident's error budget stood at a moment
    RUN = "run"
    RUN_OWNER = "run_owner"  # who is on call, and so has a checklist's run
    EVIDENCE = "evidence"  # what a run's items look at
    PICTURE = "picture"  # a chart that goes with something that was posted
    CHECKLIST_REPORT = "checklist_report"
    HOME = "home"  # somebody's Home tab
    CALL = "call"
    CHANGE = "change"
    SPAN = "span"
    CHANGE_HEALTH = "change_health"  # how a service did before it was changed, and since
    ROLLBACK = "rollback"  # a webhook is asked to take a change back
    RUNBOOK_READ = "runbook_read"  # what a runbook says, to be worked through in an incident
    RUNBOOK = "runbook"  # the message that shows how far it has come

    @property
    def recipient(self) -> Recipient:
        """Who takes this kind."""
        if self in _TO_CHAT:
            return Recipient.CHAT
        if self in SILENCE_WORK:
            return Recipient.SILENCER
        if self in _TO_METRICS:
            return Recipient.METRICS
        if self in _ALONE_TO:
            return _ALONE_TO[self]
        if self in {DeliveryKind.PAGE_CONFIRM, DeliveryKind.PAGE_LEVEL}:
            return Recipient.PAGER_LOOKS
        return Recipient.PAGER


ROOM_WORK = frozenset(
    {
        DeliveryKind.ROOM_CREATE,
        DeliveryKind.ROOM_TOPIC,
        DeliveryKind.ROOM_PIN,
        DeliveryKind.ROOM_BOOKMARK,
        DeliveryKind.ROOM_INVITE,
        DeliveryKind.ROOM_ARCHIVE,
    }
)
"""What an incident's own channel needs."""

SILENCE_WORK = frozenset({DeliveryKind.SILENCE_SET, DeliveryKind.SILENCE_END, DeliveryKind.SILENCE_LOOK})
"""What silences need: setting and ending them, and a look at what still fires at their end."""

_TO_CHAT = ROOM_WORK | {
    DeliveryKind.DRAFT,
    DeliveryKind.CARD,
    DeliveryKind.NOTICE,
    DeliveryKind.LEADERSHIP,
    DeliveryKind.ALERT,
    DeliveryKind.LINE,
    DeliveryKind.QUESTION,
    DeliveryKind.LOOK_AT_MESSAGE,
    DeliveryKind.ALERT_SUMMARY,
    DeliveryKind.RUN,
    DeliveryKind.CALL,
    DeliveryKind.CHANGE,
    DeliveryKind.SPAN,
    DeliveryKind.CHECKLIST_REPORT,
    DeliveryKind.RUNBOOK,
}
_ALONE_TO = {
    DeliveryKind.ROLLBACK: Recipient.HOOKS,
    DeliveryKind.HOME: Recipient.HOMES,
    DeliveryKind.RUN_OWNER: Recipient.ON_CALL,
    DeliveryKind.RUNBOOK_READ: Recipient.LIBRARY,
}
_TO_METRICS = frozenset(
    {DeliveryKind.READING, DeliveryKind.EVIDENCE, DeliveryKind.CHANGE_HEALTH, DeliveryKind.PICTURE}
)
"""What needs figures first: what hangs there holds up nothing that people wait for."""

QUIET = frozenset(
    {
        DeliveryKind.READING,
        DeliveryKind.RUN_OWNER,
        DeliveryKind.EVIDENCE,
        DeliveryKind.CHANGE_HEALTH,
        DeliveryKind.PICTURE,
        DeliveryKind.HOME,
    }
)
"""What no incident depends on: that a try fails is nothing to look into, only that it is given up."""

ABOUT_NOTHING = frozenset(
    {
        DeliveryKind.ALERT_SUMMARY,
        DeliveryKind.CHECKLIST_REPORT,
        DeliveryKind.PICTURE,
        DeliveryKind.HOME,
    }
)
"""What is about no subject: its subject is a name of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing owed to the outside.

    `key` is deterministic: owing it twice owes it once. Deliveries of one `order_key` go one after the
    other, in the order in which they came to be owed. `lane` and `method` name what its rate counts
    against. `revision` rises where a coalesced delivery (a card) is owed again; `uncertain` says that
    an earlier try may have been carried out.
    """

    key: str
    kind: DeliveryKind
    subject: str
    epoch: int
    order_key: str
    lane: str
    method: str
    priority: int
    not_before: datetime
    created_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    revision: int = 0
    uncertain: bool = False


_SEND_FIRST = {
    DeliveryKind.PAGE: 0,
    DeliveryKind.PAGE_LEVEL: 0,
    DeliveryKind.PAGE_ACKNOWLEDGE: 10,
    DeliveryKind.PAGE_CONFIRM: 20,
    DeliveryKind.PAGE_RESOLVE: 20,
    DeliveryKind.CARD: 10,
    DeliveryKind.CALL: 10,
    DeliveryKind.NOTICE: 10,
    DeliveryKind.LEADERSHIP: 20,
    DeliveryKind.LINE: 20,
    DeliveryKind.QUESTION: 20,
    DeliveryKind.LOOK_AT_MESSAGE: 30,
    DeliveryKind.ROOM_CREATE: 10,
    DeliveryKind.ROOM_INVITE: 10,
    DeliveryKind.ROOM_PIN: 20,
    DeliveryKind.ROOM_TOPIC: 20,
    DeliveryKind.ROOM_BOOKMARK: 20,
    DeliveryKind.ROOM_ARCHIVE: 30,
    DeliveryKind.DRAFT: 30,
    DeliveryKind.ALERT_SUMMARY: 50,
    DeliveryKind.ALERT: 40,  # after all that incidents owe, however many alerts there are
    DeliveryKind.SILENCE_SET: 0,
    DeliveryKind.SILENCE_END: 0,
    DeliveryKind.SILENCE_LOOK: 10,
    DeliveryKind.READING: 20,  # of what measures, incidents' come first
    DeliveryKind.RUN: 30,
    DeliveryKind.RUN_OWNER: 30,
    DeliveryKind.EVIDENCE: 30,
    DeliveryKind.PICTURE: 60,
    DeliveryKind.CHECKLIST_REPORT: 50,
    DeliveryKind.HOME: 70,
    DeliveryKind.ROLLBACK: 0,
    DeliveryKind.CHANGE: 25,  # before reviews: somebody waits to be let through
    DeliveryKind.SPAN: 25,
    DeliveryKind.CHANGE_HEALTH: 30,
    DeliveryKind.RUNBOOK_READ: 20,
    DeliveryKind.RUNBOOK: 20,
}
LOUD_LINE = 0
"""Priority base of a line that mentions somebody: before cards and other lines."""


def priority(kind: DeliveryKind, severity: Severity, *, loud: bool = False) -> int:
    """Lower goes first: pages by severity, then acknowledgements, then the rest."""
    return (LOUD_LINE if loud else _SEND_FIRST[kind]) + severity.rank


class NextMove(StrEnum):
    """What becomes of a delivery whose try has failed."""

    RETRY = "retry"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do after a failure, when, and whether people must be told now."""

    move: NextMove
    wait: timedelta
    tell: bool


TELL_AFTER_ATTEMPTS = {DeliveryKind.PAGE: 3, DeliveryKind.PAGE_LEVEL: 6}
"""Failed tries after which people are told. A level fails until its incident shows, which takes seconds."""
CHAT_TRIES = 40
"""About three hours of trying: a message older than that helps nobody."""

SILENCE_TELL_AFTER_ATTEMPTS = 3
"""Failed tries after which people are told that Alertmanager does not take a silence."""

_SILENCE_LONGEST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = LONGEST_SHUT - timedelta(seconds=10)
"""Well below, so that a replica whose clock is a little behind does not take it for a clock set back."""
_PAGE_LONGEST_WAIT = timedelta(seconds=30)
_PAGE_LONGEST_WISH = timedelta(seconds=60)
_FIRST_WAIT = timedelta(seconds=1)


def after_failure(
    kind: DeliveryKind, attempts: int, *, permanent: bool, retry_after: timedelta | None = None
) -> Verdict:
    """Decide on a failed try; `attempts` counts it.

    Pages are never given up (the claim drops them once nobody needs them): even a refusal may be mended
    by a person in the meantime. What goes to Slack is given up when refused, or after about three hours,
    silences only when refused: the claim drops those whose time is over.
    `retry_after` is kept, within reason: a page is not put off for longer than a minute, nothing for
    longer than five.
    """
    if kind in TELL_AFTER_ATTEMPTS:
        wait = _PAGE_LONGEST_WAIT if permanent else _backoff(attempts, _PAGE_LONGEST_WAIT)
        return Verdict(
            move=NextMove.RETRY,
            wait=min(retry_after or wait, _PAGE_LONGEST_WISH),
            tell=permanent or attempts >= TELL_AFTER_ATTEMPTS[kind],
        )
    if kind in SILENCE_WORK and not permanent:
        wait = max(retry_after or timedelta(), _backoff(attempts, _SILENCE_LONGEST_WAIT))
        return Verdict(
            move=NextMove.RETRY, wait=min(wait, _LONGEST_WAIT), tell=attempts >= SILENCE_TELL_AFTER_ATTEMPTS
        )
    if permanent or attempts >= CHAT_TRIES:
        return Verdict(move=NextMove.GIVE_UP, wait=timedelta(), tell=True)
    wait = max(retry_after or timedelta(), _backoff(attempts, _LONGEST_WAIT))
    return Verdict(move=NextMove.RETRY, wait=min(wait, _LONGEST_WAIT), tell=False)


def _backoff(attempts: int, longest: timedelta) -> timedelta:
    """1, 2, 4 … seconds. Without jitter: lanes already spread what waits for the same recovery."""
    doublings = min(attempts - 1, 16)
    return min(longest, _FIRST_WAIT * (1 << doublings))
