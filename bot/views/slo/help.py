"""What can be asked about promises, by example; and what is said of a name that the guide does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.help import help_part
from bot.views.markup import Markup, inert, joined
from bot.views.slo.buttons import service_buttons

COMMAND: Final = "/slo"

SLO_HELP: Final = {
    "How it stands": (
        ("", "everything: the platform on top, then the services, the worst first"),
        ("payment", "one service, with a chart: its key, its title, or how either begins"),
        ("payment 7d", "over another window: `7d` or `30d`"),
        ("platform", "the platform as a whole"),
    ),
    "What follows": (
        ("gate payment", "may it be changed now? SHIP, CAUTION, HOLD, or UNKNOWN, which is no yes"),
        ("queries payment 7d", "what Prometheus is asked"),
    ),
}
"""Every command of the grammar once, with what it is for."""

SLO_HELP_EXAMPLES: Final = tuple(example for part in SLO_HELP.values() for example in part)

_KEYS = 2000
_MEANINGS = (
    "🟢 OK: at least 10 % of the error budget is left. 🟡 AT RISK: less, or it burns faster than it may. "
    "🔴 PAGING: so fast that somebody is woken. ⛔ SPENT: nothing is left. ⚪ UNKNOWN: nobody knows."
)


def slo_help(titles: Mapping[str, str]) -> Message:
    """What can be asked. `titles` are those of services by key."""
    keys = joined((Markup(f"`{inert(key)}` {inert(title)}") for key, title in titles.items()), ", ", _KEYS)
    return message(
        Markup(f"{COMMAND}: how all error budgets stand. {COMMAND} payment: one service."),
        [
            *(section(help_part(title, examples, COMMAND)) for title, examples in SLO_HELP.items()),
            section(Markup(f"{_MEANINGS}")),
            *([section(Markup(f"*Services*: {keys}"))] if keys else []),
            context(Markup("In threads mention the bot: `@opsbot slo payment`.")),
        ],
    )


def unknown_service(name: str, nearest: Mapping[str, str]) -> Message:
    """No service is named so; the nearest that there are (titles by key), each as a button."""
    told = f"There is no service “{name}” in the guide, and nothing was asked."
    if not nearest:
        text = inert(told, 300)
        return message(text, [section(text)])
    text = inert(f"{told} Did you mean one of these?", 300)
    return message(
        text,
        [
            section(text),
            service_buttons(dict(nearest)),
            context(Markup(f"`{COMMAND} help` shows all that can be asked.")),
        ],
    )
