"""What several parts of the bot stand on, made once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.clock import RandomIds
from bot.adapters.slack.exports import SlackExports
from bot.adapters.slack.replies import SlackReplies
from bot.app.outside import Outside
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.ports.workspace import is_home
from bot.services.alert_changes import AlertChanges
from bot.services.alert_declaring import AlertDeclaring
from bot.services.incident_changes import IncidentChanges
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.on_call import WhoIsOnCall
from bot.services.problem_declaring import ProblemDeclaring
from bot.services.silences import Silences
from bot.services.slo_reader import SloReader
from handlers.after_ack import AfterAck
from handlers.modals.declare import DeclareForm
from handlers.pictures import Pictures
from handlers.who import Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Who may do what, what reads and changes incidents, who asks, and how people are answered."""

    outside: Outside
    directory: Directory
    rights: Rights
    incident_changes: IncidentChanges
    alert_changes: AlertChanges
    silences: Silences
    slo: SloReader
    on_call: WhoIsOnCall
    incidents: Incidents
    reader: IncidentReader
    declare: DeclareForm
    replies: SlackReplies
    pictures: Pictures
    after_ack: AfterAck
    who: Who


def wire_inside(outside: Outside, directory: Directory) -> Inside:
    """Make it."""
    store, clock, workspace, rights = outside.store, outside.clock, outside.workspace, _rights(outside)
    incidents = Incidents(
        store=store,
        clock=clock,
        ids=RandomIds(),
        directory=directory,
        workspace=workspace,
        rights=rights,
    )
    alert_changes = AlertChanges(store=store, clock=clock, directory=directory, rights=rights)
    replies, who = SlackReplies(outside.slack), Who(name_of=outside.people.name_of)
    return Inside(
        outside=outside,
        directory=directory,
        rights=rights,
        incident_changes=IncidentChanges(store=store, clock=clock, directory=directory, rights=rights),
        incidents=incidents,
        alert_changes=alert_changes,
        silences=Silences(
            changes=alert_changes,
            ids=RandomIds(),
            directory=directory,
            is_there=outside.silencer.is_there,
        ),
        on_call=WhoIsOnCall(
            on_call=outside.on_call,
            colleagues=outside.people,
            directory=directory,
            name_of=outside.people.name_of,
            is_outsider=outside.people.is_outsider,
            members=outside.groups.members,
        ),
        slo=SloReader(source=outside.metrics, guide=outside.guide, clock=clock, store=store),
        reader=IncidentReader(store=store, directory=directory, workspace=workspace),
        declare=DeclareForm(
            incidents=incidents,
            alerts=AlertDeclaring(store=store, workspace=workspace),
            problems=ProblemDeclaring(store=store, workspace=workspace),
            replies=replies,
            guide=outside.guide,
            who=who,
        ),
        replies=replies,
        pictures=Pictures(charts=outside.charts, files=SlackExports(outside.slack), replies=replies),
        after_ack=outside.after_ack,
        who=who,
    )


def _rights(outside: Outside) -> Rights:
    workspace = outside.workspace
    return Rights(
        roles=outside.guide.roles,
        is_outsider=outside.people.is_outsider,
        members=outside.groups.members,
        is_home=lambda subject, channel: is_home(workspace, subject, channel),
    )
