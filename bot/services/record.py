"""Writes a use case's outcome: incident, history, timers and what is owed, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.directory import Directory, Via
from bot.domain.escalation import is_owed
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import (
    Happened,
    Outcome,
    Owed,
    PageOwed,
    PagesAcknowledged,
    PagesResolved,
    StepDue,
    TimersStopped,
)
from bot.domain.page import CONFIRM_WITHIN_SECONDS, PageRecord, page_key, page_summary
from bot.domain.timer import TimerKind, escalation_timer, page_watch
from bot.ports.store import Transaction

REST_LANE = "pagerduty-rest"
UPDATE_LANE = "slack/chat.update"
POST_METHOD = "slack/chat.postMessage"
NO_METHOD = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where one use case writes: its transaction, its instant, who acts, and the guide's directory."""

    tx: Transaction
    now: datetime
    actor: Actor
    directory: Directory

    def write(self, outcome: Outcome) -> None:
        """Write an outcome whole. The incident's row is locked, or new, in this transaction."""
        self.tx.incidents.save(outcome.incident)
        posted = self.tx.messages.of(outcome.incident.id) is not None
        if not posted:  # the card goes first: its lines stand in its thread
            self.show(outcome.incident)
        for happened in outcome.happened:
            self.tell(outcome.incident, self._as_reached(happened))
        for owed in outcome.owed:
            self._owe(outcome.incident, owed)
        if posted:
            self.show(outcome.incident)

    def tell(self, incident: Incident, happened: Happened) -> None:
        """Append to the history, and owe the thread's line where the entry is told."""
        event = self.tx.events.append(
            incident.id,
            at=self.now,
            actor=happened.actor or self.actor,
            kind=happened.kind,
            data=happened.data,
        )
        if happened.told:
            loud = bool(happened.loud or happened.notify or happened.notify_team)
            payload = {
                "sequence": event.sequence,
                "tiers": list(happened.notify),
                "team": happened.notify_team,
                "loud": happened.loud,
            }
            self._deliver(
                incident,
                DeliveryKind.LINE,
                key=f"line/{incident.id}/{event.sequence}",
                order_key=f"chat/{incident.id}",
                lane=f"slack/post/{incident.channel}",
                method=POST_METHOD,
                payload=payload,
                loud=loud,
            )

    def show(self, incident: Incident, *, wait: timedelta = timedelta()) -> None:
        """Owe the card's newest state. `wait` lets several changes share one edit."""
        posted = self.tx.messages.of(incident.id) is not None
        self.tx.outbox.owe_again(
            Delivery(
                key=f"card/{incident.id}",
                kind=DeliveryKind.CARD,
                subject=incident.id,
                epoch=incident.epoch,
                order_key=f"chat/{incident.id}",
                lane=UPDATE_LANE if posted else f"slack/post/{incident.channel}",
                method=NO_METHOD if posted else POST_METHOD,
                priority=priority(DeliveryKind.CARD, incident.severity),
                not_before=self.now + wait,
                created_at=self.now,
            )
        )

    def confirm_later(self, incident: Incident, page: PageRecord, wait: timedelta) -> None:
        """Owe a look whether the paging service shows an incident for an accepted page."""
        self._deliver(
            incident,
            DeliveryKind.PAGE_CONFIRM,
            key=f"confirm/{page.incident}/{page.epoch}/{page.step}",
            order_key=f"confirm/{page.key}",
            lane=REST_LANE,
            payload={"step": page.step, "key": page.key, "past": page.past_acknowledgement},
            epoch=page.epoch,
            wait=wait,
        )

    def resolve_pages_before(self, incident: Incident, epoch: int) -> None:
        """Owe the end of every page that was sent before `epoch` and is not ended yet."""
        for page in self.tx.pages.of(incident.id):
            if page.epoch < epoch and page.via is not None and page.sent_at and not page.closed_at:
                self.tx.pages.save(replace(page, closed_at=self.now))
                self._owe_end(incident, page, DeliveryKind.PAGE_RESOLVE, "resolve")

    def _as_reached(self, happened: Happened) -> Happened:
        """Mention a tier in Slack where no page reaches it, and say so."""
        if happened.kind is not EventKind.PAGED:
            return happened
        tier = str(happened.data["tier"])
        if self.directory.via(tier):
            return happened
        data = {**happened.data, "reached": False}
        return replace(happened, data=data, told=True, notify=(tier,), loud=True)

    def _owe(self, incident: Incident, owed: Owed) -> None:
        match owed:
            case PageOwed():
                self._page(incident, owed)
            case StepDue():
                self.tx.timers.set(escalation_timer(incident.id, incident.epoch, owed.step, owed.due))
            case TimersStopped():
                self.tx.timers.stop(incident.id, TimerKind.ESCALATION)
            case PagesAcknowledged():
                self._forget_unsent(incident)
                self._acknowledge_pages(incident)
            case PagesResolved():
                self._forget_unsent(incident)
                self.resolve_pages_before(incident, owed.before)

    def _page(self, incident: Incident, owed: PageOwed) -> None:
        rung = incident.path.rung(owed.step)
        via = self.directory.via(rung.tier)
        base = self._raisable(incident, owed, via)
        page = PageRecord(
            incident=incident.id,
            epoch=incident.epoch,
            step=owed.step,
            tier=rung.tier,
            title=rung.title,
            via=via.tier if via else None,
            key=base.key if base else page_key(incident.id, incident.epoch, owed.step),
            level=via.level if via else None,
            past_acknowledgement=owed.past_acknowledgement,
            requested_at=self.now,
        )
        if not self.tx.pages.add(page) or via is None:
            return
        if base is None:
            self._send_page(incident, page, owed)
        if via.level is not None:
            self._send_page(incident, page, owed, kind=DeliveryKind.PAGE_LEVEL)
        due = self.now + timedelta(seconds=CONFIRM_WITHIN_SECONDS)
        self.tx.timers.set(page_watch(incident.id, incident.epoch, owed.step, due))

    def _raisable(self, incident: Incident, owed: PageOwed, via: Via | None) -> PageRecord | None:
        """The page of this epoch whose level can be raised instead of paging under a new key."""
        if via is None or via.level is None or incident.path.is_repeat(owed.step):
            return None
        for page in self.tx.pages.of(incident.id):
            if page.epoch == incident.epoch and page.via == via.tier and not page.dropped_at:
                return page
        return None

    def _send_page(
        self,
        incident: Incident,
        page: PageRecord,
        owed: PageOwed,
        kind: DeliveryKind = DeliveryKind.PAGE,
    ) -> None:
        asked_by = self.actor.name if owed.reason == "asked" else None
        runbook = self.directory.runbook(incident)
        links = [(runbook.url, f"Runbook: {runbook.title}")] if runbook.url else []
        links += [(board.url, board.title) for board in self.directory.dashboards(incident)]
        payload = {
            "step": page.step,
            "tier": page.via,
            "key": page.key,
            "level": page.level,
            "past": page.past_acknowledgement,
            "summary": page_summary(incident, page.step, asked_by=asked_by),
            "severity": incident.severity.value,
            "source": "security" if incident.security else (incident.service or "platform"),
            "links": links,
            "channel": incident.channel,
        }
        level = kind is DeliveryKind.PAGE_LEVEL
        self._deliver(
            incident,
            kind,
            key=f"{kind}/{incident.id}/{page.epoch}/{page.step}",
            order_key=page.key,
            lane=REST_LANE if level else f"pagerduty/{page.via}",
            payload=payload,
        )

    def _forget_unsent(self, incident: Incident) -> None:
        """Drop pages that were never handed over, and those that keep failing and are not needed any more.

        The order matters: a page that another process is just claiming is held by it, so that dropping
        waits, and whoever reads afterwards sees it as sent.
        """
        self.tx.outbox.drop_untried_pages(incident.id)
        for page in self.tx.pages.of(incident.id):
            if page.via is None or page.accepted_at or page.dropped_at:
                continue
            owed = is_owed(incident, page.epoch, past_acknowledgement=page.past_acknowledgement)
            if not (page.sent_at and owed):
                self.tx.pages.save(replace(page, dropped_at=self.now))

    def _acknowledge_pages(self, incident: Incident) -> None:
        for page in self.tx.pages.of(incident.id):
            if page.via is not None and page.sent_at and not page.closed_at:
                self._owe_end(incident, page, DeliveryKind.PAGE_ACKNOWLEDGE, "acknowledge")

    def _owe_end(self, incident: Incident, page: PageRecord, kind: DeliveryKind, verb: str) -> None:
        self._deliver(
            incident,
            kind,
            key=f"{verb}/{page.key}",
            order_key=page.key,
            lane=f"pagerduty/{page.via}",
            payload={"tier": page.via, "key": page.key},
        )

    def _deliver(
        self,
        incident: Incident,
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
        self.tx.outbox.owe(
            Delivery(
                key=key,
                kind=kind,
                subject=incident.id,
                epoch=incident.epoch if epoch is None else epoch,
                order_key=order_key,
                lane=lane,
                method=method,
                priority=priority(kind, incident.severity, loud=loud),
                not_before=self.now + wait,
                created_at=self.now,
                payload=payload,
            )
        )
