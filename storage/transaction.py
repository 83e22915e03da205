"""One transaction as use cases see it: the repositories over its connection."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from storage.alert_groups import AlertGroupRows
from storage.alert_tally import AlertTallyRows
from storage.alerts import AlertRows
from storage.budgets import BudgetRows
from storage.calls import CallRows
from storage.changes import ChangeRows
from storage.duties import DutyRows
from storage.events import EventRows
from storage.facts import FactRows
from storage.heartbeats import HeartbeatRows
from storage.homes import HomeRows
from storage.incidents import IncidentRows
from storage.items import ItemRows
from storage.lanes import LaneRows
from storage.marks import MarkRows
from storage.messages import MessageRows
from storage.outbox import OutboxRows
from storage.pages import PageRows
from storage.receipts import ReceiptRows
from storage.runbooks import OpenedRunbookRows
from storage.runs import RunRows
from storage.silences import SilenceRows
from storage.spans import SpanRows
from storage.statements import Statements
from storage.tally import TallyRows
from storage.timers import TimerRows
from storage.told_alerts import ToldAlertRows


class SqlTransaction:
    """The rows of one open transaction. `touched` gathers who is to be woken once it is committed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._statements = Statements(connection)
        self.touched: set[str] = set()

    @cached_property
    def incidents(self) -> IncidentRows:
        """Incidents."""
        return IncidentRows(self._statements)

    @cached_property
    def timers(self) -> TimerRows:
        """Deadlines."""
        return TimerRows(self._statements, self.touched)

    @cached_property
    def outbox(self) -> OutboxRows:
        """What is owed to the outside."""
        return OutboxRows(self._statements, self.touched)

    @cached_property
    def lanes(self) -> LaneRows:
        """How fast the outside may be called."""
        return LaneRows(self._statements)

    @cached_property
    def events(self) -> EventRows:
        """Histories."""
        return EventRows(self._statements)

    @cached_property
    def pages(self) -> PageRows:
        """Pages of incidents."""
        return PageRows(self._statements)

    @cached_property
    def messages(self) -> MessageRows:
        """Which message shows what."""
        return MessageRows(self._statements)

    @cached_property
    def marks(self) -> MarkRows:
        """Messages that are part of timelines."""
        return MarkRows(self._statements)

    @cached_property
    def receipts(self) -> ReceiptRows:
        """Requests that were carried out."""
        return ReceiptRows(self._statements)

    @cached_property
    def facts(self) -> FactRows:
        """Facts of the installation."""
        return FactRows(self._connection)

    @cached_property
    def tally(self) -> TallyRows:
        """Incidents to be counted."""
        return TallyRows(self._statements)

    @cached_property
    def duties(self) -> DutyRows:
        """Post-mortems that are owed."""
        return DutyRows(self._statements)

    @cached_property
    def items(self) -> ItemRows:
        """Action items."""
        return ItemRows(self._statements)

    @cached_property
    def alert_groups(self) -> AlertGroupRows:
        """Alert groups."""
        return AlertGroupRows(self._statements)

    @cached_property
    def alerts(self) -> AlertRows:
        """The alerts of groups."""
        return AlertRows(self._statements)

    @cached_property
    def silences(self) -> SilenceRows:
        """What keeps groups quiet."""
        return SilenceRows(self._statements)

    @cached_property
    def told_alerts(self) -> ToldAlertRows:
        """What incidents were told of their alerts."""
        return ToldAlertRows(self._statements)

    @cached_property
    def heartbeats(self) -> HeartbeatRows:
        """Signs of life."""
        return HeartbeatRows(self._statements)

    @cached_property
    def alert_tally(self) -> AlertTallyRows:
        """Alerts to be counted."""
        return AlertTallyRows(self._statements)

    @cached_property
    def calls(self) -> CallRows:
        """Calls."""
        return CallRows(self._statements)

    @cached_property
    def runs(self) -> RunRows:
        """Runs of checklists."""
        return RunRows(self._statements)

    @cached_property
    def opened_runbooks(self) -> OpenedRunbookRows:
        """Runbooks that are worked through in incidents."""
        return OpenedRunbookRows(self._statements)

    @cached_property
    def homes(self) -> HomeRows:
        """Home tabs."""
        return HomeRows(self._statements)

    @cached_property
    def changes(self) -> ChangeRows:
        """Changes of production."""
        return ChangeRows(self._statements)

    @cached_property
    def spans(self) -> SpanRows:
        """The calendar of changes."""
        return SpanRows(self._statements)

    @cached_property
    def budgets(self) -> BudgetRows:
        """How error budgets were found last."""
        return BudgetRows(self._statements)
