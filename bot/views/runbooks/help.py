"""What can be asked of runbooks, by example."""

from __future__ import annotations

from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.help import help_part
from bot.views.markup import Markup

COMMAND: Final = "/runbook"

RUNBOOK_HELP: Final = {
    "What to do": (
        ("", "all runbooks, by section; inside an incident: its own, to be worked through"),
        ("payment", "the best that fits: by name, service, tag, or words in the text"),
        ("show incident-response", "exactly this one, for you alone"),
        ("search failover replica", "every one that holds these words"),
        ("list", "all runbooks, wherever you are"),
    ),
}
"""Every command of the grammar once, with what it is for."""

RUNBOOK_HELP_EXAMPLES: Final = tuple(example for part in RUNBOOK_HELP.values() for example in part)

_INSIDE = (
    "In an incident's channel or thread a runbook is opened for everybody: its steps are checked off there, "
    "and the timeline shows who did what. In threads mention the bot: `@opsbot runbook payment`; or use the "
    "card's menu, More…"
)


def runbook_help() -> Message:
    """What can be asked."""
    return message(
        Markup(f"{COMMAND} payment: what to do when payments fail. {COMMAND}: all runbooks."),
        [
            *(section(help_part(title, examples, COMMAND)) for title, examples in RUNBOOK_HELP.items()),
            context(Markup(_INSIDE)),
        ],
    )
