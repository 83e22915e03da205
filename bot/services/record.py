"""Where one use case writes: history, what is told, and what the card shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.act import Act
from bot.domain.actor import MACHINES, Actor
from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.directory import Directory
from bot.domain.event import Event, EventKind
from bot.domain.face import Face, Place
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.subject import Subject, has_room
from bot.ports.store import Transaction
from bot.services.faces import card_of, faces_of, place_of, where_said

UPDATE_LANE = "slack/chat.update"
POST_METHOD = "slack/chat.postMessage"
NO_METHOD = ""

LOUD_WAIT = timedelta(seconds=3)
"""How long a line that notifies somebody waits for the card in whose thread it belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One use case's transaction, its instant, who acts, and the guide's directory."""

    tx: Transaction
    now: datetime
    actor: Actor
    directory: Directory

    @property
    def act(self) -> Act:
        """Whoever acts, now; clocks are the guide's."""
        return Act(by=self.actor, now=self.now, zone=self.directory.guide.organization.zone)

    def tell(self, subject: Subject, happened: Happened) -> Event:
        """Append to the history, and owe the thread's line where the entry is told. Returns the entry."""
        event = self.note(subject.id, happened)
        if happened.told:
            self._tell(subject, happened, event)
        return event

    def _tell(self, subject: Subject, happened: Happened, event: Event) -> None:
        if happened.loud and has_room(subject):  # who is not in the room must learn of it, too
            self._say(subject, happened, event, at_home=True)
            happened = replace(happened, loud=False, notify=(), notify_people=(), notify_team=False)
        self._say(subject, happened, event)
        ops = self.directory.guide.defaults.ops
        elsewhere = subject.channel != ops and not subject.security
        if happened.kind is EventKind.SEVERITY_CHANGED and elsewhere and _pages(subject):
            self._say(subject, happened, event, channel=ops)

    def note(self, subject: str, happened: Happened) -> Event:
        """Append to a subject's history, and tell nobody."""
        return self.tx.events.append(
            subject,
            at=self.now,
            actor=happened.actor or self.actor,
            kind=happened.kind,
            data=happened.data,
        )

    def show(self, subject: Subject, *, wait: timedelta = timedelta(), posted: bool | None = None) -> None:
        """Owe the newest state of every face that the subject has. `wait` lets changes share one edit.

        `posted` says whether the card stands already; None where the caller does not know.
        """
        for face in faces_of(subject, self.directory):
            self.show_face(subject, face, wait=wait, posted=posted if face is card_of(subject) else None)

    def show_pages(self, subject: Subject, *, wait: timedelta = timedelta()) -> None:
        """Owe the card alone: no other face shows how far paging, or a runbook, has come."""
        self.show_face(subject, card_of(subject), wait=wait)

    def show_face(
        self,
        subject: Subject,
        face: Face,
        *,
        wait: timedelta = timedelta(),
        posted: bool | None = None,
        uncertain: bool = False,
    ) -> None:
        """Owe one face's newest state, once however often it is asked for: as an edit, or as a post.

        `uncertain`: it may stand already where nobody knows of it.
        """
        if posted is None:
            posted = self.tx.messages.of(subject.id, face) is not None
        if posted and self.actor.id in MACHINES:  # what a person has done is seen at once
            wait = max(wait, face.news_wait)
        order = (
            "chat" if face is card_of(subject) else face.value
        )  # the card goes before what is said under it
        self.tx.outbox.owe_again(
            Delivery(
                key=f"{face}/{subject.id}",
                kind=face.kind,
                subject=subject.id,
                epoch=subject.epoch,
                order_key=f"{order}/{subject.id}",
                lane=UPDATE_LANE if posted else place_of(subject, face, self.directory).lane,
                method=NO_METHOD if posted else POST_METHOD,
                priority=priority(face.kind, subject.severity),
                not_before=self.now + wait,
                created_at=self.now,
                uncertain=uncertain,
            )
        )

    def deliver(
        self,
        subject: Subject,
        kind: DeliveryKind,
        *,
        key: str,
        order_key: str,
        lane: str,
        payload: Mapping[str, object],
        method: str = NO_METHOD,
        loud: bool = False,
        epoch: int | None = None,
        wait: timedelta = timedelta(),
    ) -> None:
        """Owe one delivery for the subject; one with the same key that still waits stays as it is."""
        self.tx.outbox.owe(
            Delivery(
                key=key,
                kind=kind,
                subject=subject.id,
                epoch=subject.epoch if epoch is None else epoch,
                order_key=order_key,
                lane=lane,
                method=method,
                priority=_urgency(subject, kind, loud=loud),
                not_before=self.now + wait,
                created_at=self.now,
                payload=payload,
            )
        )

    def _say(
        self,
        subject: Subject,
        happened: Happened,
        event: Event,
        *,
        channel: str | None = None,
        at_home: bool = False,
    ) -> None:
        """Owe a line. One that notifies somebody does not wait for a card that cannot be posted.

        It is said in the room, or in the thread of what shows the incident; with `at_home` in that thread
        even where there is a room, with `channel` in a channel of the guide's instead.
        """
        loud = bool(happened.loud or happened.notify or happened.notify_people or happened.notify_team)
        place, thread = where_said(self.tx, subject, at_home=at_home)
        waits_for_card = loud and thread is None and place.room is None
        order = f"{'loud' if loud else 'chat'}/{subject.id}"
        elsewhere = f"/{channel}" if channel else "/home" if at_home else ""
        self.deliver(
            subject,
            DeliveryKind.LINE,
            key=f"line/{subject.id}/{event.sequence}{elsewhere}",
            order_key=f"{order}{elsewhere}",
            lane=Place(channel=channel).lane if channel else place.lane,
            method=POST_METHOD,
            payload={
                "sequence": event.sequence,
                "tiers": list(happened.notify),
                "people": list(happened.notify_people),
                "team": happened.notify_team,
                "loud": happened.loud,
                "channel": channel,
                "at_home": at_home,
            },
            loud=loud,
            wait=LOUD_WAIT if waits_for_card else timedelta(),
        )


def _pages(subject: Subject) -> bool:
    return isinstance(subject, Incident) and subject.path.pages


def _urgency(subject: Subject, kind: DeliveryKind, *, loud: bool) -> int:
    """A line that notifies nobody is no more urgent than the card under which it stands."""
    own = priority(kind, subject.severity, loud=loud)
    if kind is not DeliveryKind.LINE or loud:
        return own
    return max(own, priority(card_of(subject).kind, subject.severity))
