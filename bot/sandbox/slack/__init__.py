"""A Slack for tests, benches and the sandbox. It knows only HTTP: nothing of the bot's."""

from __future__ import annotations

from bot.sandbox.faults import FaultKind
from bot.sandbox.slack.delivery import Delivery, Reply
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.manifest import App, Command, Shortcut
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.slack.web import Tokens

__all__ = [
    "App",
    "Command",
    "Delivery",
    "FaultKind",
    "Message",
    "Reply",
    "Shortcut",
    "SlackError",
    "SlackStandIn",
    "Tokens",
]
