"""Writes down what became of setting and ending silences, and of looks at what fires at their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.alert import AlertGroup, Silence, SilenceState
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.subject import Subject
from bot.ports.failures import DeliveryFailure, PermanentFailure
from bot.services.alert_look import look_at_end
from bot.services.alert_writing import end_alert_silence
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.silence_keeping import end_silences, end_twin, over, read_silence, say_quiet
from bot.services.work import EndSilence, LookAtAlerts, Looked, Sent, SetSilence, Silenced, SilenceWork, Work


def tell_silence_trouble(
    record: Record, subject: Subject, work: SilenceWork, failure: DeliveryFailure
) -> None:
    """Alertmanager does not do it, or not yet: people are told once, and nobody relies on it."""
    if not isinstance(subject, AlertGroup):
        return
    if isinstance(work, LookAtAlerts):
        if subject.silenced_until is not None and subject.silenced_until <= record.now:
            end_alert_silence(record, subject, expired=True)  # nobody can say that it is over: so it is not
            over(record, subject)
        return
    silence = record.tx.silences.one(work.wish.mark if isinstance(work, SetSilence) else work.silence)
    if silence is None:
        return
    if isinstance(work, SetSilence) and isinstance(failure, PermanentFailure):
        _refused(record, subject, silence, failure)
    elif silence.told_at is None:
        record.tx.silences.save(replace(silence, told_at=record.now))
        kind = EventKind.SILENCE_FAILING if isinstance(work, SetSilence) else EventKind.SILENCE_STAYS
        data: EventData = {"reason": failure.reason, "final": isinstance(failure, PermanentFailure)}
        record.tell(subject, Happened(kind=kind, data=data, told=True))
        record.show(subject)


def _refused(record: Record, group: AlertGroup, silence: Silence, failure: DeliveryFailure) -> None:
    """It will never be: the group is quiet by an earlier silence, or not at all."""
    record.tx.silences.save(replace(silence, state=SilenceState.FAILED, told_at=record.now))
    told = Happened(kind=EventKind.SILENCE_REFUSED, data={"reason": failure.reason}, told=True)
    record.tell(group, told)
    if silence.state is not SilenceState.WANTED:
        return
    earlier = read_silence(record.tx, group)
    if earlier is None:
        end_alert_silence(record, group, expired=False, told=False)
    else:
        say_quiet(record, group, earlier)


def _set(settling: Settling, work: SetSilence, sent: Sent) -> None:
    """Alertmanager has it. Where nobody wants it any more, or it was made twice, it ends at once."""
    if not isinstance(sent, Silenced):
        return
    record, group = settling.record, settling.group
    silence = record.tx.silences.one(work.wish.mark)
    if silence is None:
        return
    if silence.remote_id not in {None, sent.remote_id}:
        end_twin(record, group, silence, sent.remote_id)
        return
    active = silence.state is SilenceState.WANTED
    state = SilenceState.ACTIVE if active else silence.state
    record.tx.silences.save(replace(silence, remote_id=sent.remote_id, state=state))
    if not active:
        end_twin(record, group, silence, sent.remote_id)
        return
    kind = EventKind.SILENCE_TAKEN if silence.told_at else EventKind.SILENCE_SET
    data = {"silence": sent.remote_id}
    record.tell(group, Happened(kind=kind, data=data, told=silence.told_at is not None))
    end_silences(record, group, for_one=silence)
    record.show(group)


def _ended(settling: Settling, work: EndSilence, _sent: Sent) -> None:
    record, silence = settling.record, settling.record.tx.silences.one(work.silence)
    if silence is None or silence.state is not SilenceState.ENDING:
        return
    record.tx.silences.save(replace(silence, state=SilenceState.OVER))
    if silence.told_at is not None:
        record.tell(settling.group, Happened(kind=EventKind.SILENCE_ENDED, told=True))
    record.show(settling.group)


def _looked(settling: Settling, _work: LookAtAlerts, sent: Sent) -> None:
    group, now = settling.group, settling.record.now
    if not isinstance(sent, Looked) or group.silenced_until is None or group.silenced_until > now:
        return  # somebody has silenced it again meanwhile, or it has been looked at before
    look_at_end(settling.record, group, sent)


SILENCES_SETTLED: Mapping[type[Work], Callable[[Settling, Any, Sent], None]] = {
    SetSilence: _set,
    EndSilence: _ended,
    LookAtAlerts: _looked,
}
