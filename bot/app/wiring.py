"""Joins the parts. Every object of the bot is made here, or in the part that owns it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.adapters.clock import RandomIds, WallClock
from bot.adapters.holidays import PublicHolidays
from bot.adapters.meter import PrometheusMeter
from bot.adapters.slack.chat import SlackChat
from bot.adapters.slack.drafts import SlackDrafts
from bot.adapters.slack.exports import SlackExports
from bot.adapters.slack.replies import SlackReplies
from bot.adapters.slack.rooms import SlackRooms
from bot.adapters.slack.talk import SlackTalk
from bot.app.afterwards import wire_after
from bot.app.outside import Outside
from bot.domain.business_time import BusinessCalendar
from bot.domain.delivery import Recipient
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.ports.workspace import is_home
from bot.services.changes import Changes
from bot.services.cleaning import Cleaning
from bot.services.deliveries import Deliveries
from bot.services.exports import Exports
from bot.services.health import Health, Heart
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.marking import Marking
from bot.services.marks import Marks
from bot.services.merging import Merging
from bot.services.pager_sync import PagerSync
from bot.services.secrecy import Secrecy
from bot.services.sending import Sender
from bot.services.timers import Timers
from bot.services.updates import Updates
from bot.services.workspace import WorkspaceWatch
from bot.views.declare import CALLBACK, SHORTCUT
from bot.views.mark_form import CALLBACK as ADDED_TO_TIMELINE
from bot.views.mark_form import SHORTCUT as ADD_TO_TIMELINE
from bot.views.timeline import EARLIER
from bot.views.update_form import CALLBACK as UPDATE_CALLBACK
from handlers.actions.incident import IncidentActions
from handlers.actions.merging import merging_buttons
from handlers.actions.prompts import PROMPT_ACTIONS, PromptActions
from handlers.bolt import CARD_ACTIONS, SlackDoor, SlackHandlers
from handlers.commands.course import Course
from handlers.commands.declaring import Declaring
from handlers.commands.exporting import Exporting
from handlers.commands.incident import IncidentCommand
from handlers.commands.looking import Looking
from handlers.commands.merging import merging_doers
from handlers.commands.timeline import Timelines
from handlers.commands.updates import UpdateCommands
from handlers.events.direct import DirectMessages
from handlers.events.marks import MarkEvents
from handlers.events.mention import Mentions
from handlers.failures import Failures
from handlers.http import SlackEvents, web_app
from handlers.modals.card import CardForms
from handlers.modals.declare import DeclareForm
from handlers.modals.marks import MarkForm
from handlers.modals.others import other_deeds
from handlers.modals.update import UpdateForm
from handlers.probes import Probes
from handlers.signature import SigningSecrets
from handlers.socket import SocketMode
from handlers.webhooks.pagerduty import PagerDutyWebhook
from handlers.who import Who
from scheduler.outbox import OutboxLoop
from scheduler.timers import TimerLoop
from storage.open import OpenStore

SLOTS = {Recipient.PAGER: 32, Recipient.PAGER_LOOKS: 4, Recipient.CHAT: 8}
"""Deliveries that are under way at once, by recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opsbot:
    """Everything that is run, or ticked by hand in tests."""

    store: OpenStore
    directory: Directory
    watch: WorkspaceWatch
    sync: PagerSync
    cleaning: Cleaning
    heart: Heart
    timers: TimerLoop
    outbox: Mapping[Recipient, OutboxLoop]
    web: web.Application
    socket: SocketMode | None


def wire(outside: Outside) -> Opsbot:
    """Join everything; the store wakes the loops from now on."""
    store, clock = outside.store, outside.clock
    directory = _directory(outside)
    heart = Heart(monotonic=time.monotonic)
    secrecy = Secrecy(store=store, clock=clock, directory=directory, workspace=outside.workspace)
    learned = (outside.workspace, outside.people, outside.groups)
    watch = WorkspaceWatch(store=store, learned=learned, then=secrecy.follow)
    due = Timers(store=store, clock=clock, directory=directory)
    timers = TimerLoop(timers=due, clock=clock, heart=heart)
    sync = PagerSync(store=store, clock=clock, directory=directory, pager=outside.pager)
    meter = PrometheusMeter()
    outbox = _outbox(outside, directory, meter)
    _let_wake(store, timers, outbox)
    door = _door(outside, directory)
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
        web=_web(outside, door, health, sync),
        socket=_socket(outside, door),
    )


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
    )


def _rights(outside: Outside) -> Rights:
    workspace = outside.workspace
    return Rights(
        roles=outside.guide.roles,
        is_outsider=outside.people.is_outsider,
        members=outside.groups.members,
        is_home=lambda incident, channel: is_home(workspace, incident, channel),
    )


def _changes(outside: Outside, directory: Directory) -> Changes:
    return Changes(store=outside.store, clock=outside.clock, directory=directory, rights=_rights(outside))


def _outbox(outside: Outside, directory: Directory, meter: PrometheusMeter) -> dict[Recipient, OutboxLoop]:
    guide = outside.guide
    chat = SlackChat(
        outside.slack,
        workspace=outside.workspace,
        channels=guide.channels,
        zone=guide.organization.zone,
    )
    drafts = SlackDrafts(
        outside.slack,
        workspace=outside.workspace,
        channels=guide.channels,
        zone=guide.organization.zone,
    )
    deliveries = Deliveries(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=directory,
        sender=Sender(
            pager=outside.pager,
            chat=chat,
            rooms=_rooms(outside),
            talk=SlackTalk(outside.slack, name_of=outside.people.name_of),
            drafts=drafts,
        ),
        probe=outside.probe,
        meter=meter,
    )
    return {
        recipient: OutboxLoop(deliveries=deliveries, recipient=recipient, slots=slots)
        for recipient, slots in SLOTS.items()
    }


def _rooms(outside: Outside) -> SlackRooms:
    return SlackRooms(
        outside.slack,
        bot_user=lambda: outside.workspace.bot_user_id,
        members=outside.groups.members,
    )


def _let_wake(store: OpenStore, timers: TimerLoop, outbox: Mapping[Recipient, OutboxLoop]) -> None:
    wakes = {"timers": timers.wake, **{recipient.value: loop.wake for recipient, loop in outbox.items()}}

    def wake(touched: frozenset[str]) -> None:
        for name in touched:
            wakes[name].set()

    store.wake = wake


def _door(outside: Outside, directory: Directory) -> SlackDoor:
    incidents = Incidents(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=directory,
        workspace=outside.workspace,
        rights=_rights(outside),
    )
    merging = Merging(store=outside.store, clock=outside.clock, directory=directory, rights=_rights(outside))
    reader = IncidentReader(store=outside.store, directory=directory, workspace=outside.workspace)
    changes, rights = _changes(outside, directory), _rights(outside)
    after = wire_after(outside, directory, reader=reader, changes=changes, rights=rights)
    replies, after_ack = SlackReplies(outside.slack), outside.after_ack
    who = Who(name_of=outside.people.name_of)
    declare = DeclareForm(incidents=incidents, replies=replies, guide=outside.guide, who=who)
    updates = Updates(store=outside.store, clock=outside.clock, directory=directory, rights=_rights(outside))
    written = UpdateForm(
        updates=updates, incidents=incidents, reader=reader, replies=replies, after_ack=after_ack, who=who
    )
    marks = Marks(changes=changes, zone=outside.guide.organization.zone)
    others = other_deeds(incidents=incidents, updates=updates, marks=marks, merging=merging)
    cards = CardForms(
        incidents=incidents, others=others, update=written, reader=reader, replies=replies, who=who
    )
    timelines = Timelines(reader=reader, marks=marks)
    command = IncidentCommand(
        services=lambda: outside.guide.services,
        parts=(
            Declaring(incidents=incidents, form=declare, guide=outside.guide).doers,
            Course(incidents=incidents).doers,
            merging_doers(merging),
            UpdateCommands(updates=updates).doers,
            Looking(reader=reader, clock=outside.clock).doers,
            *after.doers,
            timelines.doers,
            Exporting(
                exports=Exports(
                    store=outside.store,
                    changes=_changes(outside, directory),
                    reader=reader,
                    directory=directory,
                ),
                files=SlackExports(outside.slack),
                replies=replies,
                after_ack=after_ack,
                zone=outside.guide.organization.zone,
            ).doers,
        ),
    )
    mentions = Mentions(command=command, replies=replies, after_ack=after_ack, who=who)
    direct = DirectMessages(command=command, replies=replies, after_ack=after_ack, who=who)
    marking = Marking(
        store=outside.store,
        clock=outside.clock,
        directory=directory,
        workspace=outside.workspace,
        rights=_rights(outside),
    )
    adding = MarkForm(marking=marking, replies=replies, after_ack=after_ack, who=who)
    hearing = MarkEvents(marking=marking, who=who, reaction=outside.guide.incidents.timeline_reaction)
    return SlackDoor(
        client=outside.slack.client,
        handlers=SlackHandlers(
            commands={"/incident": command.carry_out},
            actions={
                CARD_ACTIONS: IncidentActions(
                    incidents=incidents,
                    buttons={
                        **merging_buttons(merging),
                        **after.buttons,
                        EARLIER: timelines.earlier,
                    },
                    forms=cards,
                    replies=replies,
                    after_ack=after_ack,
                    who=who,
                ).press,
                PROMPT_ACTIONS: PromptActions(
                    updates=updates, form=written, replies=replies, after_ack=after_ack, who=who
                ).press,
            },
            shortcuts={SHORTCUT: declare.from_message, ADD_TO_TIMELINE: adding.from_message},
            forms={
                CALLBACK: declare.submit,
                ADDED_TO_TIMELINE: adding.submit,
                UPDATE_CALLBACK: written.submit,
                **cards.by_callback,
            },
            events={"app_mention": mentions.hear, "message.im": direct.hear, **hearing.by_subscription},
            failures=Failures(guide=outside.guide, replies=replies, after_ack=after_ack),
            who=who,
        ),
    )


def _web(outside: Outside, door: SlackDoor, health: Health, sync: PagerSync) -> web.Application:
    settings = outside.settings
    slack = None
    if not settings.socket_mode:
        signing = SigningSecrets.of(one.get_secret_value() for one in settings.slack_signing_secret)
        # Slack signs in real time, whatever time the bot is told that it is.
        slack = SlackEvents(door=door, secrets=signing, clock=WallClock())
    secrets = tuple(one.get_secret_value() for one in settings.pagerduty_webhook_secret)
    webhook = PagerDutyWebhook(sync=sync, secrets=secrets)
    return web_app(probes=Probes(health), slack=slack, pagerduty_webhook=webhook)


def _socket(outside: Outside, door: SlackDoor) -> SocketMode | None:
    token = outside.settings.slack_app_token
    if token is None:
        return None
    return SocketMode(
        door=door,
        client=outside.slack.client,
        session=outside.slack.session,
        app_token=token.get_secret_value(),
    )
