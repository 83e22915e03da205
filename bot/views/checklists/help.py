"""What can be asked about routine reviews, by example."""

from __future__ import annotations

from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.help import help_part
from bot.views.markup import Markup

COMMAND: Final = "/checklist"

CHECKLIST_HELP: Final = {
    "Doing a review": (
        ("done 2", "item 2 is done; `done 2 3`, `done 2-4`, `done all`"),
        ("na 2 no deploys this week", "it does not apply this time, and why"),
        ("problem 2 last backup is 40 h old", "something is wrong: it is followed until it is closed"),
        ("solved 2 backup runs again", "the problem of item 2 is closed, and how"),
        ("take 2", "see to item 2; `take` alone takes all that nobody has"),
        ("give 2 @ben", "somebody else sees to item 2; `give @ben` hands the whole run over"),
        ("note 2 db-2 is at 78 %", "write something down, of an item or of the run"),
        ("open 2", "it is to be done again"),
        ("refresh", "look again at the evidence"),
    ),
    "What there is": (
        ("", "what is open, what is due today, and what was done today"),
        ("weekly", "all that are run weekly, and when each is next; `daily`, `monthly`"),
        ("security-review", "one checklist: its open run, or when it is next; by key, title, or a beginning"),
        ("show C12", "one run with all its items"),
        ("problems", "what was found and is still open"),
        ("run dr-testing", "run one now, off schedule"),
    ),
    "Looking back": (
        ("history", "the newest runs and what became of them; `history health-check`: of one checklist"),
        ("report 30d", "done in time, late, missed, problems found, with a chart; up to a year: `12w`"),
        ("report health-check 30d", "the same of one checklist, by item"),
    ),
}
"""Every command of the grammar once, with what it is for."""

CHECKLIST_HELP_EXAMPLES: Final = tuple(example for part in CHECKLIST_HELP.values() for example in part)


def checklist_help() -> Message:
    """What can be asked, by example."""
    return message(
        Markup(f"{COMMAND}: what is open today. {COMMAND} done 2: item 2 is done."),
        [
            *(section(help_part(title, examples, COMMAND)) for title, examples in CHECKLIST_HELP.items()),
            context(
                Markup(
                    "Where several runs are open, say which: `done C12 2`. In a run's thread, and where only "
                    "one is open, leave it out. In threads: mention the bot instead of the command, or use "
                    "the card's buttons. Elsewhere, and alone with the bot, begin with `checklist`."
                )
            ),
        ],
    )
