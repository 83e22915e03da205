"""What can be asked about people, by example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.help import help_part
from bot.views.markup import Markup, inert, joined

ON_CALL: Final = "/oncall"
CONTACTS: Final = "/contacts"
PAGE: Final = "/page"

ON_CALL_HELP: Final = (
    ("", "who is on call now, and who is next, for every tier"),
    ("team-lead", "one tier: its key, its title, or how either begins"),
    ("payment", "the same for a service: whose it is, and whom an incident of it reaches when"),
)
CONTACTS_HELP: Final = (
    ("", "whom to reach: emergency contacts, teams, vendors and how to open a case"),
    ("security", "those whose name has a word that begins so"),
    ("vendors", "one kind: `emergency`, `teams` or `vendors`"),
)

PAGE_HELP: Final = (
    ("team-lead the payment provider is on the phone", "page a tier, and say why; you are asked first"),
    ("", "the same in a form"),
    ("ack PG3", "you have it: nobody is paged any more"),
    ("cancel PG3", "call it off"),
    ("list", "what waits for an answer, and what was paged lately"),
)

_KEYS = 2000


def on_call_help(tiers: Mapping[str, str]) -> Message:
    """What can be asked. `tiers` are titles by key."""
    keys = joined((Markup(f"`{inert(key)}` {inert(title)}") for key, title in tiers.items()), ", ", _KEYS)
    return message(
        Markup(f"{ON_CALL}: who is on call. {ON_CALL} payment: for a service."),
        [
            section(help_part("Who is on call", ON_CALL_HELP, ON_CALL)),
            section(Markup(f"*Tiers*: {keys}")),
            context(Markup("In threads mention the bot: `@opsbot oncall payment`.")),
        ],
    )


def page_help(tiers: Mapping[str, str]) -> Message:
    """What can be asked. `tiers` are titles by key."""
    keys = joined((Markup(f"`{inert(key)}` {inert(title)}") for key, title in tiers.items()), ", ", _KEYS)
    return message(
        Markup(f"{PAGE} team-lead why: pages a tier."),
        [
            section(help_part("Page somebody", PAGE_HELP, PAGE)),
            section(Markup(f"*Tiers*: {keys}")),
            context(
                Markup(
                    "It rings as a P1 does, is no incident, and counts nowhere as one: for something that is "
                    "broken `/incident p0 what is wrong` pages by the guide's path. "
                    "In threads: `@opsbot page team-lead why`; in a page's own thread `@opsbot ack`."
                )
            ),
        ],
    )


def contacts_help() -> Message:
    """What can be asked."""
    return message(
        Markup(f"{CONTACTS}: whom to reach. {CONTACTS} aws: one of them."),
        [
            section(help_part("Whom to reach", CONTACTS_HELP, CONTACTS)),
            context(Markup("In threads mention the bot: `@opsbot contacts aws`.")),
        ],
    )
