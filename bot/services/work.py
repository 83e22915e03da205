"""What there is to do for one delivery, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.alert import Labels
from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery
from bot.domain.draft import Draft
from bot.domain.face import Face, Place
from bot.domain.guide import Mention
from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.note import Noted
from bot.domain.slo.objective import Promise
from bot.ports.chat import Line, Shown
from bot.ports.pager import Page, PagerIncident
from bot.ports.rooms import MadeRoom
from bot.ports.silencer import RemoteAlert, RemoteSilence, SilenceWish
from bot.ports.summaries import Summary
from bot.ports.talk import Spoken
from bot.services.evidence_work import EvidenceRead, ReadEvidence
from bot.services.health_work import HealthSeen, LookAtHealth
from bot.services.home_work import HomeShown, ShowHome
from bot.services.hook_work import AskHook, HookSaid
from bot.services.owner_work import FindOwner, OwnerFound
from bot.services.picture_work import DrawPicture
from bot.services.runbook_work import PostRunbook, ReadRunbook, RunbookRead


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFace:
    """Show a face: in its message, or in a new one."""

    delivery: Delivery
    shown: Shown
    at: MessageRef | None

    @property
    def keys(self) -> tuple[str, ...]:
        """What it may be found by: the message that a notice is now may have been posted as the card."""
        as_card = f"{Face.CARD}/{self.delivery.subject}"
        return (self.delivery.key, as_card) if self.shown.face is Face.NOTICE else (self.delivery.key,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLine:
    """Say a line in the card's thread."""

    delivery: Delivery
    line: Line
    thread: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine:
    """Show a line that has asked something with its answer."""

    delivery: Delivery
    line: Line
    at: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage:
    """Page a tier. `earlier` are the keys under which this epoch has paged before."""

    delivery: Delivery
    page: Page
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLevel:
    """Raise the paging service's incident to a level. `earlier` are the keys that were paged until now."""

    delivery: Delivery
    key: str
    level: int
    step: int
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """Look whether the paging service shows an incident for a page."""

    delivery: Delivery
    key: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPage:
    """Acknowledge or resolve what was triggered under a key."""

    delivery: Delivery
    tier: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRoom:
    """Make the incident's room. It is the incident's own only if it was made `since` then."""

    delivery: Delivery
    name: str
    private: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic:
    """Say at the top of the room how things stand."""

    delivery: Delivery
    room: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinCard:
    """Keep the card at hand in the room."""

    delivery: Delivery
    at: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBookmark:
    """Put a link at the top of the room."""

    delivery: Delivery
    room: str
    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToRoom:
    """Bring people into the room."""

    delivery: Delivery
    room: str
    who: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRoom:
    """Close the room to everything new."""

    delivery: Delivery
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtMessage:
    """Read a message that `by` wants in a timeline."""

    delivery: Delivery
    at: MessageRef
    by: Actor
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDraft:
    """Post a post-mortem's draft: in the thread, or where there is none in its place."""

    delivery: Delivery
    draft: Draft
    place: Place
    thread: MessageRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSummary:
    """Post what fired in a channel, or how its reviews went."""

    delivery: Delivery
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSilence:
    """Make a silence."""

    delivery: Delivery
    wish: SilenceWish


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSilence:
    """End a silence: by the silencer's id of it, or where nobody knows that by the bot's mark."""

    delivery: Delivery
    silence: str
    remote_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtAlerts:
    """Look what of a group still fires: what has its labels, or where it has none these fingerprints."""

    delivery: Delivery
    labels: Labels
    fingerprints: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBudget:
    """Ask how the budget of what was promised stood `at` a moment; `since`: and what was bad from then on.

    `told`: the thread hears of it, where it hears of such moments.
    """

    delivery: Delivery
    promise: Promise
    moment: Noted
    at: datetime
    since: datetime | None
    told: bool = True


SilenceWork = SetSilence | EndSilence | LookAtAlerts
RoomWork = CreateRoom | SetTopic | PinCard | AddBookmark | InviteToRoom | ArchiveRoom
Work = (
    SendFace
    | SendLine
    | EditLine
    | SendDraft
    | SendPage
    | RaiseLevel
    | ConfirmPage
    | EndPage
    | LookAtMessage
    | RoomWork
    | SendSummary
    | SilenceWork
    | ReadBudget
    | ReadEvidence
    | DrawPicture
    | FindOwner
    | ShowHome
    | ReadRunbook
    | PostRunbook
    | AskHook
    | LookAtHealth
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Work that is this process's to do until its lease, known by `token`, runs out."""

    token: str
    work: Work

    @property
    def delivery(self) -> Delivery:
        """The outbox's row as it was claimed."""
        return self.work.delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message stands there now."""

    at: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It was taken; there is nothing more to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The paging service shows this incident for the page."""

    shown: PagerIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Not sent: an earlier page has been answered in the meantime."""

    shown: PagerIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The room is there now."""

    room: MadeRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a message says; None where it is no more."""

    spoken: Spoken | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """The silence is there; `remote_id` is the silencer's own."""

    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What fires of a group, and every silence; since when the silencer runs."""

    alerts: tuple[RemoteAlert, ...]
    silences: Mapping[str, RemoteSilence]
    up_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRead:
    """What was measured."""

    found: AtIncident


Sent = (
    HomeShown
    | HookSaid
    | HealthSeen
    | BudgetRead
    | EvidenceRead
    | OwnerFound
    | RunbookRead
    | Silenced
    | Looked
    | Posted
    | Done
    | Seen
    | Answered
    | Entered
    | Heard
)


def room_of(work: Work) -> str | None:
    """The room in which it was to be done."""
    match work:
        case SetTopic() | AddBookmark() | InviteToRoom() | ArchiveRoom():
            return work.room
        case PinCard():
            return work.at.channel
        case SendFace():
            return work.at.channel if work.at else work.shown.place.room
        case EditLine():
            return work.at.channel
        case PostRunbook():
            return work.at.channel if work.at else work.place.room
        case SendLine():
            return work.thread.channel if work.thread else work.line.place.room
        case _:
            return None
