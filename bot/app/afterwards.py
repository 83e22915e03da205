"""Joins what is there for the time after an incident: post-mortems, action items, figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.adapters.charts.child import ChildCharts
from bot.adapters.slack.exports import SlackExports
from bot.adapters.slack.replies import SlackReplies
from bot.app.outside import Outside
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.services.changes import Changes
from bot.services.charting import Charting
from bot.services.incident_reader import IncidentReader
from bot.services.items import Items
from bot.services.postmortems import Postmortems
from bot.services.statistics import StatisticsReader
from handlers.actions.incident import Press
from handlers.actions.items import item_buttons
from handlers.commands.afterwards import Afterwards
from handlers.commands.charting import Charter
from handlers.commands.counting import Counting
from handlers.commands.doers import Doers
from handlers.commands.items import ItemCommands


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The commands and the buttons for it."""

    postmortems: Postmortems
    items: Items
    statistics: StatisticsReader
    charting: Charting
    outside: Outside

    @property
    def doers(self) -> Iterator[Doers]:
        """Who does what is asked."""
        clock, guide = self.outside.clock, self.outside.guide
        zone = guide.organization.zone
        yield Afterwards(postmortems=self.postmortems, clock=clock, zone=zone).doers
        yield ItemCommands(items=self.items, clock=clock, zone=zone).doers
        yield Counting(statistics=self.statistics, guide=guide).doers
        yield Charter(
            charting=self.charting,
            charts=ChildCharts(),
            files=SlackExports(self.outside.slack),
            replies=SlackReplies(self.outside.slack),
            after_ack=self.outside.after_ack,
            guide=guide,
        ).doers

    @property
    def buttons(self) -> Mapping[str, Press]:
        """Who does what a button asks."""
        return item_buttons(self.items)


def wire_after(
    outside: Outside, directory: Directory, *, reader: IncidentReader, changes: Changes, rights: Rights
) -> After:
    """Join it."""
    store, clock = outside.store, outside.clock
    statistics = StatisticsReader(store=store, clock=clock, directory=directory)
    return After(
        postmortems=Postmortems(
            changes=changes, store=store, directory=directory, reader=reader, rights=rights
        ),
        items=Items(changes=changes, store=store, directory=directory, reader=reader, rights=rights),
        statistics=statistics,
        charting=Charting(
            store=store, clock=clock, directory=directory, statistics=statistics, rights=rights
        ),
        outside=outside,
    )
