"""The webhook that takes a change back: asked for five minutes, then it is left to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.actor import Actor
from bot.domain.changes.change import Change
from bot.domain.changes.hooking import (
    TOO_LATE,
    asked_until,
    hook_failed,
    hook_key,
    hook_taken,
    waits_for_hook,
)
from bot.domain.delivery import DeliveryKind, after_failure
from bot.domain.outcome import Happened
from bot.domain.subject import Subject
from bot.ports.failures import DeliveryFailure, PermanentFailure, UnknownOutcome
from bot.ports.hooks import HookCall
from bot.services.hook_work import AskHook, HookSaid
from bot.services.reading import Reading
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.work import Claimed, Sent

EVENT: Final = "change.rollback"
_LONGEST_PAUSE = timedelta(seconds=15)


def owe_hook(record: Record, change: Change, by: Actor) -> None:
    """Owe that its webhook is asked, in the commit in which it begins to be taken back."""
    if not waits_for_hook(change) or change.hook is None:
        return
    key = hook_key(change)
    record.deliver(
        change,
        DeliveryKind.ROLLBACK,
        key=key,
        order_key=key,
        lane=f"hooks/{change.hook.key}",
        payload={"webhook": change.hook.key, "reason": change.reason, "by": by.name},
        loud=True,
    )


def is_hook_owed(subject: Subject) -> bool:
    """Whether it is still to be asked: what somebody has finished by hand is not begun once more.

    Once it is too late it is owed as well, so that people are told.
    """
    return isinstance(subject, Change) and waits_for_hook(subject)


def load_hook(reading: Reading) -> AskHook:
    """What it is sent. Raises LookupError where the change has no webhook."""
    change, facts, directory = reading.change, reading.delivery.payload, reading.directory
    until = asked_until(change)
    if change.hook is None or until is None:
        raise LookupError(reading.delivery.key)
    webhook = directory.guide.changes.webhooks.get(facts["webhook"])
    body = {
        "event": EVENT,
        "id": reading.delivery.key,
        "change": change.label,
        "title": change.title,
        "service": change.service,
        "reason": facts["reason"],
        "by": facts["by"],
        "at": change.hook.at.isoformat(),
    }
    call = HookCall(webhook=webhook, key=reading.delivery.key, body=body) if webhook else None
    return AskHook(delivery=reading.delivery, call=call, until=until)


def hook_said(settling: Settling, _work: AskHook, sent: Sent) -> None:
    """It does it. That is true even where the lease was lost meanwhile, or people were called already."""
    if isinstance(sent, HookSaid):
        _write(settling.record, *hook_taken(settling.change, sent.said))


def is_hook_put_back(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """Ask it again soon, or leave it to people: they are told when its five minutes are over."""
    work, tx = claimed.work, record.tx
    if not isinstance(work, AskHook) or not isinstance(subject, Change):
        return False
    if isinstance(failure, PermanentFailure) or record.now >= work.until:
        if tx.outbox.settle(work.delivery, claimed.token):
            why = failure.reason if isinstance(failure, PermanentFailure) else f"{failure.reason} {TOO_LATE}"
            _write(record, *hook_failed(subject, why))
        return True
    verdict = after_failure(work.delivery.kind, work.delivery.attempts, permanent=False)
    again = min(record.now + min(verdict.wait, _LONGEST_PAUSE), work.until)
    uncertain = work.delivery.uncertain or isinstance(failure, UnknownOutcome)
    tx.outbox.postpone(work.delivery, claimed.token, again, uncertain=uncertain, why=failure.reason)
    return True


def _write(record: Record, change: Change, happened: Happened | None) -> None:
    if happened is None:
        return
    record.tx.changes.save(change)
    record.tell(change, happened)
    record.show(change)
