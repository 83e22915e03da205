"""Whether something may be changed now: asked of the bot's own rows alone, so that nobody is waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.domain.changes.change import Change
from bot.domain.changes.gate import BudgetNews, GateAnswer, News
from bot.domain.changes.gating import GateAsked, Known, gate
from bot.domain.changes.windows import WITHIN, calendar_of
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.named import named
from bot.domain.slo.objective import PLATFORM, promises
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.pager_sync import heard_at, was_asked
from bot.services.sign_of_life import sign_of_life
from bot.services.slo_surroundings import hidden_of, obstacles_of

_NUMBER = re.compile(r"(?:CH|#)?([0-9]{1,9})", re.IGNORECASE)


class GateReader:
    """Answers who asks from outside: for a service and a type, by their names."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory

    async def answer(
        self, service: str | None, kind: str | None, change: str | None, *, require_change: bool = False
    ) -> GateAnswer:
        """The gate's answer now.

        `service` is a name of the guide's, or `platform`; without `kind` it is the guide's usual type. A
        `change` (`CH12`) says both by itself. Without one whichever is running stands for it, or else
        whichever is approved; with `require_change` a question that names none is denied.

        Raises NotFoundError and InvalidError.
        """
        guide = self._directory.guide
        key = None if service is None else named(service, self._titles(), "service")
        type_key = None
        if kind is not None:
            titles = {one.key: one.title for one in guide.changes.types.values()}
            type_key = named(kind, titles, "type of change")
        number = None if change is None else _number(change)
        if key is None and number is None:
            raise InvalidError("May which service be changed? Name one, or `platform`, or a change.")

        def body(tx: Transaction) -> GateAnswer:
            now = self._clock.now()
            if number is not None:
                asked = self._of_change(_found(tx, number), key, type_key)
            else:
                whole = None if key == PLATFORM else key
                asked = GateAsked(
                    service=whole, kind=type_key or guide.changes.usual.key, must_name=require_change
                )
            return read_gate(tx, now, self._directory, asked)

        return await self._store.read(body)

    def title(self, service: str | None) -> str:
        """How a service is called; None is the platform."""
        return self._titles().get(service or PLATFORM, service or PLATFORM)

    def _of_change(self, change: Change, key: str | None, kind: str | None) -> GateAsked:
        """What a change is about; whoever names something else besides means something else."""
        own = change.service or PLATFORM
        if key not in {None, own}:
            raise InvalidError(
                f"{change.label} is of {self.title(change.service)}, not of {self.title(key)}."
            )
        if kind not in {None, change.plan.kind}:
            raise InvalidError(f"{change.label} is of the type `{change.plan.kind}`, not `{kind}`.")
        return GateAsked(service=change.service, kind=change.plan.kind, change=change)

    def _titles(self) -> dict[str, str]:
        services = {one.key: one.title for one in self._directory.guide.services.values()}
        return {**services, PLATFORM: "Platform"}


def read_gate(tx: Transaction, now: datetime, directory: Directory, asked: GateAsked) -> GateAnswer:
    """The answer as the rows are. Whoever acts on it holds the calendar, so that no freeze comes between."""
    guide, budgets = directory.guide, {one.service: one for one in tx.budgets.all()}
    promised = tuple(
        key for key, promise in promises(guide).items() if promise.objectives and asked.service in {None, key}
    )
    changes = tx.changes.running_or_of(asked.service, asked.kind)
    monitoring = sign_of_life(tx, guide, now)
    known = Known(
        policy=guide.changes,
        calendar=calendar_of(directory.business, guide.changes, tx.spans.between(now, now + WITHIN)),
        titles={key: service.title for key, service in guide.services.items()},
        obstacles=tuple(one.label for one in obstacles_of(tx, asked.service)),
        hidden=hidden_of(tx),
        monitoring=monitoring,
        promised=promised,
        budgets=budgets,
        measures=directory.measures,
        others=tuple(one for one in changes if one.is_running),
        standing=tuple(one for one in changes if _is_for(one, asked)),
        news=(
            *_news(tx, directory, [budgets[key] for key in promised if key in budgets]),
            *((News(of="Alertmanager", at=monitoring.at),) if monitoring else ()),
        ),
    )
    return gate(asked, known, now)


def _is_for(change: Change, asked: GateAsked) -> bool:
    return change.service == asked.service and change.plan.kind == asked.kind


def _news(tx: Transaction, directory: Directory, budgets: list[BudgetNews]) -> Iterator[News]:
    """When those outside were heard last; of several budgets the one that was heard longest ago counts."""
    if directory.measures:
        yield News(of="Prometheus", at=min((one.at for one in budgets), default=None))
    if directory.confirmable:
        at = heard_at(tx)
        yield News(of="PagerDuty", at=at, idle=at is None and not was_asked(tx))


def _number(word: str) -> int:
    match = _NUMBER.fullmatch(word.strip())
    if match is None:
        raise InvalidError("A change is named by its number, as in `CH12`.")
    return int(match[1])


def _found(tx: Transaction, number: int) -> Change:
    change = tx.changes.by_number(number)
    if change is None:
        raise NotFoundError(f"There is no change CH{number}.")
    return change
