"""Joins what is sent: who sends what is owed, by recipient."""

from __future__ import annotations

from collections.abc import Mapping

from bot.adapters.clock import RandomIds
from bot.adapters.meter import PrometheusMeter
from bot.adapters.slack.chat import SlackChat
from bot.adapters.slack.drafts import SlackDrafts
from bot.adapters.slack.pictures import SlackPictures
from bot.adapters.slack.rooms import SlackRooms
from bot.adapters.slack.runbooks import SlackRunbooks
from bot.adapters.slack.summaries import SlackSummaries
from bot.adapters.slack.talk import SlackTalk
from bot.app.homes import home_showing
from bot.app.inside import Inside
from bot.domain.delivery import Recipient
from bot.services.deliveries import Deliveries
from bot.services.evidence_reading import EvidenceReader
from bot.services.evidence_sending import EvidenceSender
from bot.services.evidence_work import ReadEvidence
from bot.services.health_looking import HealthLooker
from bot.services.health_work import LookAtHealth
from bot.services.home_work import ShowHome
from bot.services.hook_sending import HookSender
from bot.services.hook_work import AskHook
from bot.services.owner_sending import OwnerSender
from bot.services.owner_work import FindOwner
from bot.services.picture_sending import PictureSender
from bot.services.picture_work import DrawPicture
from bot.services.runbook_sending import RunbookSender
from bot.services.runbook_work import PostRunbook, ReadRunbook
from bot.services.sending import Send, Sender
from bot.services.work import Work
from scheduler.outbox import OutboxLoop

SLOTS = {
    Recipient.PAGER: 32,
    Recipient.PAGER_LOOKS: 4,
    Recipient.ON_CALL: 4,
    Recipient.CHAT: 8,
    Recipient.SILENCER: 4,
    Recipient.METRICS: 4,
    Recipient.HOMES: 4,
    Recipient.HOOKS: 4,
    Recipient.LIBRARY: 4,
}
"""Deliveries that are under way at once, by recipient."""


def wire_outbox(inside: Inside, meter: PrometheusMeter) -> dict[Recipient, OutboxLoop]:
    """The loops that send."""
    outside = inside.outside
    deliveries = Deliveries(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=inside.directory,
        sender=_sender(inside),
        probe=outside.probe,
        meter=meter,
    )
    return {
        recipient: OutboxLoop(deliveries=deliveries, recipient=recipient, slots=slots)
        for recipient, slots in SLOTS.items()
    }


def _sender(inside: Inside) -> Sender:
    outside = inside.outside
    slack, workspace, guide = outside.slack, outside.workspace, outside.guide
    channels, zone = guide.channels, guide.organization.zone
    return Sender(
        pager=outside.pager,
        chat=SlackChat(slack, workspace=workspace, channels=channels, zone=zone),
        rooms=SlackRooms(slack, bot_user=lambda: workspace.bot_user_id, members=outside.groups.members),
        talk=SlackTalk(slack, name_of=outside.people.name_of),
        silencer=outside.silencer,
        budgets=inside.slo,
        also=_also(inside),
        drafts=SlackDrafts(slack, workspace=workspace, channels=channels, zone=zone),
        summaries=SlackSummaries(slack, workspace=workspace, guide=guide),
    )


def _also(inside: Inside) -> Mapping[type[Work], Send]:
    """Who does what the sender does not do itself, by its type."""
    outside = inside.outside
    evidence = EvidenceReader(
        source=outside.metrics, promised=inside.slo, directory=inside.directory, store=outside.store
    )
    pictures = PictureSender(
        source=outside.metrics,
        charts=outside.charts,
        pictures=SlackPictures(outside.slack),
        workspace=outside.workspace,
        zone=outside.guide.organization.zone,
    )
    runbooks = RunbookSender(
        library=outside.library,
        messages=SlackRunbooks(
            outside.slack,
            workspace=outside.workspace,
            channels=outside.guide.channels,
            zone=outside.guide.organization.zone,
        ),
    )
    return {
        ReadEvidence: EvidenceSender(evidence).send,
        DrawPicture: pictures.send,
        FindOwner: OwnerSender(inside.on_call).send,
        ShowHome: home_showing(inside).show,
        ReadRunbook: runbooks.read,
        PostRunbook: runbooks.post,
        AskHook: HookSender(outside.hooks, outside.clock).send,
        LookAtHealth: HealthLooker(outside.metrics).send,
    }
