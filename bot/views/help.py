"""What can be asked, by example: what is needed at night first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.views.blocks import Message, context, message, section
from bot.views.markup import Markup, bold, inert, joined

HELP: Final = {
    "When it happens": (
        ("p0 checkout is down", "declare; P0 pages at once, P3 waits for working time"),
        ("p1 service:payment cards are refused", "declare, and say what is broken"),
        ("p0 security: token leaked", "declare without showing it to outsiders"),
        ("ack 42", "take it: paging stops"),
        ("escalate 42", "page the next tier now"),
        ("sev 42 p1", "raise or lower its severity"),
        ("list", "what is open"),
        ("show 42", "one incident with its newest history"),
        ("severities", "what each severity means, how soon somebody answers, and whom it reaches when"),
    ),
    "While it is worked on": (
        ("role 42 commander", "take a role; `role 42 scribe @lee` gives one"),
        ("update 42 rolled back, error rate falling", "say how things stand"),
        ("impact 42 customers cannot pay", "say who is hurt, for those who do not run it"),
        ("updates 42 30m", "be asked for an update so often; `updates 42 off`: never"),
        ("still 42", "somebody is still on it"),
        ("note 42 traffic moved", "write down what happened"),
        ("merge 42 into 41", "they are the same: 41 goes on"),
        ("alerts 42", "which alerts belong to it; `link 42 A12` adds one, `unlink A12` takes it away"),
        ("mitigate 42 traffic moved", "users are no longer hurt"),
    ),
    "When it is over": (
        ("resolve 42 cause fixed", "it is over"),
        ("cancel 42 test alert", "it was a false alarm"),
        ("reopen 42", "it was not over"),
        ("postmortem 42", "a fresh draft; `postmortem 42 done https://…` once it is written"),
        ("postmortems", "what is still to be written"),
        ("item 42 add rotate the keys @lee by friday", "something to do after it; `item 3 done`"),
        ("items 42", "what is to be done; `items` for all incidents"),
        ("stats 30d service:payment", "how incidents went; `stats chart` posts a chart of it"),
    ),
    "Its history": (
        ("timeline 42", "all of it, entry by entry"),
        ("correct 42 7 it was 14:05", "mend entry 7; what it said is kept"),
        ("strike 42 7 wrong incident", "entry 7 is wrong"),
        ("times 42 started 14:05", "when it started, was detected, acknowledged, mitigated or resolved"),
        ("export 42 json", "its timeline as a file in its thread; `md` for people"),
    ),
    "To practise": (("drill p0 checkout is down", "everything happens, marked TEST"),),
}
"""Every command of the grammar once, by when it is needed, with what it is for."""

HELP_EXAMPLES: Final = tuple(example for part in HELP.values() for example in part)

_KEYS = 2900


def help_message(services: Mapping[str, str], *, command: str = "/incident") -> Message:
    """What can be asked, by example. `services` are titles by key; `command` is what is typed first."""
    keys = joined((Markup(f"`{inert(key)}` {inert(title)}") for key, title in services.items()), ", ", _KEYS)
    return message(
        Markup(f"{command} p0 what is wrong: declares an incident. {command} list: what is open."),
        [
            *(section(help_part(title, examples, command)) for title, examples in HELP.items()),
            *([section(Markup(f"{bold(Markup('Services'))}: {keys}"))] if keys else []),
            context(
                Markup(
                    "Leave out the number in an incident's thread or channel, or where only one is open. "
                    "In threads: mention the bot instead of the command, or use the card's buttons."
                )
            ),
        ],
    )


def help_part(title: str, examples: tuple[tuple[str, str], ...], command: str) -> Markup:
    """Examples of one kind under their title, each with what it is for."""
    lines = (f"`{f'{command} {example}'.rstrip()}`  {meaning}" for example, meaning in examples)
    return Markup("\n".join([bold(Markup(title)), *lines]))
