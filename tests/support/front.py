"""The bot's front over services that a test directs, and Slack before it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.requests import Request
from bot.views.declare import CALLBACK, SHORTCUT
from bot.views.mark_form import CALLBACK as ADDED_TO_TIMELINE
from bot.views.mark_form import SHORTCUT as ADD_TO_TIMELINE
from bot.views.update_form import CALLBACK as UPDATE_CALLBACK
from handlers.actions.incident import IncidentActions
from handlers.actions.merging import merging_buttons
from handlers.actions.prompts import PROMPT_ACTIONS, PromptActions
from handlers.after_ack import AfterAck
from handlers.bolt import CARD_ACTIONS, SlackDoor, SlackHandlers
from handlers.commands.afterwards import Afterwards
from handlers.commands.alert_deeds import AlertDeeds
from handlers.commands.alert_links import AlertLinkCommands
from handlers.commands.alerts import AlertCommand, AlertLooking
from handlers.commands.changes import ChangeCommand
from handlers.commands.charting import Charter
from handlers.commands.checklists import ChecklistCommand
from handlers.commands.counting import Counting
from handlers.commands.course import Course
from handlers.commands.declaring import Declaring
from handlers.commands.exporting import Exporting
from handlers.commands.incident import IncidentCommand
from handlers.commands.items import ItemCommands
from handlers.commands.looking import Looking
from handlers.commands.merging import merging_doers
from handlers.commands.slo import SloCommand
from handlers.commands.timeline import Timelines
from handlers.commands.updates import UpdateCommands
from handlers.events.direct import DirectMessages
from handlers.events.home import HOME_OPENED, HomeEvents
from handlers.events.marks import MarkEvents
from handlers.events.mention import Mentions
from handlers.failures import Failures
from handlers.modals.card import CardForms
from handlers.modals.declare import DeclareForm
from handlers.modals.marks import MarkForm
from handlers.modals.others import other_deeds
from handlers.modals.update import UpdateForm
from handlers.pictures import Pictures
from handlers.who import Who
from tests.support.fakes_services import (
    GUIDE,
    NOW,
    FakeAlertChanges,
    FakeAlertDeclaring,
    FakeAlerts,
    FakeCharting,
    FakeCharts,
    FakeExports,
    FakeFiles,
    FakeHealth,
    FakeHomes,
    FakeIncidents,
    FakeItems,
    FakeLinkedAlerts,
    FakeMarking,
    FakeMarks,
    FakeMerging,
    FakeNoise,
    FakePostmortems,
    FakeQuestions,
    FakeReader,
    FakeReplies,
    FakeSilences,
    FakeSloReader,
    FakeStatistics,
    FakeSync,
    FakeUpdates,
)
from tests.support.front_changes import change_command
from tests.support.front_checklists import FakeProblemDeclaring, checklist_command
from tests.support.front_people import people_commands
from tests.support.runbooks import FakeRunbooks, runbook_command
from tests.support.slack_requests import JSON, form, interaction, signed

PAGERDUTY_SECRET = "pagerduty-secret"


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Front:
    """Everything that handlers need, faked; and the front built over it."""

    incidents: FakeIncidents = field(default_factory=FakeIncidents)
    merging: FakeMerging = field(default_factory=FakeMerging)
    reader: FakeReader = field(default_factory=FakeReader)
    replies: FakeReplies = field(default_factory=FakeReplies)
    items: FakeItems = field(default_factory=FakeItems)
    postmortems: FakePostmortems = field(default_factory=FakePostmortems)
    statistics: FakeStatistics = field(default_factory=FakeStatistics)
    updates: FakeUpdates = field(default_factory=FakeUpdates)
    sync: FakeSync = field(default_factory=FakeSync)
    health: FakeHealth = field(default_factory=FakeHealth)
    after_ack: AfterAck = field(default_factory=AfterAck)

    who: Who = field(default_factory=lambda: Who(name_of={"U0LEE0001": "Lee Novak"}.get))

    def door(self) -> SlackDoor:
        replies, after_ack, who = self.replies, self.after_ack, self.who
        declare, command = self.form(), self.command()
        written = UpdateForm(
            updates=self.updates,
            incidents=self.incidents,
            reader=self.reader,
            replies=replies,
            after_ack=after_ack,
            who=who,
        )
        others = other_deeds(
            incidents=self.incidents,
            updates=self.updates,
            marks=FakeMarks(),
            merging=self.merging,
            runbooks=FakeRunbooks(),
        )
        cards = CardForms(
            incidents=self.incidents,
            others=others,
            update=written,
            reader=self.reader,
            replies=replies,
            who=who,
        )
        mentions = Mentions(
            incidents=command.carry_out,
            alerts=self.alert_command().carry_out,
            threads={},
            about=_nothing,
            others={"slo": self.slo_command().spoken},
            replies=replies,
            after_ack=after_ack,
            who=who,
        )
        direct = DirectMessages(
            incidents=command.carry_out,
            alerts=self.alert_command().carry_out,
            others={},
            replies=replies,
            after_ack=after_ack,
            who=who,
        )
        marking = FakeMarking()
        adding = MarkForm(marking=marking, replies=replies, after_ack=after_ack, who=who)
        hearing = MarkEvents(marking=marking, who=who, reaction="memo")
        return SlackDoor(
            client=AsyncWebClient(token="xoxb-test"),
            handlers=SlackHandlers(
                commands={
                    "/incident": command.carry_out,
                    "/alerts": self.alert_command().carry_out,
                    "/slo": self.slo_command().slash,
                    "/checklist": self.checklist_command().carry_out,
                    **people_commands(GUIDE, StoppedClock(), FakeQuestions(), replies, after_ack),
                    "/runbook": runbook_command(GUIDE, replies, after_ack).slash,
                    "/change": self.change_command().carry_out,
                },
                actions={
                    CARD_ACTIONS: IncidentActions(
                        incidents=self.incidents,
                        buttons=merging_buttons(self.merging),
                        forms=cards,
                        replies=replies,
                        after_ack=after_ack,
                        who=who,
                    ).press,
                    PROMPT_ACTIONS: PromptActions(
                        updates=self.updates, form=written, replies=replies, after_ack=after_ack, who=who
                    ).press,
                },
                shortcuts={SHORTCUT: declare.from_message, ADD_TO_TIMELINE: adding.from_message},
                forms={
                    CALLBACK: declare.submit,
                    ADDED_TO_TIMELINE: adding.submit,
                    UPDATE_CALLBACK: written.submit,
                    **cards.by_callback,
                },
                events={
                    "app_mention": mentions.hear,
                    "message.im": direct.hear,
                    HOME_OPENED: HomeEvents(homes=FakeHomes(), who=who).hear,
                    **hearing.by_subscription,
                },
                failures=Failures(guide=GUIDE, replies=replies, after_ack=after_ack),
                who=who,
            ),
        )

    def form(self) -> DeclareForm:
        return DeclareForm(
            incidents=self.incidents,
            alerts=FakeAlertDeclaring(),
            problems=FakeProblemDeclaring(),
            replies=self.replies,
            guide=GUIDE,
            who=self.who,
        )

    def checklist_command(self) -> ChecklistCommand:
        return checklist_command(GUIDE, StoppedClock(), Who(name_of=lambda _user: None), self.pictures())

    def change_command(self) -> ChangeCommand:
        return change_command(GUIDE, StoppedClock(), Who(name_of=lambda _user: None))

    def alert_command(self) -> AlertCommand:
        return AlertCommand(
            services=lambda: {one.key: one.title for one in GUIDE.services.values()},
            parts=(
                AlertLooking(reader=FakeAlerts(), noise=FakeNoise()).doers,
                AlertDeeds(
                    alerts=FakeAlertChanges(),
                    silences=FakeSilences(),
                    reader=FakeAlerts(),
                    declare=self.form(),
                ).doers,
            ),
        )

    def slo_command(self) -> SloCommand:
        return SloCommand(
            reader=FakeSloReader(),
            questions=FakeQuestions(),
            replies=self.replies,
            pictures=self.pictures(),
            after_ack=self.after_ack,
            zone=UTC,
        )

    def pictures(self) -> Pictures:
        return Pictures(charts=FakeCharts(), files=FakeFiles(), replies=self.replies)

    def command(self) -> IncidentCommand:
        return IncidentCommand(
            services=lambda: GUIDE.services,
            parts=(
                Declaring(incidents=self.incidents, form=self.form(), guide=GUIDE).doers,
                Course(incidents=self.incidents).doers,
                merging_doers(self.merging),
                AlertLinkCommands(linked=FakeLinkedAlerts(), reader=self.reader).doers,
                UpdateCommands(updates=self.updates).doers,
                Looking(reader=self.reader, clock=StoppedClock()).doers,
                Afterwards(postmortems=self.postmortems, clock=StoppedClock(), zone=UTC).doers,
                ItemCommands(items=self.items, clock=StoppedClock(), zone=UTC).doers,
                Counting(statistics=self.statistics, guide=GUIDE).doers,
                Charter(
                    charting=FakeCharting(),
                    pictures=self.pictures(),
                    after_ack=self.after_ack,
                    guide=GUIDE,
                ).doers,
                Exporting(
                    exports=FakeExports(),
                    files=FakeFiles(),
                    replies=self.replies,
                    after_ack=self.after_ack,
                    zone=GUIDE.organization.zone,
                ).doers,
                Timelines(reader=self.reader, marks=FakeMarks()).doers,
            ),
        )


@dataclass
class Slack:
    """Slack, as the bot sees it over HTTP."""

    http: TestClient[Any, Any]

    async def post(self, body: bytes, headers: dict[str, str]) -> ClientResponse:
        return await self.http.post("/slack/events", data=BytesIO(body), headers=headers)

    async def type(self, fields: dict[str, str]) -> dict[str, Any]:
        """Send a slash command; returns the reply that is shown."""
        body = form(fields)
        response = await self.post(body, signed(body, NOW))
        assert response.status == 200
        reply: dict[str, Any] = await response.json()
        assert reply["response_type"] == "ephemeral"
        return reply

    async def interact(self, payload: dict[str, Any]) -> ClientResponse:
        body = interaction(payload)
        return await self.post(body, signed(body, NOW))

    async def tell(self, event: dict[str, Any]) -> ClientResponse:
        body = json.dumps(event).encode()
        return await self.post(body, signed(body, NOW, content_type=JSON))


async def _nothing(_request: Request) -> None:
    """No thread is about anything."""
