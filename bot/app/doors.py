"""Joins what people and vendors come in by: Slack's door, and the paths that are served."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.clock import WallClock
from bot.app.alert_commands import alert_command
from bot.app.change_commands import change_command
from bot.app.checklist_commands import checklist_command
from bot.app.inside import Inside
from bot.app.outside import Outside
from bot.app.part import Part
from bot.domain.call import Call
from bot.domain.changes.change import Change
from bot.domain.checklists.run import Run
from bot.services.health import Health
from bot.services.threads import Threads
from handlers.bolt import SlackDoor, SlackHandlers
from handlers.change_grammar import WORDS as CHANGE_WORDS
from handlers.checklist_grammar import WORDS as CHECKLIST_WORDS
from handlers.commands.incident import IncidentCommand
from handlers.events.direct import DirectMessages
from handlers.events.mention import InThreads, Mentions
from handlers.events.spoken import CALLS
from handlers.failures import Failures
from handlers.http import SlackEvents, web_app
from handlers.probes import Probes
from handlers.signature import SigningSecrets
from handlers.socket import SocketMode
from handlers.words.page import WORDS as CALL_WORDS


def wire_door(inside: Inside, parts: Part) -> SlackDoor:
    """What comes in from Slack, and who of all parts takes it."""
    guide, replies, after_ack, who = inside.outside.guide, inside.replies, inside.after_ack, inside.who
    command = IncidentCommand(services=lambda: guide.services, parts=parts.doers)
    alerts = alert_command(inside).carry_out
    mentions = Mentions(
        incidents=command.carry_out,
        alerts=alerts,
        threads={
            Call: InThreads(takes=parts.spoken[CALLS], words=CALL_WORDS),
            Run: InThreads(takes=checklist_command(inside).spoken, words=CHECKLIST_WORDS),
            Change: InThreads(takes=change_command(inside).spoken, words=CHANGE_WORDS),
        },
        about=Threads(inside.outside.store).about,
        others=parts.spoken,
        replies=replies,
        after_ack=after_ack,
        who=who,
    )
    direct = DirectMessages(
        incidents=command.carry_out,
        alerts=alerts,
        others=parts.spoken,
        replies=replies,
        after_ack=after_ack,
        who=who,
    )
    return SlackDoor(
        client=inside.outside.slack.client,
        handlers=SlackHandlers(
            commands={"/incident": command.carry_out, **parts.commands},
            actions=parts.actions,
            shortcuts=parts.shortcuts,
            forms=parts.forms,
            events={"app_mention": mentions.hear, "message.im": direct.hear, **parts.events},
            failures=Failures(guide=guide, replies=replies, after_ack=after_ack),
            who=who,
        ),
    )


def wire_web(outside: Outside, door: SlackDoor, health: Health, parts: Part) -> web.Application:
    """The paths."""
    settings = outside.settings
    slack = None
    if not settings.socket_mode:
        signing = SigningSecrets.of(one.get_secret_value() for one in settings.slack_signing_secret)
        # Slack signs in real time, whatever time the bot is told that it is.
        slack = SlackEvents(door=door, secrets=signing, clock=WallClock())
    return web_app(probes=Probes(health), slack=slack, posts=parts.posts, gets=parts.gets)


def wire_socket(outside: Outside, door: SlackDoor) -> SocketMode | None:
    """Slack's other way in."""
    token = outside.settings.slack_app_token
    if token is None:
        return None
    return SocketMode(
        door=door,
        client=outside.slack.client,
        session=outside.slack.session,
        app_token=token.get_secret_value(),
    )
