"""Joins the parts. Every object of the bot is made here, or in the part that owns it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.adapters.clock import RandomIds
from bot.adapters.holidays import PublicHolidays
from bot.adapters.meter import PrometheusMeter
from bot.app.afterwards import wire_after
from bot.app.alert_commands import wire_alert_commands
from bot.app.alert_intake import wire_alert_intake
from bot.app.alert_links import wire_alert_links
from bot.app.alert_watch import wire_alert_watch
from bot.app.alerts import wire_alerts
from bot.app.calendar_feed import wire_calendar_feed
from bot.app.change_buttons import wire_change_buttons
from bot.app.change_calendar import wire_change_calendar
from bot.app.change_commands import wire_change_commands
from bot.app.change_watch import wire_change_watch
from bot.app.checklist_buttons import wire_checklist_buttons
from bot.app.checklist_commands import wire_checklist_commands
from bot.app.checklist_reports import wire_checklist_reports
from bot.app.checklists import wire_checklists
from bot.app.doors import wire_door, wire_socket, wire_web
from bot.app.gate import wire_gate
from bot.app.homes import wire_homes
from bot.app.incidents import wire_incidents
from bot.app.inside import Inside, wire_inside
from bot.app.outboxes import wire_outbox
from bot.app.outside import Outside
from bot.app.pagerduty import wire_pagerduty
from bot.app.part import Job, Part, together
from bot.app.people import wire_people
from bot.app.runbooks import wire_runbooks
from bot.app.silences import wire_alert_sync
from bot.app.slo import wire_slo
from bot.app.timeline import wire_timeline
from bot.domain.business_time import BusinessCalendar
from bot.domain.delivery import Recipient
from bot.domain.directory import Directory
from bot.services.cleaning import Cleaning
from bot.services.health import Health, Heart
from bot.services.pager_sync import PagerSync
from bot.services.secrecy import Secrecy
from bot.services.timers import Timers
from bot.services.workspace import WorkspaceWatch
from handlers.socket import SocketMode
from scheduler.outbox import OutboxLoop
from scheduler.timers import TimerLoop
from storage.open import OpenStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Opsbot:
    """Everything that is run, or ticked by hand in tests. `jobs` are the parts' own."""

    store: OpenStore
    directory: Directory
    watch: WorkspaceWatch
    sync: PagerSync
    cleaning: Cleaning
    heart: Heart
    timers: TimerLoop
    outbox: Mapping[Recipient, OutboxLoop]
    jobs: tuple[Job, ...]
    web: web.Application
    socket: SocketMode | None


def wire(outside: Outside) -> Opsbot:
    """Join everything; the store wakes the loops from now on."""
    store, clock = outside.store, outside.clock
    directory = _directory(outside)
    heart, meter = Heart(monotonic=time.monotonic), outside.meter
    watch = _watch(outside, directory)
    due = Timers(store=store, clock=clock, ids=RandomIds(), directory=directory)
    timers = TimerLoop(timers=due, clock=clock, heart=heart)
    sync = PagerSync(store=store, clock=clock, directory=directory, pager=outside.pager)
    inside = wire_inside(outside, directory)
    outbox = wire_outbox(inside, meter)
    _let_wake(store, timers, outbox)
    parts = _parts(inside, sync, meter)
    door = wire_door(inside, parts)
    health = Health(store=store, clock=clock, heart=heart, meter=meter, slack=watch)
    return Opsbot(
        store=store,
        directory=directory,
        watch=watch,
        sync=sync,
        cleaning=Cleaning(store=store, clock=clock),
        heart=heart,
        timers=timers,
        outbox=outbox,
        jobs=parts.jobs,
        web=wire_web(outside, door, health, parts),
        socket=wire_socket(outside, door),
    )


def _parts(inside: Inside, sync: PagerSync, meter: PrometheusMeter) -> Part:
    """All that is offered to those who come in. A new part is one line here."""
    parts = together(
        (
            wire_timeline(inside),
            wire_after(inside),
            wire_alert_links(inside),
            wire_pagerduty(inside.outside, sync),
            wire_alerts(inside),
            wire_alert_commands(inside),
            wire_alert_watch(inside),
            wire_checklist_reports(inside),
            wire_alert_intake(inside, meter),
            wire_alert_sync(inside),
            wire_slo(inside),
            wire_runbooks(inside),
            wire_gate(inside),
            wire_checklists(inside),
            wire_checklist_commands(inside),
            wire_homes(inside),
            wire_change_watch(inside),
            wire_checklist_buttons(inside),
            wire_change_calendar(inside),
            wire_calendar_feed(inside),
            wire_people(inside),
            wire_change_commands(inside),
            wire_change_buttons(inside),
        )
    )
    return together((wire_incidents(inside, parts.buttons), parts))


def _directory(outside: Outside) -> Directory:
    organization, settings = outside.guide.organization, outside.settings
    holidays = PublicHolidays(organization.country, organization.subdivision)
    return Directory(
        guide=outside.guide,
        business=BusinessCalendar(
            zone=organization.zone, hours=organization.business_hours, is_holiday=holidays.is_holiday
        ),
        has_key=outside.pager.reaches,
        can_look_up=outside.pager.can_look_up,
        confirmable=outside.pager.can_look_up or bool(settings.pagerduty_webhook_secret),
        measures=outside.metrics.is_there,
        has_hook=outside.hooks.reaches,
    )


def _watch(outside: Outside, directory: Directory) -> WorkspaceWatch:
    secrecy = Secrecy(
        store=outside.store, clock=outside.clock, directory=directory, workspace=outside.workspace
    )
    learned = (outside.workspace, outside.people, outside.groups)
    return WorkspaceWatch(store=outside.store, learned=learned, then=secrecy.follow)


def _let_wake(store: OpenStore, timers: TimerLoop, outbox: Mapping[Recipient, OutboxLoop]) -> None:
    wakes = {"timers": timers.wake, **{recipient.value: loop.wake for recipient, loop in outbox.items()}}

    def wake(touched: frozenset[str]) -> None:
        for name in touched:
            wakes[name].set()

    store.wake = wake
