"""Joins Home tabs: opened, kept up to date, shown, and their buttons."""

from __future__ import annotations

from bot.adapters.slack.homes import SlackHomes
from bot.app.checklist_commands import run_reader, runs_of
from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.alert_reader import AlertReader
from bot.services.home_reading import HomeReading
from bot.services.homes import HomeKeeper, Homes, HomeShowing
from bot.services.items import Items
from bot.services.requests import Request
from bot.services.slo_glance import SloGlance
from bot.views.alert_list import alert_list
from bot.views.blocks import Message
from bot.views.checklists.board import today_message
from bot.views.home import buttons as view
from bot.views.slo.overview import overview_message
from handlers.actions.home import (
    HOME_ACTIONS,
    HomeActions,
    Open,
    home_deeds,
    open_declare,
    open_list,
    open_measured,
)
from handlers.events.home import HOME_OPENED, HomeEvents

REFRESH_SECONDS = 10.0
REFRESH = "refresh Home tabs"


def wire_homes(inside: Inside) -> Part:
    """Join it."""
    outside = inside.outside
    homes = Homes(store=outside.store, clock=outside.clock)
    keeper = HomeKeeper(store=outside.store, clock=outside.clock)
    actions = HomeActions(
        deeds=home_deeds(inside.incidents, runs_of(inside), _items(inside)),
        opens=_opens(inside),
        homes=homes,
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(
        actions={HOME_ACTIONS: actions.press},
        events={HOME_OPENED: HomeEvents(homes=homes, who=inside.who).hear},
        jobs=(Job(every=REFRESH_SECONDS, name=REFRESH, do=keeper.look),),
    )


def home_showing(inside: Inside) -> HomeShowing:
    """What shows Home tabs that are owed."""
    outside = inside.outside
    return HomeShowing(
        store=outside.store,
        clock=outside.clock,
        reading=HomeReading(directory=inside.directory, workspace=outside.workspace, rights=inside.rights),
        slos=SloGlance(reader=inside.slo, clock=outside.clock),
        tabs=SlackHomes(outside.slack, zone=outside.guide.organization.zone),
    )


def _opens(inside: Inside) -> dict[str, Open]:
    replies, after_ack, zone = inside.replies, inside.after_ack, inside.outside.guide.organization.zone
    outside, flapping = inside.outside, inside.outside.guide.alerting.flapping.times
    alerts = AlertReader(
        store=outside.store, clock=outside.clock, directory=inside.directory, workspace=outside.workspace
    )

    async def firing(request: Request) -> Message:
        return alert_list(await alerts.firing(request), zone=zone, flapping=flapping)

    runs = run_reader(inside)

    async def reviews(request: Request) -> Message:
        return today_message(await runs.today(request), zone=zone)

    async def measured() -> Message:
        return overview_message(await inside.slo.overview(), zone=zone)

    return {
        view.DECLARE: open_declare(inside.declare),
        view.CHECKLISTS: open_list("Reviews", reviews, replies, after_ack),
        view.ALERTS: open_list("Alerts", firing, replies, after_ack),
        view.SLOS: open_measured("SLOs", measured, replies, after_ack),
    }


def _items(inside: Inside) -> Items:
    return Items(
        changes=inside.incident_changes,
        store=inside.outside.store,
        directory=inside.directory,
        reader=inside.reader,
        rights=inside.rights,
    )
