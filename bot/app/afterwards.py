"""Joins what is there for the time after an incident: post-mortems, action items, figures."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.charting import Charting
from bot.services.items import Items
from bot.services.postmortems import Postmortems
from bot.services.statistics import StatisticsReader
from handlers.actions.items import item_buttons
from handlers.commands.afterwards import Afterwards
from handlers.commands.charting import Charter
from handlers.commands.counting import Counting
from handlers.commands.items import ItemCommands


def wire_after(inside: Inside) -> Part:
    """Join it."""
    outside, changes, reader = inside.outside, inside.incident_changes, inside.reader
    store, clock, guide = outside.store, outside.clock, outside.guide
    directory, rights, zone = inside.directory, inside.rights, guide.organization.zone
    items = Items(changes=changes, store=store, directory=directory, reader=reader, rights=rights)
    postmortems = Postmortems(changes=changes, store=store, directory=directory, reader=reader, rights=rights)
    statistics = StatisticsReader(store=store, clock=clock, directory=directory)
    return Part(
        doers=(
            Afterwards(postmortems=postmortems, clock=clock, zone=zone).doers,
            ItemCommands(items=items, clock=clock, zone=zone).doers,
            Counting(statistics=statistics, guide=guide).doers,
            _charter(inside, statistics).doers,
        ),
        buttons=item_buttons(items),
    )


def _charter(inside: Inside, statistics: StatisticsReader) -> Charter:
    outside = inside.outside
    return Charter(
        charting=Charting(
            store=outside.store,
            clock=outside.clock,
            directory=inside.directory,
            statistics=statistics,
            rights=inside.rights,
        ),
        pictures=inside.pictures,
        after_ack=inside.after_ack,
        guide=outside.guide,
    )
