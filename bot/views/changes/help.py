"""What can be asked about changes, by example, and what the guide says of them."""

from __future__ import annotations

from typing import Final

from bot.domain.guide import Guide
from bot.views.blocks import Message, context, message, section
from bot.views.changes.types import type_words
from bot.views.help import help_part
from bot.views.markup import Markup, bold, inert, joined

COMMAND: Final = "/change"

CHANGE_HELP: Final = {
    "Asking for one": (
        ("", "the form: type, service, plan, validation, rollback plan, start, length, risk"),
        ("request standard payment: New checkout", "the same, with that filled in"),
        ("edit CH12", "another plan, in the same form; it is to be approved anew"),
        ("cancel CH12 the supplier moved", "call it off before it is started"),
    ),
    "Approving": (
        ("approve CH12 watch the queue", "you are for it; once each, and never your own"),
        ("reject CH12 the rollback plan misses the queue", "it is not to be done, and why"),
    ),
    "Carrying it out": (
        (
            "next CH12",
            "on to the next phase: testing begins (`test`), or it is deployed and validation begins",
        ),
        ("start CH12", "production is changed from now on: the gate is asked first"),
        (
            "start CH12 override: we lose orders",
            "although the gate is against it, by a lead; asked once more (`override CH12 why`, too)",
        ),
        ("note CH12 node 3 of 8 is through", "write something down"),
        ("done CH12 p95 is at 80 ms", "all is well; in a rollback: it is rolled back"),
        ("rollback CH12 errors at 5 %", "roll it back, also shortly after it was done"),
    ),
    "What there is": (
        ("list", "what is open; `list mine`, `list payment`, `list all` with what is over"),
        ("show CH12", "one change with its plan; `CH12` alone does, too"),
        (
            "gate payment",
            "may it be changed now? Every reason, and when it opens; `gate payment major`, `gate CH12`",
        ),
    ),
    "The calendar": (
        (
            "calendar",
            "windows, freezes, holidays and changes of the days ahead; `calendar payment`, `2026-12`",
        ),
        (
            "calendar add major 2026-12-05 22:00 for 4h Database upgrade",
            "a maintenance window, by a lead; `calendar remove W3`",
        ),
        ("freeze payment until fri 18:00 Black Friday", "nothing is changed until then, by a lead"),
        ("unfreeze F4", "a freeze is lifted"),
    ),
}
"""Every command of the grammar once, with what it is for."""

CHANGE_HELP_EXAMPLES: Final = tuple(example for part in CHANGE_HELP.values() for example in part)

_TYPES = 2000
_PHASES = 1500


def who_may(guide: Guide) -> Markup:
    """Who lets changes through, where the guide leaves that to everybody."""
    open_to_all = [
        what
        for what, role in (
            ("approves (never their own)", guide.roles.approvers),
            ("does what a lead does here", guide.roles.leads),
        )
        if not role
    ]
    if not open_to_all:
        return Markup("")
    return Markup(f" By this guide everybody who is no guest {' and '.join(open_to_all)}.")


def change_help(guide: Guide) -> Message:
    """What can be asked, and the guide's types and phases."""
    types = [
        Markup(f"• {bold(inert(kind.title))} `{inert(kind.key)}`: {inert(type_words(kind))}")
        for kind in guide.changes.types.values()
    ]
    phases = [
        Markup(f"• {bold(inert(phase.title))}: {inert(phase.description)}") for phase in guide.changes.phases
    ]
    return message(
        Markup(f"{COMMAND}: ask for a change. {COMMAND} gate payment: may it be changed now?"),
        [
            *(section(help_part(title, examples, COMMAND)) for title, examples in CHANGE_HELP.items()),
            section(joined([Markup("*Types*, and when they may start"), *types], "\n", _TYPES)),
            section(joined([Markup("*Phases*"), *phases], "\n", _PHASES)),
            context(
                Markup(
                    "In a change's thread, and where only one is open, `CH12` may be left out. In threads "
                    "mention the bot instead of the command, or use the card's buttons. Elsewhere, and "
                    "alone with the bot, begin with `change`. Times are those of "
                    f"{inert(str(guide.organization.zone))}.{who_may(guide)}"
                )
            ),
        ],
    )
