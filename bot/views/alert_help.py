"""What can be asked about alerts, by example."""

from __future__ import annotations

from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.help import help_part
from bot.views.markup import Markup

COMMAND: Final = "/alerts"

ALERT_HELP: Final = {
    "When it fires": (
        ("ack A12", "take it: paging stops; `ack A12 A13` takes several, `ack A40` a storm with all of it"),
        ("unack A12", "give it back: paging begins anew"),
        ("silence A12 4h deploy goes on", "keep it quiet in Alertmanager: `30m`, `4h`, `2d`, or `workday`"),
        ("unsilence A12", "let it be heard again"),
        ("escalate A12", "page the next tier now"),
        ("declare A12", "make it an incident: a form that is filled in"),
    ),
    "What is going on": (
        ("", "what is firing, by severity, service and age; what is acknowledged or silenced apart"),
        ("api-gateway", "of one service: its key, its title, or how either begins"),
        ("p1", "of one severity"),
        ("show A12", "one alert with all its labels"),
        ("storm", "what a storm stands for; `storm A12` where several go on"),
        ("silences", "what is silenced, by whom and until when"),
        ("noisy 7d", "what fired most, with its pages, and what nobody acknowledged"),
    ),
}
"""Every command of the grammar once, with what it is for."""

ALERT_HELP_EXAMPLES: Final = tuple(example for part in ALERT_HELP.values() for example in part)


def alert_help() -> Message:
    """What can be asked, by example."""
    return message(
        Markup(f"{COMMAND}: what is firing. {COMMAND} show A12: one alert."),
        [
            *(section(help_part(title, examples, COMMAND)) for title, examples in ALERT_HELP.items()),
            context(
                Markup(
                    "Leave out the number in an alert's thread, or where only one is firing. "
                    "`12`, `a12` and `A12` are the same. In threads: mention the bot instead of the command, "
                    "or use the card's buttons. Elsewhere, and alone with the bot, begin with `alerts`."
                )
            ),
        ],
    )
