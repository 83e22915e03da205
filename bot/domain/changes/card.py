"""What a change's card shows: everything it needs, read in one go, so that views only lay it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.card import MessageRef
from bot.domain.change_policy import ChangePhase, ChangeType
from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.gate import GateAnswer, Ground, Weight
from bot.domain.guide import Dashboard, Runbook

_AGAINST = frozenset({Weight.DENIES, Weight.UNKNOWN})
_ITS_OWN = frozenset({Ground.APPROVAL, Ground.PHASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """What broke while a service was being changed, or soon after: an incident, or an alert group.

    `began` is when it did. `at` is where its card stands, `url` that message's address.
    """

    label: str
    title: str
    began: datetime
    is_open: bool
    at: MessageRef | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCard:
    """One change as its card shows it, as it was at `now`. That time passes makes no other card of it.

    `kind` is its type, None where the guide has it no more. `service` and `team` are titles; `service` is
    that of the platform where the whole of it is changed. `phases` are the guide's, in order.

    `gate` is what the gate would say now of one that is not started, and `in_window` whether its planned
    start, or now where that has passed, lies where it may start by the calendar (None: at any time, or nobody
    asks any more). `overlaps` are the labels of others that are planned for some of the same time, of the
    same service or of all.

    `suspects` has no security incident. `webhook` is the key of what takes it back by itself; None: people
    do. `may_undo_until` is when it can be taken back no more, once it is done. Two cards that differ in
    `now`, `gate` and `in_window` only are equal: what they were read for is not news.
    """

    change: Change
    kind: ChangeType | None
    service: str
    team: str
    phases: tuple[ChangePhase, ...]
    now: datetime = field(compare=False)
    gate: GateAnswer | None = field(default=None, compare=False)
    in_window: bool | None = field(default=None, compare=False)
    overlaps: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    webhook: str | None = None
    may_undo_until: datetime | None = None
    runbook: Runbook | None = None
    dashboards: tuple[Dashboard, ...] = ()

    @property
    def subject(self) -> Change:
        """What it shows."""
        return self.change

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.change.requested

    @property
    def may_be_rolled_back(self) -> bool:
        """Whether it can be taken back now: while it runs, and for a while once it is done."""
        if self.change.state in {ChangeState.DEPLOYING, ChangeState.VALIDATING}:
            return True
        until = self.may_undo_until
        return self.change.state is ChangeState.DONE and until is not None and self.now < until

    @property
    def is_held(self) -> bool:
        """Whether the gate has more against it than approvals and tests that are still to come."""
        reasons = self.gate.reasons if self.gate is not None else ()
        return any(one.weight in _AGAINST and one.ground not in _ITS_OWN for one in reasons)
