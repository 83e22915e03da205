"""Begins checklists' runs when their time has come: each once, whoever looks, and whatever was down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.actor import OPSBOT, Actor
from bot.domain.checklist import Checklist, Whose
from bot.domain.checklists import course
from bot.domain.checklists.course import Prompt
from bot.domain.directory import Directory
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.record import Record
from bot.services.run_writing import begin_run, skip_run

LOOKED = "checklists/looked"
"""The fact that says up to which instant runs have begun."""

BATCH = 25
"""Occurrences that are written in one transaction."""

MOVED_EVERY = timedelta(minutes=1)
"""How often that fact is written while nothing comes. What a guide has anew begins from then on."""

_SET_BACK = timedelta(minutes=5)
"""A look that lies further ahead was one by a clock that has been set back since."""

_log = logging.getLogger(__name__)

Person = Callable[[str], Actor | None]
"""Who has a Slack id; None for who could do nothing with a run: a guest, or somebody who is gone."""


def looked_at(tx: Transaction) -> datetime | None:
    """Up to which instant runs have begun; None before the first look."""
    said = tx.facts.get(LOOKED)
    return None if said is None else datetime.fromisoformat(said)


class RunPrompts:
    """Looks what is due, and asks for it.

    Up to when was looked is a fact. Every batch holds it until it is committed, and the last one moves it on:
    so one replica writes at a time, and what was not written is looked at again.
    """

    def __init__(
        self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory, person: Person
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory
        self._person = person
        self._started = clock.now()

    async def look(self) -> int:
        """Look once, as is done every few seconds. How many runs have begun. Raises StoreUnavailable."""
        looked, now = await self._store.read(looked_at), self._clock.now()
        if looked is None:  # nobody is asked for what was due before the bot was first started
            await self._begin((), _Look(last=None, until=self._started, now=now))
            looked = self._started
        if looked - now > _SET_BACK:
            await self._begin((), _Look(last=looked, until=now, now=now))
            return 0
        come = self._come(looked, now)
        if not come and now - looked < MOVED_EVERY:
            return 0
        begun, whole = 0, True
        while True:
            batch, come = come[:BATCH], come[BATCH:]
            until = now if whole and not come else looked
            written = await self._begin(batch, _Look(last=looked, until=until, now=now))
            if written is None:  # another replica was faster
                return begun
            begun, whole = begun + written.count, whole and written.whole
            if not come:
                return begun

    def _come(self, looked: datetime, now: datetime) -> Sequence[Prompt]:
        """What has come since, of all checklists, in order."""
        guide, calendar = self._directory.guide, self._directory.business
        found = (
            prompt
            for checklist in guide.checklists.values()
            for prompt in course.prompts(checklist, calendar, looked, now)
        )
        return sorted(found, key=lambda one: one.occurrence.at)

    async def _begin(self, batch: Sequence[Prompt], look: _Look) -> _Written | None:
        """Write a batch; where one of it fails, each by itself, and all are looked at again."""
        try:
            body = partial(self._write, batch=batch, look=look)
            count = await self._store.transaction("begin_runs", body)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one checklist's trouble must not hold up the others
            if len(batch) <= 1:
                _log.exception("a checklist's run cannot begin", extra={"checklists": _keys(batch)})
                return _Written(count=0, whole=False)
        else:
            return None if count is None else _Written(count=count, whole=True)
        alone = replace(look, until=look.last or look.now)
        each = [await self._begin([one], alone) for one in batch]
        return _Written(count=sum(one.count for one in each if one is not None), whole=False)

    def _write(self, tx: Transaction, *, batch: Sequence[Prompt], look: _Look) -> int | None:
        """How many have begun; None where another replica has moved on meanwhile."""
        was = look.last.isoformat() if look.last else None
        if not tx.facts.swap(LOOKED, was, look.until.isoformat()):
            return None
        record = Record(tx=tx, now=look.now, actor=OPSBOT, directory=self._directory)
        _lock_open(tx, _keys(batch))
        return sum(self._write_one(record, prompt) for prompt in batch)

    def _write_one(self, record: Record, prompt: Prompt) -> bool:
        beginning = course.planned(prompt.occurrence, record.now)
        if prompt.skipped:
            skip_run(record, prompt.checklist, beginning, run_id=self._ids.new_id())
            return False
        owner = self._owner(record.tx, prompt.checklist)
        run = begin_run(record, prompt.checklist, beginning, run_id=self._ids.new_id(), owner=owner)
        return run is not None

    def _owner(self, tx: Transaction, checklist: Checklist) -> Actor | None:
        """Whose turn it is, where people take turns."""
        if checklist.owner.whose is not Whose.ROTATION:
            return None
        turns = tx.runs.turns(checklist.key)
        turn = course.whose_turn(checklist.owner.people, turns, lambda one: self._person(one) is not None)
        return self._person(turn) if turn else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look: up to when was looked `last`, `until` when it is from now on, and its instant."""

    last: datetime | None
    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """How many runs have begun, and whether that is all that was to."""

    count: int
    whole: bool


def _lock_open(tx: Transaction, checklists: Sequence[str]) -> None:
    """Lock what the new ones may end, in the lock order."""
    found = (tx.runs.open_of(checklist) for checklist in dict.fromkeys(checklists))
    for run_id in sorted(run.id for run in found if run is not None):
        tx.runs.by_id(run_id, lock=True)


def _keys(batch: Sequence[Prompt]) -> list[str]:
    return [one.checklist.key for one in batch]
