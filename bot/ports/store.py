"""What the bot needs of a database: transactions, and in each the rows it reads and writes.

A transaction's body is a synchronous function: nothing can wait for the outside inside one.
Lock order: incidents, alert groups, calls, runs, the calendar, changes, spans, timers, outbox, lanes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.ports.rows.afterwards import Duties, Items
from bot.ports.rows.alerts import AlertGroups, Alerts, AlertTally, Heartbeats, Silences, ToldAlerts
from bot.ports.rows.calls import Calls
from bot.ports.rows.changes import Budgets, Changes, Spans
from bot.ports.rows.checklists import Homes, Runs
from bot.ports.rows.history import Events, Marks
from bot.ports.rows.incidents import Incidents, Tally
from bot.ports.rows.paging import Pages
from bot.ports.rows.places import Facts, Messages, Receipts
from bot.ports.rows.runbooks import OpenedRunbooks
from bot.ports.rows.work import Lanes, Outbox, Timers

Result = TypeVar("Result")


class Transaction(Protocol):
    """The rows that a transaction's body reads and writes."""

    @property
    def incidents(self) -> Incidents: ...  # noqa: D102
    @property
    def timers(self) -> Timers: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102
    @property
    def lanes(self) -> Lanes: ...  # noqa: D102
    @property
    def events(self) -> Events: ...  # noqa: D102
    @property
    def pages(self) -> Pages: ...  # noqa: D102
    @property
    def messages(self) -> Messages: ...  # noqa: D102
    @property
    def marks(self) -> Marks: ...  # noqa: D102
    @property
    def receipts(self) -> Receipts: ...  # noqa: D102
    @property
    def facts(self) -> Facts: ...  # noqa: D102
    @property
    def duties(self) -> Duties: ...  # noqa: D102
    @property
    def items(self) -> Items: ...  # noqa: D102
    @property
    def tally(self) -> Tally: ...  # noqa: D102
    @property
    def alert_groups(self) -> AlertGroups: ...  # noqa: D102
    @property
    def alerts(self) -> Alerts: ...  # noqa: D102
    @property
    def silences(self) -> Silences: ...  # noqa: D102
    @property
    def told_alerts(self) -> ToldAlerts: ...  # noqa: D102
    @property
    def heartbeats(self) -> Heartbeats: ...  # noqa: D102
    @property
    def alert_tally(self) -> AlertTally: ...  # noqa: D102
    @property
    def calls(self) -> Calls: ...  # noqa: D102
    @property
    def runs(self) -> Runs: ...  # noqa: D102
    @property
    def opened_runbooks(self) -> OpenedRunbooks: ...  # noqa: D102
    @property
    def homes(self) -> Homes: ...  # noqa: D102
    @property
    def changes(self) -> Changes: ...  # noqa: D102
    @property
    def spans(self) -> Spans: ...  # noqa: D102
    @property
    def budgets(self) -> Budgets: ...  # noqa: D102


class Store(Protocol):
    """Runs transactions. A body may be run again where the outcome of its commit is unknown."""

    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` and commit; its exception rolls back and is raised here.

        Once started, a body is finished though its caller be cancelled. Probe points
        `{name}.before_commit` and `{name}.after_commit`.
        """

    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` on a snapshot, without writing."""


class StoreUnavailable(Exception):  # noqa: N818 - it says what is so
    """The database cannot be reached or does not answer; nothing was written as far as is known."""
