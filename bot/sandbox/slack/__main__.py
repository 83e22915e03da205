"""Slack as a process of its own, for a bot that runs beside it: a workspace with the bot's app installed.

Without --manifest, the app has every scope, takes every command and shortcut, and hears of every event.

The workspace is at GET /control/state, its changes at GET /control/feed, the bot's calls at
GET /control/calls. What people do is posted as JSON, users and channels by name or id:
  curl $URL/control/command --json '{"user": "ana", "channel": "general", "command": "/incident"}'
  command, mention, say {user, channel, text}; click {user, channel, ts, action_id, value};
  shortcut {user, callback_id, channel, ts}; act, submit, close {user, ...} in a modal; home {user};
  edit, delete, react {name}, pin {user, channel, ts}; join, leave {user, channel}
What goes wrong, too: faults {add: [{kind, method, count}]}, disconnect, redeliver, event, channel, reset.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.sandbox import served
from bot.sandbox.slack import manifest
from bot.sandbox.slack.standin import SlackStandIn
from bot.sandbox.slack.web import Tokens

SIGNING_SECRET = "signing-secret-of-the-stand-in"  # noqa: S105 - known to all: it protects nothing
BOT_URL = "http://127.0.0.1:3000"


def _arguments() -> argparse.Namespace:
    tokens = Tokens()
    parser = served.options("slack", __doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--manifest", type=Path, help="the app's manifest, as JSON: what it may and hears of")
    parser.add_argument(
        "--bot-url",
        default=BOT_URL,
        help=f"where the bot takes /slack/events, by default {BOT_URL}; a bot in Socket Mode needs none",
    )
    parser.add_argument(
        "--signing-secret", default=SIGNING_SECRET, help="signs what is sent to the bot; default: %(default)s"
    )
    parser.add_argument("--bot-token", default=tokens.bot, help="the bot's token; default: %(default)s")
    parser.add_argument(
        "--app-token", default=tokens.app, help="the app's token for Socket Mode; default: %(default)s"
    )
    parser.add_argument("--rates", action="store_true", help="enforce Slack's rates")
    return parser.parse_args()


def _needs(arguments: argparse.Namespace, url: str) -> Iterator[str]:
    """What a bot must be told. Secrets that were given are not repeated: this may end up in a log."""
    tokens = Tokens()
    given = "(as given)"
    yield f"Slack stand-in: {url}"
    yield "A bot needs:"
    yield f"  SLACK_API_URL={url}/api/"
    yield f"  SLACK_BOT_TOKEN={tokens.bot if arguments.bot_token == tokens.bot else given}"
    secret = arguments.signing_secret
    yield f"  SLACK_SIGNING_SECRET={secret if secret == SIGNING_SECRET else given}"
    yield f"and listens at {arguments.bot_url}/slack/events; or, in Socket Mode, instead of listening:"
    yield f"  SLACK_APP_TOKEN={tokens.app if arguments.app_token == tokens.app else given}"
    yield f"The workspace as JSON: {url}/control/state"


def main() -> None:
    """Run the stand-in."""
    arguments = _arguments()
    try:
        app = manifest.read(arguments.manifest) if arguments.manifest else manifest.App()
    except ValueError as wrong:
        sys.exit(str(wrong))
    slack = SlackStandIn(
        clock=served.clock_of(arguments),
        app=app,
        tokens=Tokens(bot=arguments.bot_token, app=arguments.app_token),
        rates=arguments.rates,
    )
    slack.connect(arguments.bot_url, arguments.signing_secret)

    def ready(url: str) -> Iterator[str]:
        slack.served_at(url)
        return _needs(arguments, url)

    served.run(slack, arguments, ready)


if __name__ == "__main__":
    main()
