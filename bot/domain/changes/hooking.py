"""What becomes of the webhook that was asked to take a change back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.change_policy import Phase
from bot.domain.changes.change import Change, ChangeState, HookState
from bot.domain.event import EventKind
from bot.domain.outcome import Happened

ASKED_FOR: Final = timedelta(minutes=5)
"""How long a webhook is asked. Later than that people have begun by hand: a second rollback would harm."""

TOO_LATE: Final = "It could not be asked within 5 minutes, and is not asked any more."


NOT_HEARD: Final = "it had not taken it when somebody had done so by hand"


def hook_key(change: Change) -> str:
    """What a webhook knows this rollback by: the same however often it is asked, another for another one."""
    times = sum(one.phase is Phase.ROLLBACK for one in change.phases)
    return f"rollback/{change.id}/{times}"


def asked_until(change: Change) -> datetime | None:
    """Until when its webhook may be asked; None where none is to be."""
    return change.hook.at + ASKED_FOR if change.hook is not None else None


def waits_for_hook(change: Change) -> bool:
    """Whether its webhook is still to be asked: not once somebody has said that it is back as it was."""
    waits = change.hook is not None and change.hook.state is HookState.ASKED
    return waits and change.state is ChangeState.ROLLING_BACK


def hook_taken(change: Change, said: str | None) -> tuple[Change, Happened | None]:
    """It has said that it does it. What it says a second time is nothing new."""
    if change.hook is None or change.hook.state is HookState.TAKEN:
        return change, None
    hook = replace(change.hook, state=HookState.TAKEN, said=said)
    data = {"webhook": hook.key, "said": said}
    return replace(change, hook=hook), Happened(kind=EventKind.HOOK_TAKEN, data=data, told=True)


def hook_failed(change: Change, why: str) -> tuple[Change, Happened | None]:
    """It does not do it: people do, at once. Nobody is called for what is back as it was."""
    if change.hook is None or change.hook.state is not HookState.ASKED:
        return change, None
    called = change.state is ChangeState.ROLLING_BACK
    happened = Happened(
        kind=EventKind.HOOK_FAILED,
        data={"webhook": change.hook.key, "why": why, "plan": change.plan.rollback},
        told=called,
        loud=called,
        notify_people=(change.lead.id,) if called and change.lead is not None else (),
    )
    return replace(change, hook=replace(change.hook, state=HookState.FAILED, said=why)), happened
