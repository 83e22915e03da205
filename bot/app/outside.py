"""What the bot stands on, opened: everything that wiring joins together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.meter import PrometheusMeter
from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.people import SlackGroups, SlackPeople
from bot.adapters.slack.workspace import SlackWorkspace
from bot.domain.guide import Guide
from bot.ports.charts import Charts
from bot.ports.clock import Clock
from bot.ports.hooks import Hooks
from bot.ports.metrics import MetricSource
from bot.ports.on_call import OnCall
from bot.ports.pager import Pager
from bot.ports.probe import Probe
from bot.ports.runbooks import Library
from bot.ports.silencer import Silencer
from bot.settings import Settings
from handlers.after_ack import AfterAck
from storage.open import OpenStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Settings, guide, clock, and the open doors to the database and to all vendors, and who draws."""

    settings: Settings
    guide: Guide
    clock: Clock
    probe: Probe
    store: OpenStore
    slack: SlackConnection
    workspace: SlackWorkspace
    people: SlackPeople
    groups: SlackGroups
    pager: Pager
    on_call: OnCall
    silencer: Silencer
    hooks: Hooks
    metrics: MetricSource
    meter: PrometheusMeter
    charts: Charts
    library: Library
    after_ack: AfterAck
